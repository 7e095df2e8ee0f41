import type { Generated } from 'kysely';

/** See `src/joining/`. */
export interface JoiningTables {
  joined_membership: JoinedMembershipTable;
  joining_event: JoiningEventTable;
  joining_invitation: JoiningInvitationTable;
  joining_domain_refusal: JoiningDomainRefusalTable;
  joining_refusal: JoiningRefusalTable;
  joining_mandate: JoiningMandateTable;
}

/** A person and a legal unit for which they asked to act; one that has not ended at a time. */
export interface JoinedMembershipTable {
  id: string;
  account_id: string;
  siren: string;
  siret: string;
  state: 'requested' | 'awaiting_code' | 'awaiting_representative' | 'awaiting_operator' | 'active' | 'ended';
  ended: 'revoked' | 'expired' | 'left' | 'refused' | 'withdrawn' | null;
  level: 'declared' | 'email_domain' | 'moderated' | 'official_source' | null;
  method: string | null;
  since: Date | null;
  verified_at: Date | null;
  /** Last day, inclusive, Europe/Paris. */
  until: string | null;
  is_external: boolean;
  sponsor_account_id: string | null;
  file: string | null;
  rule: string;
  /** As of the asking; null once forgotten. */
  given_name: string | null;
  usual_name: string | null;
  address: string | null;
  contact: string | null;
  message: string | null;
  answer: string | null;
  asked_at: Date;
  changed_at: Date;
  /** The last day of which the person was reminded. */
  reminded_for: Generated<string | null>;
  version: Generated<number>;
}

/** Evidence, only ever added. */
export interface JoiningEventTable {
  membership_id: string;
  seq: number;
  at: Date;
  act: string;
  /** Without a name: `account:…`, `operator:anne`, `broker`. */
  actor: string;
  method: string | null;
  rule: string | null;
  /** JSON text. */
  detail: string;
  /** Whoever invited, without a name. */
  vouched_by: Generated<string | null>;
}

export interface JoiningInvitationTable {
  id: string;
  siren: string;
  siret: string;
  /** Canonical. */
  address: string;
  /** SHA-256, base64url. */
  token_sha256: string;
  sponsor_account_id: string;
  is_external: boolean;
  until: string | null;
  created_at: Date;
  expires_at: Date;
  ended_at: Generated<Date | null>;
  ended: Generated<'accepted' | 'withdrawn' | 'replaced' | null>;
  accepted_by: Generated<string | null>;
}

export interface JoiningDomainRefusalTable {
  siren: string;
  domain: string;
  /** Without a name: `operator:anne`. */
  refused_by: string;
  at: Date;
}

/** Of somebody who was refused and is erased: nobody's name, until a day. */
export interface JoiningRefusalTable {
  /** Keyed hash of an identity or a mailbox. */
  fingerprint: string;
  siren: string;
  until: Date;
}

/** For which state of files and accounts mandates were followed. */
export interface JoiningMandateTable {
  siren: string;
  /** Hash. */
  state: string;
  looked_at: Date;
}
