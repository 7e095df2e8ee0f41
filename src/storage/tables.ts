import type { Generated, GeneratedAlways } from 'kysely';
import type { PolicyDraftTable } from './policy-tables.ts';
import type { RegistrationTables } from './registration-tables.ts';

/** The tables of `migrations/`, as kysely sees them. Timestamps are `timestamptz`, days are `date` read as ISO strings. */
export interface Database extends RegistrationTables {
  declared_object: DeclaredObjectTable;
  declared_revision: DeclaredRevisionTable;
  organization: OrganizationTable;
  establishment: EstablishmentTable;
  approval: ApprovalTable;
  account: AccountTable;
  identity: IdentityTable;
  declared_membership: DeclaredMembershipTable;
  oidc_grant: OidcGrantTable;
  oidc_refresh_token: OidcRefreshTokenTable;
  signing_key: SigningKeyTable;
  registered_client: RegisteredClientTable;
  initial_access_token: InitialAccessTokenTable;
  client_secret_use: ClientSecretUseTable;
  logout_delivery: LogoutDeliveryTable;
  organization_word: OrganizationWordTable;
  register_record: RegisterRecordTable;
  register_import: RegisterImportTable;
  register_change: RegisterChangeTable;
  register_review: RegisterReviewTable;
  policy_draft: PolicyDraftTable;
}

/** Clients, identity providers, services, policies: documents that processes hold in memory. */
export interface DeclaredObjectTable {
  kind: 'service' | 'client' | 'identity_provider' | 'policy' | 'resource_server' | 'operator';
  id: string;
  /** JSON text, secrets hashed or sealed. */
  document: string;
  /** SHA-256 of the document with its secrets hashed: what the diff compares. */
  digest: string;
  /** `console`: a policy that operators published; it never changes and never goes. */
  origin: Generated<'configuration' | 'console'>;
  updated_at: Date;
}

/** One row: raised in the transaction of every change, polled by every process. */
export interface DeclaredRevisionTable {
  one: boolean;
  revision: number;
}

/** The truth made of `statements` (organizations/statement.ts), column by column: for search, joins and version N−1. */
export interface OrganizationTable {
  /** The SIREN; without one the RNA number; without either the entry in a court's register (Alsace-Moselle). */
  id: GeneratedAlways<string>;
  siren: string | null;
  name: string;
  acronym: Generated<string | null>;
  legal_category: string | null;
  unit_state: 'A' | 'C';
  rna: string | null;
  local_register: Generated<string | null>;
  created_on: string | null;
  naf: Generated<string | null>;
  naf25: Generated<string | null>;
  size_band: Generated<string | null>;
  diffusion: Generated<'O' | 'P'>;
  commune_code: Generated<string | null>;
  declared_population: number | null;
  /** JSON text: Qualification[]. */
  qualifications: string;
  suspended_at: Date | null;
  /** JSON text: Statements. */
  statements: Generated<string>;
  /** JSON text: DataQualityFlag[]. */
  flags: Generated<string>;
  /** The words of the name in order, without accents, in lower case, small ones left out. */
  search_name: Generated<string>;
  /** tsvector: the same words, those of the acronym, the initials of the name. */
  words: Generated<string>;
  source: string;
  source_date: string;
  created_import: Generated<number | null>;
  updated_at: Date;
}

export interface EstablishmentTable {
  siret: string;
  siren: string;
  state: 'A' | 'F';
  commune_code: string | null;
  postal_code: Generated<string | null>;
  naf: string | null;
  naf25: Generated<string | null>;
  size_band: Generated<string | null>;
  usual_name: Generated<string | null>;
  created_on: Generated<string | null>;
  diffusion: Generated<'O' | 'P'>;
  head_office: boolean;
  source: Generated<string>;
  source_date: Generated<string | null>;
  /** When a connector fetched it; null for what was imported or declared. */
  fetched_at: Generated<Date | null>;
  import_id: Generated<number | null>;
  /** What the two above were before an import said the same again. */
  former_source_date: Generated<string | null>;
  former_import_id: Generated<number | null>;
  created_import: Generated<number | null>;
}

export interface OrganizationWordTable {
  word: string;
}

/** Communes, populations, groupings, members, e-mail domains: one JSON document by shelf, key and source. */
export interface RegisterRecordTable {
  shelf: string;
  key: string;
  source: string;
  record: string;
  source_date: string;
  import_id: number | null;
  former_source_date: Generated<string | null>;
  former_import_id: Generated<number | null>;
  created_import: Generated<number | null>;
}

export interface RegisterImportTable {
  id: GeneratedAlways<number>;
  source: string;
  file_name: string;
  /** SHA-256 of the file, lower-case hexadecimal. */
  file_sha256: string;
  source_date: string;
  state: 'running' | 'finished' | 'undone';
  /** Data records of the file that are committed. */
  position: Generated<number>;
  new_count: Generated<number>;
  changed_count: Generated<number>;
  same_count: Generated<number>;
  wrong_count: Generated<number>;
  left_out_count: Generated<number>;
  started_at: Date;
  updated_at: Date;
  finished_at: Date | null;
  undone_at: Date | null;
}

/** `before` and `after` are whole statements (JSON text) of one source. */
export interface RegisterChangeTable {
  id: GeneratedAlways<number>;
  shelf: string;
  subject: string;
  source: string;
  import_id: number | null;
  /** JSON text: { given_name, usual_name, capacity, organization }; null for what no person decided. */
  author: string | null;
  reason: string | null;
  changed_at: Date;
  before: string | null;
  after: string | null;
}

/** An approval to look at again, because the register moved under it. */
export interface RegisterReviewTable {
  id: GeneratedAlways<number>;
  approval_id: string;
  organization: string;
  reason: string;
  detail: string;
  found_at: Date;
  seen_again_at: Date;
  settled_at: Date | null;
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
