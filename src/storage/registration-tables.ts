import type { Generated } from 'kysely';

export interface RegistrationTables {
  audit_entry: AuditEntryTable;
  mail: MailTable;
  registration: RegistrationTable;
  registration_event: RegistrationEventTable;
  registration_request: RegistrationRequestTable;
  evidence: EvidenceTable;
  letter: LetterTable;
  saved_view: SavedViewTable;
  invitation: InvitationTable;
}

/** One act of the record; rows are only ever added. See `src/audit/audit.ts`. */
export interface AuditEntryTable {
  /** 1, 2, 3… without a gap. */
  seq: number;
  at: Date;
  act: string;
  subject: string;
  /** Without a name: `operator:anne`, `account:…`. */
  actor: string;
  /** JSON text: who answers for the act by name; never erased. */
  author: string | null;
  /** JSON text; null once erased, and the salt with it. */
  detail: string | null;
  salt: string | null;
  detail_sha256: string;
  previous: string;
  hash: string;
}

export interface MailTable {
  id: string;
  recipient: string;
  subject: string;
  text: string;
  html: string;
  about: string;
  created_at: Date;
  attempts: Generated<number>;
  next_attempt_at: Date | null;
  sent_at: Generated<Date | null>;
  given_up_at: Generated<Date | null>;
  last_problem: Generated<string | null>;
  /** It carries a one-time code: its text is wiped (src/mail/secrets.ts). */
  secret: Generated<boolean>;
  /** What it is sent with, and what a report of it is believed by (RFC 3461 §4.4); null: it waits since before there was one. */
  envelope_id: Generated<string | null>;
}

export interface RegistrationTable {
  /** D-26-7K3QXWPB: the year, then eight characters of Crockford's base 32. */
  id: string;
  /** The nil UUID when the administration opened the file on its own initiative. */
  account_id: string;
  organization: string | null;
  siren: string | null;
  /** RNA number or entry in a court's register by which it asked, once the register has given it a SIREN. */
  register_number: Generated<string | null>;
  organization_name: string | null;
  organization_type: string | null;
  department: string | null;
  /** JSON text: DraftContent. */
  draft: string;
  version: Generated<number>;
  stage: 'draft' | 'examination' | 'decided' | 'ended';
  submitted_at: Date | null;
  due_on: string | null;
  taken_by: string | null;
  taken_at: Date | null;
  renews: string | null;
  /** Number of the lot that opened it. */
  lot: Generated<string | null>;
  created_at: Date;
  updated_at: Date;
}

export interface RegistrationEventTable {
  registration_id: string;
  seq: number;
  at: Date;
  /** JSON text: { actor, act }. */
  event: string;
}

export interface RegistrationRequestTable {
  registration_id: string;
  service_id: string;
  /** RequestState of src/registrations/file.ts. */
  state: string;
  proposed: Generated<boolean>;
  /** An appeal waits for its answer, whatever the state. */
  contested: Generated<boolean>;
  due_on: string | null;
  starts_on: string | null;
  ends_on: string | null;
}

export interface EvidenceTable {
  id: string;
  registration_id: string;
  kind: string;
  name: string;
  media_type: string;
  size: number;
  sha256: string;
  content: Buffer | null;
  uploaded_at: Date;
  destroyed_at: Generated<Date | null>;
}

export interface LetterTable {
  id: string;
  registration_id: string;
  seq: number;
  kind: string;
  template: string;
  /** JSON text: LetterDocument. */
  document: string;
  sha256: string;
  created_at: Date;
  read_at: Generated<Date | null>;
  to_post: Generated<boolean>;
  posted_at: Generated<Date | null>;
  /** Without a name: `operator:anne`. */
  posted_by: Generated<string | null>;
  /** Row of `mail`, while that is kept. */
  mail_id: Generated<string | null>;
  /** When its mail was given up: a trigger writes it. */
  undelivered_at: Generated<Date | null>;
}

export interface SavedViewTable {
  operator_id: string;
  name: string;
  query: string;
  created_at: Date;
}

/** An agent's invitation of one address to one service. See `src/invitations/invitations.ts`. */
export interface InvitationTable {
  id: string;
  service_id: string;
  /** Canonical, in lower case. */
  address: string;
  /** Canonical, in the letters of the sponsor. */
  written_address: string;
  sponsor_account_id: string;
  sponsor_name: string;
  sponsor_email: string;
  sponsor_siret: string;
  sponsor_organization: string;
  reason: string;
  starts_on: string;
  ends_on: string;
  created_at: Date;
  renewed_at: Generated<Date | null>;
  revoked_at: Generated<Date | null>;
  /** Without a name: `account:…`, `operator:anne`. */
  revoked_by: Generated<string | null>;
  /** Another one took its place once it had ended. */
  replaced_at: Generated<Date | null>;
}
