import type { Source } from '../organizations/organizations.ts';
import type { EstablishmentRecord, OrganizationRecord } from '../register/register.ts';
import type { LeftOutReason } from './left-out-reasons.ts';
import type { WrongReason } from './wrong-reasons.ts';

/** What `maillon import SOURCE` may name. */
export const importNames = [
  'sirene-units',
  'sirene-establishments',
  'rna-waldec',
  'rna-import',
  'dpnt',
  'administrations',
  'communes',
  'populations',
  'banatic',
  'email-domains',
  'organizations',
] as const;
export type ImportName = (typeof importNames)[number];

/** Who says it. Statements about organizations and establishments need a `Source`; the others only fill shelves. */
export type ImportSource = Source | 'cog' | 'populations' | 'banatic' | 'email_domains';

export type Item =
  | { readonly kind: 'organization'; readonly record: OrganizationRecord }
  | { readonly kind: 'establishment'; readonly record: EstablishmentRecord }
  | { readonly kind: 'record'; readonly shelf: string; readonly key: string; readonly record: object };

/**
 * What is wrong in a line. Goes to the rejects file, where the value is cut to 80 characters and made harmless.
 */
export interface Wrong {
  readonly column: string;
  /** As read. */
  readonly value: string;
  /** wrong-reasons.ts has the sentence for people. */
  readonly reason: WrongReason;
}

/**
 * What one line says. `about`: the identifier of an organization that is in the list, though its line is wrong. `items`: without the values that are wrong and not essential, which `wrongValues` names, if any.
 * `wrong`: why the line cannot be used. `leftOut`: the line is right, and not for us; counted by reason
 * (left-out-reasons.ts).
 */
export type Reading =
  | { readonly items: readonly Item[]; readonly wrongValues?: readonly Wrong[] }
  | { readonly wrong: Wrong; readonly about?: string | undefined }
  | { readonly leftOut: LeftOutReason };

/** One line. The same object serves every line: what it holds is only true during the call of `read`. */
export interface Row {
  /**
   * @param column a member of `required` or `optional`, with its `<year>` if it has one
   * @returns the value as the file has it, not trimmed; '' when it is empty, null, or the file lacks the column
   * @throws Error for any other column: what is not declared is not read
   */
  get(column: string): string;
}

/** What is true of every line of the file. */
export interface FileFacts {
  /** ISO date of the source. */
  readonly asOf: string;
  /** Without folders; of the entry inside a zip. */
  readonly fileName: string;
  /** The year that the file puts in a column such as `ptot_<year>`; undefined when it lacks the column. */
  yearOf(column: string): string | undefined;
}

export type Encoding = 'utf-8' | 'windows-1252';

/** One file that a register publishes: its exact shape, and what a line of it says. */
export interface Importer {
  readonly name: ImportName;
  readonly source: ImportSource;
  /** One line for `maillon import` without a known SOURCE: what file it is, and who publishes it. */
  readonly summary: string;
  /** Exact header, in the register's order. `<year>` stands for four digits: `ptot_<year>`. */
  readonly columns: readonly string[];
  /**
   * Members of `columns` that `read` uses: a file that lacks one is refused before anything is written. Other differences
   * are reported.
   */
  readonly required: readonly string[];
  /** Members of `columns` that `read` uses where the file has them. All other columns are out of its reach. */
  readonly optional?: readonly string[];
  /**
   * Members of `required` and `optional` where a wrong value refuses the line: what it is about, and what would be half a
   * truth without it (what the organization is, whether it lives, whether it may be shown, whether it is a person). A
   * wrong value in any other column is left out, and the rest of the line kept.
   */
  readonly essential: readonly string[];
  /** Members of `required` and `optional` that name natural persons: what stands there is in no report, wrong or not. */
  readonly personal?: readonly string[];
  /** Refusals by the register that are no fault of the file: such a line is left out, not wrong. */
  readonly leftOutWhen?: Readonly<Partial<Record<WrongReason, LeftOutReason>>>;
  /** No line speaks of a legal unit: what follows for them may be written beside the lines after it. */
  readonly onlyEstablishments?: boolean;
  readonly separator: ',' | ';';
  /** What the register has published in. A file in another one of ours is read, and the report says so. */
  readonly encodings: readonly Encoding[];
  /** Which entry of a zip with several is the data, when it is not the only one. */
  readonly zipEntry?: RegExp;
  /** The time of the file itself says nothing of its date: where neither a name nor a zip has one, the operator says it. */
  readonly isDatedByPublisher?: boolean;
  /**
   * The file names all that the source speaks of: what it no longer names is withdrawn once all of it is read. Only for
   * organizations, and for lists that fit in memory by their identifiers.
   */
  readonly complete?: boolean;
  /** ISO date, for file names that say it otherwise than with `2026-11-01` or `20261101`. */
  readonly dateOf?: (fileName: string) => string | undefined;
  /** Pure. Never keeps a value of a column that it has no use for. */
  readonly read: (row: Row, file: FileFacts) => Reading;
}
