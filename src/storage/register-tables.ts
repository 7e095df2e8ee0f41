import type { Generated, GeneratedAlways } from 'kysely';

/** See `src/register/`. */
export interface RegisterTables {
  organization: OrganizationTable;
  establishment: EstablishmentTable;
  organization_word: OrganizationWordTable;
  register_record: RegisterRecordTable;
  register_import: RegisterImportTable;
  register_change: RegisterChangeTable;
  register_review: RegisterReviewTable;
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
  /** What it said when an operator last looked at it. */
  seen_detail: Generated<string | null>;
  /** Open, and says something that nobody has looked at (migration 0015). */
  unseen: GeneratedAlways<boolean>;
}
