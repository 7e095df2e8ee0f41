import type { Generated } from 'kysely';
import type {
  CorrectionProposalTable,
  OperatorProposalTable,
  OperatorRemovalTable,
} from './operator-tables.ts';
import type { BatchTables } from './batch-tables.ts';
import type { PartnerTables } from './partner-tables.ts';
import type { JoiningTables } from './joining-tables.ts';
import type { DomainTables } from './domain-tables.ts';
import type { MailTables } from './mail-tables.ts';
import type { PersonTables } from './person-tables.ts';
import type { PolicyDraftTable } from './policy-tables.ts';
import type { RegisterTables } from './register-tables.ts';
import type { RegistrationTables } from './registration-tables.ts';

/** The tables of `migrations/`, as kysely sees them. Timestamps are `timestamptz`, days are `date` read as ISO strings. */
export interface Database
  extends
    RegisterTables,
    RegistrationTables,
    BatchTables,
    PersonTables,
    PartnerTables,
    JoiningTables,
    DomainTables,
    MailTables {
  declared_object: DeclaredObjectTable;
  declared_revision: DeclaredRevisionTable;
  approval: ApprovalTable;
  account: AccountTable;
  identity: IdentityTable;
  declared_membership: DeclaredMembershipTable;
  membership: MembershipTable;
  oidc_grant: OidcGrantTable;
  oidc_refresh_token: OidcRefreshTokenTable;
  signing_key: SigningKeyTable;
  registered_client: RegisteredClientTable;
  initial_access_token: InitialAccessTokenTable;
  client_secret_use: ClientSecretUseTable;
  logout_delivery: LogoutDeliveryTable;
  policy_draft: PolicyDraftTable;
  operator_proposal: OperatorProposalTable;
  operator_removal: OperatorRemovalTable;
  sign_in_use: SignInUseTable;
  correction_proposal: CorrectionProposalTable;
}

/** Clients, identity providers, services, policies: documents that processes hold in memory. */
export interface DeclaredObjectTable {
  kind: 'service' | 'client' | 'identity_provider' | 'policy' | 'resource_server' | 'operator';
  id: string;
  /** JSON text, secrets hashed or sealed. */
  document: string;
  /** SHA-256 of the document with its secrets hashed: what the diff compares. */
  digest: string;
  /** `console`: a policy that operators published, which never changes and never goes; an operator whom they appointed. */
  origin: Generated<'configuration' | 'console'>;
  updated_at: Date;
}

/** One row: raised in the transaction of every change, polled by every process. */
export interface DeclaredRevisionTable {
  one: boolean;
  revision: number;
}

export interface ApprovalTable {
  id: string;
  siren: string;
  service_id: string;
  level: 'member' | 'guest';
  ground: string;
  reason: string;
  /** First and last day, inclusive, Europe/Paris. */
  starts_on: string;
  ends_on: string;
  status: 'active' | 'suspended' | 'pending' | 'refused';
  /** Nothing but its last day ends it, or has ended it: a policy may let the right go on for a while. */
  lapses: Generated<boolean>;
  /** JSON text: { given_name, usual_name, capacity, organization }. */
  decided_by: string;
  decided_on: string;
  /** 'configuration', or 'registration': what a file decided (src/registrations/). */
  origin: string;
  updated_at: Date;
}

export interface AccountTable {
  id: string;
  created_at: Date;
  blocked_at: Date | null;
  /** By hand (src/blocking/): `operator:anne`, and why. Null for what an erasure blocked. */
  blocked_by: Generated<string | null>;
  blocked_reason: Generated<string | null>;
  /** What it had open then ends (src/blocking/watch.ts). */
  access_ended_at: Generated<Date | null>;
}

/** One upstream identity: the key of an account is (issuer, subject), never the e-mail. */
export interface IdentityTable {
  idp_id: string;
  issuer: string;
  subject: string;
  account_id: string;
  created_at: Date;
  last_seen_at: Date;
}

export interface DeclaredMembershipTable {
  idp_id: string;
  subject: string;
  siret: string;
  level: 'declared' | 'email_domain' | 'moderated' | 'official_source';
  method: string;
  verified_at: Date;
}

/** See `src/storage/sign-in-uses.ts`. */
export interface SignInUseTable {
  id: Generated<string>;
  account_id: string;
  client_id: string;
  siret: string;
  day: string;
  browser: string;
  system: string;
  /** JSON text: names of claims. */
  claims: string;
  last_at: Date;
  times: number;
}

/** An account that has acted for a legal unit. See `src/members/members.ts`. */
export interface MembershipTable {
  id: Generated<string>;
  account_id: string;
  siren: string;
  siret: string;
  idp_id: string;
  origin: 'idp' | 'declared';
  level: 'declared' | 'email_domain' | 'moderated' | 'official_source';
  method: string;
  /** Names and address as of the last sign-in; null once forgotten. */
  given_name: string | null;
  usual_name: string | null;
  email: string | null;
  /** Whether the identity provider answered for the mailbox then. */
  email_verified: Generated<boolean>;
  first_seen_at: Date;
  last_seen_at: Date;
  confirmed_at: Generated<Date | null>;
  /** Without a name: `account:…`, `operator:anne`. */
  confirmed_by: Generated<string | null>;
  revoked_at: Generated<Date | null>;
  revoked_by: Generated<string | null>;
  revoked_reason: Generated<string | null>;
  /** How many acts. */
  version: Generated<number>;
}

export interface OidcGrantTable {
  /** SHA-256, base64url, of the grant id. */
  id: string;
  account_id: string;
  client_id: string;
  payload: string;
  /** JSON text: the identity snapshot of this grant; it never changes once written. */
  snapshot: string | null;
  /** The expiry that the library wrote, plus the tolerance that it grants to clocks. */
  expires_at: Date;
  /** Set when the grant is revoked: the row stays until it expires, so that nobody brings the grant back. */
  revoked_at: Date | null;
}

export interface OidcRefreshTokenTable {
  /** SHA-256, base64url, of the token. */
  id: string;
  /** SHA-256, base64url, of the grant id. */
  grant_id: string;
  client_id: string;
  payload: string;
  consumed_at: Date | null;
  expires_at: Date;
}

export interface SigningKeyTable {
  kid: string;
  alg: string;
  /** For the version before: what a key is follows from `activates_at`. */
  state: 'current' | 'retired' | 'next';
  /** The private JWK, sealed with ENCRYPTION_KEYS. */
  sealed_jwk: string;
  created_at: Generated<Date>;
  /** From then on it signs, until the next one of its algorithm does. */
  activates_at: Generated<Date>;
}

/** A client that registered itself (RFC 7591). */
export interface RegisteredClientTable {
  client_id: string;
  /** JSON text, in the shape of a declared client. */
  document: string;
  /** SHA-256, base64url, of the registration access token. */
  token_sha256: string;
  /** What it may ask for at most. */
  scope: string;
  created_at: Date;
  updated_at: Date;
}

export interface InitialAccessTokenTable {
  /** SHA-256, base64url. */
  token_sha256: string;
  service_id: string;
  scope: string;
  uses_left: number;
  created_at: Date;
  expires_at: Date;
}

export interface ClientSecretUseTable {
  client_id: string;
  /** Lower-case hexadecimal, as in the client's document. */
  secret_sha256: string;
  last_used_at: Date;
}

/** A tool to be told that somebody signed out, and what became of it (OpenID Connect Back-Channel Logout 1.0). */
export interface LogoutDeliveryTable {
  id: string;
  client_id: string;
  uri: string;
  account_id: string;
  sid: string | null;
  reason: 'signed_out' | 'session_ended' | 'access_lost';
  created_at: Date;
  attempts: Generated<number>;
  /** Null once delivered or given up. */
  next_attempt_at: Date | null;
  delivered_at: Date | null;
  given_up_at: Date | null;
  last_status: number | null;
  last_problem: string | null;
}
