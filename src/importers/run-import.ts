import { basename } from 'node:path';
import type { Kysely } from 'kysely';
import type { Clock } from '../config/config.ts';
import type { Database } from '../storage/storage.ts';
import { asOfOf } from './as-of.ts';
import type { AsOf } from './as-of.ts';
import { finishedImport } from './import-records.ts';
import { importInto } from './import-into.ts';
import type { Work } from './import-into.ts';
import type { Encoding, Importer } from './importer.ts';
import { withImportLock } from './lock.ts';
import { everyImporter } from './every-importer.ts';
import { assertUsable, checkHeader, neededNames } from './reading/header.ts';
import { inspect } from './reading/inspect.ts';
import { openDataFile } from './reading/open-file.ts';
import type { DataFile } from './reading/open-file.ts';
import { openTable } from './reading/open-table.ts';
import { formText, notesOf } from './report.ts';
import type { ImportReport } from './report.ts';
import { resumable } from './resume.ts';

export interface RunImportOptions {
  readonly db: Kysely<Database>;
  /** The same database, where it has connections besides the one that the import holds. */
  readonly beside?: Kysely<Database> | undefined;
  readonly clock: Clock;
  readonly importer: Importer;
  readonly path: string;
  /** Counts as the import would, batch by batch, each taken back at once. */
  readonly dryRun: boolean;
  readonly rejectsPath: string;
  /** Of a complete list: withdraw what it no longer names, however much it is. */
  readonly withdraw?: boolean | undefined;
  /** ISO date; without it, that of the file. */
  readonly asOf?: string | undefined;
  /** Without it, the register's. */
  readonly separator?: string | undefined;
  /** Without it, what the bytes tell. */
  readonly encoding?: Encoding | undefined;
  readonly batchSize?: number | undefined;
  /** Asked after each batch. */
  readonly stopRequested: () => boolean;
  /** One line on what happens meanwhile. */
  readonly tell: (text: string) => void;
  /** On a terminal: shows a text in place of the one before. */
  readonly rewrite?: ((text: string) => void) | undefined;
}

/**
 * Reads a file of a register into the database, batch by batch; an interrupted import goes on where it was.
 *
 * @throws BrokerError M-IMPT-…: nothing was written, except for 006 (a line broken beyond reading), 007 (somebody asked to
 *   stop) and 009 (the database refused a batch), which keep the batches before
 */
export async function runImport(options: RunImportOptions): Promise<ImportReport> {
  const { importer, clock, dryRun } = options;
  const started = clock().getTime();
  const file = await openDataFile(options.path, { zipEntry: importer.zipEntry });
  const inspection = await inspect(file, options.encoding);
  const asOf = asOfOf(options.asOf, { ...timesOf(file), ...importer }, clock());
  return withImportLock(options.db, async (held) => {
    const { sha256 } = inspection;
    const resumed = await resumable(held, { source: importer.name, sha256, asOf: options.asOf, dryRun });
    const before = await finishedImport(held, importer.name, sha256);
    const told: AsOf =
      resumed === undefined ? asOf : { date: resumed.asOf, from: 'from the import that was interrupted' };
    const separator = options.separator ?? importer.separator;
    const table = await openTable(file, inspection, {
      separator,
      wanted: (header) => neededNames(header, importer),
    });
    try {
      const header = checkHeader(table.header, importer);
      assertUsable(header, {
        path: file.path,
        header: table.header,
        importer,
        separator,
        others: everyImporter,
      });
      const work: Work = { options, file, inspection, asOf: told, table, header, resumed };
      const done = await importInto(held, work);
      return {
        ...done,
        lines: done.position,
        importer,
        dryRun,
        fileName: file.name,
        form: formText(inspection, separator),
        byteLength: file.byteLength,
        header,
        asOf: told,
        resumedAfter: resumed?.position ?? 0,
        rejectsPath: done.hasRejects ? options.rejectsPath : undefined,
        notes: notesOf({ importer, inspection, asked: options.encoding, before, resumed }),
        ms: clock().getTime() - started,
      };
    } finally {
      await table.close();
    }
  });
}

/** Of the data, then of what it is packed in. */
const timesOf = (file: DataFile) => ({
  names: [file.name, basename(file.path)],
  modifiedAt: file.modifiedAt,
  packedAt: file.packedAt,
});
