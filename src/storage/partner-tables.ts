import type { Generated } from 'kysely';

/** See `src/partners/`. */
export interface PartnerTables {
  partner: PartnerTable;
  partner_address: PartnerAddressTable;
  partner_authenticator: PartnerAuthenticatorTable;
  partner_recovery_code: PartnerRecoveryCodeTable;
  partner_lost_factors: PartnerLostFactorsTable;
}

/** Somebody without an identity provider. */
export interface PartnerTable {
  id: string;
  given_name: string;
  usual_name: string;
  created_at: Date;
}

export interface PartnerAddressTable {
  id: string;
  partner_id: string;
  address: string;
  /** In lower case. */
  spelling: string;
  /** In lower case; at some mail services, without what is known to name one mailbox twice. */
  comparable: string;
  proven_at: Date;
  is_primary: Generated<boolean>;
}

export interface PartnerAuthenticatorTable {
  id: string;
  partner_id: string;
  kind: 'passkey' | 'totp';
  name: string;
  created_at: Date;
  last_used_at: Date | null;
  credential_id: string | null;
  public_key: string | null;
  /** `bigint`: read it as `::float8`. */
  sign_count: number | null;
  device_type: 'singleDevice' | 'multiDevice' | null;
  backed_up: boolean | null;
  user_verification: boolean | null;
  aaguid: string | null;
  /** JSON text. */
  transports: string | null;
  suspect_at: Date | null;
  /** Sealed. */
  secret: string | null;
  /** `bigint`: steps of 30 s since the epoch. */
  last_step: number | null;
}

export interface PartnerRecoveryCodeTable {
  partner_id: string;
  hash: string;
  salt: string;
  made_at: Date;
  used_at: Date | null;
}

export interface PartnerLostFactorsTable {
  partner_id: string;
  asked_at: Date;
  ready_at: Date;
}
