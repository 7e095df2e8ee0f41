import type { Generated } from 'kysely';

export interface BatchTables {
  batch: BatchTable;
  batch_line: BatchLineTable;
}

/** One decision for many organizations: see src/batches/. */
export interface BatchTable {
  /** L-26-7K3QXWPB. */
  id: string;
  state:
    | 'draft'
    | 'proposed'
    | 'carrying_out'
    | 'done'
    | 'undo_proposed'
    | 'announcing'
    | 'announced'
    | 'undoing'
    | 'undone'
    | 'cancelled';
  /** JSON text: BatchDecision. */
  decision: string;
  file_name: Generated<string>;
  file_sha256: Generated<string | null>;
  author_id: string;
  /** JSON text: OperatorActor, as the next ones. */
  author: string;
  decider_id: Generated<string | null>;
  decider: Generated<string | null>;
  returned: Generated<string | null>;
  undo_author_id: Generated<string | null>;
  undo_author: Generated<string | null>;
  undo_text: Generated<string | null>;
  undo_rule: Generated<string | null>;
  undo_decider: Generated<string | null>;
  undo_answer_by: Generated<string | null>;
  seen: Generated<number>;
  created_at: Date;
  updated_at: Date;
  proposed_at: Generated<Date | null>;
  decided_at: Generated<Date | null>;
  ended_at: Generated<Date | null>;
  undone_at: Generated<Date | null>;
  claimed_until: Generated<Date | null>;
}

export interface BatchLineTable {
  batch_id: string;
  line: number;
  /** JSON text: Cells. */
  cells: string;
  outcome: Generated<'asked' | 'left_out' | 'done' | 'failed' | 'notified' | 'undone' | 'kept' | null>;
  organization: Generated<string | null>;
  department: Generated<string | null>;
  name: Generated<string | null>;
  /** JSON text. */
  services: Generated<string | null>;
  reason: Generated<string | null>;
  about: Generated<string | null>;
  registration: Generated<string | null>;
  attempts: Generated<number>;
  entry: Generated<'asked' | 'entered' | 'withdrawn' | 'kept' | null>;
  entry_about: Generated<string | null>;
  /** JSON text: versions of files. */
  stood: Generated<string | null>;
  changed_at: Generated<Date | null>;
}
