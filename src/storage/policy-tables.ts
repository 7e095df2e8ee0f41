import type { Generated } from 'kysely';

/** A policy as an operator writes it: see src/policies/. */
export interface PolicyDraftTable {
  id: string;
  service_id: string;
  /** YAML or JSON, right or wrong. */
  document: string;
  base: number;
  reason: Generated<string>;
  state: 'draft' | 'proposed' | 'published' | 'discarded';
  author_id: string;
  /** JSON text: DraftPerson. */
  author: string;
  second_id: Generated<string | null>;
  second: Generated<string | null>;
  seen: Generated<number>;
  created_at: Date;
  updated_at: Date;
  proposed_at: Generated<Date | null>;
  published_at: Generated<Date | null>;
  published_version: Generated<number | null>;
}
