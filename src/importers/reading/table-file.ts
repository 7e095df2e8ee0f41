import type { WrongReason } from '../wrong-reasons.ts';

/** One line of a table: of a CSV, an entry of a JSON file, or a row of a Parquet file. */
export interface TableRow {
  /** Of its first line, the header being 1; in JSON and Parquet, its number from 1. */
  readonly line: number;
  /** In the order of the header. */
  readonly values: readonly string[];
  /** The line cannot be told into values. */
  readonly wrong?: WrongReason | undefined;
}

/** Any file, once its form is out of the way. */
export interface TableFile {
  readonly header: readonly string[];
  /** By handfuls, as they come out of the file. */
  readonly rows: AsyncIterable<readonly TableRow[]>;
  /** Part of the file that the rows given so far come from, 0 to 1. */
  readonly fraction: () => number;
  readonly close: () => Promise<void>;
}
