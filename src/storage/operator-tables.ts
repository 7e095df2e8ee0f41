import type { Generated } from 'kysely';

/** A change among operators that a second administrator confirms: see src/appointments/. */
export interface OperatorProposalTable {
  id: string;
  kind: 'appoint' | 'change' | 'readmit';
  operator_id: string;
  idp_id: string;
  subject: string;
  /** JSON texts: Operator. */
  document: string;
  before: Generated<string | null>;
  base: Generated<string | null>;
  reason: string;
  state: 'proposed' | 'confirmed' | 'declined' | 'withdrawn';
  author_id: string;
  /** JSON text: NamedOperator. */
  author: string;
  second_id: Generated<string | null>;
  second: Generated<string | null>;
  answer: Generated<string | null>;
  created_at: Date;
  answered_at: Generated<Date | null>;
}

/** An exception that a second operator confirms: see src/corrections/. */
export interface CorrectionProposalTable {
  id: string;
  organization: string;
  kind: 'correct' | 'end';
  fact: string;
  /** JSON text. */
  value: string | null;
  /** JSON text: SeenFact. */
  before: string;
  reason: string;
  state: 'proposed' | 'confirmed' | 'declined' | 'withdrawn';
  author_id: string | null;
  /** JSON texts: Author. */
  author: string;
  second_id: Generated<string | null>;
  second: Generated<string | null>;
  answer: Generated<string | null>;
  created_at: Date;
  answered_at: Generated<Date | null>;
}

/** Somebody whom an administrator removed at once: no apply brings them back. */
export interface OperatorRemovalTable {
  idp_id: string;
  subject: string;
  operator_id: string;
  /** Written by the database: of the identity provider then, when it was known. */
  issuer: Generated<string | null>;
  /** JSON text: Operator. */
  document: string;
  origin: 'configuration' | 'console';
  reason: string;
  removed_by_id: string;
  /** JSON text: NamedOperator. */
  removed_by: string;
  removed_at: Date;
}
