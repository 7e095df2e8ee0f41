import type { Kysely } from 'kysely';
import { BrokerError } from '../errors/errors.ts';
import type { Database } from '../storage/storage.ts';
import type { AsOf } from './as-of.ts';
import { batches } from './batches.ts';
import { moveImport, nothingYet, startImport } from './import-records.ts';
import type { ImportRecord } from './import-records.ts';
import { createLaterSeats, mendSeats } from './later-seats.ts';
import type { SeatsOfImport } from './later-seats.ts';
import { createLineReader } from './read-line.ts';
import type { HeaderCheck } from './reading/header.ts';
import type { Inspection } from './reading/inspect.ts';
import type { DataFile } from './reading/open-file.ts';
import { count, createProgress } from './reading/progress.ts';
import { openRejects } from './reading/rejects.ts';
import type { TableFile } from './reading/table-file.ts';
import type { RunImportOptions } from './run-import.ts';
import { withdrawAbsent } from './withdraw-absent.ts';
import type { Withdrawal } from './withdraw-absent.ts';
import { writeBatches } from './write-batches.ts';
import type { Written } from './write-batches.ts';

/**
 * Lines in a transaction. From 1 000 to 5 000 the rate is the same within the noise; memory, and what a kill makes to be read
 * again, grow with it.
 */
const batchSize = 1_000;

/** Everything that is known before the first line. */
export interface Work {
  readonly options: RunImportOptions;
  readonly file: DataFile;
  readonly inspection: Inspection;
  readonly asOf: AsOf;
  readonly table: TableFile;
  readonly header: HeaderCheck;
  readonly resumed: ImportRecord | undefined;
}

export interface ImportedInto extends Written {
  /** Undefined after a dry run. */
  readonly id: number | undefined;
  readonly hasRejects: boolean;
  /** Undefined unless the file is a complete list. */
  readonly withdrawal: Withdrawal | undefined;
}

export async function importInto(db: Kysely<Database>, work: Work): Promise<ImportedInto> {
  const { options, file, inspection, asOf, table, header, resumed } = work;
  const { importer, clock } = options;
  let position = resumed?.position ?? 0;
  const progress = createProgress({
    now: () => clock().getTime(),
    rewrite: options.rewrite,
    print: options.tell,
    skipped: position,
  });
  const read = createLineReader({
    importer,
    header,
    facts: { asOf: asOf.date, fileName: file.name },
    brokenLetters: inspection.brokenAt !== undefined,
  });
  const named = importer.complete === true ? new Set<string>() : undefined;
  const rest = batches(table.rows, {
    read,
    size: options.batchSize ?? batchSize,
    skip: position,
    onSkipped: (lines) => progress.at(lines, table.fraction()),
    named,
  });
  // The rejects file is opened, and the first batch read, before anything is written.
  const first = await rest.next();
  const firstLine = first.done === true ? undefined : first.value.firstLine;
  const rejects =
    firstLine === undefined
      ? undefined
      : await openRejects(options.rejectsPath, { keepBefore: resumed === undefined ? 0 : firstLine });
  try {
    const id = options.dryRun
      ? undefined
      : (resumed?.id ??
        (
          await startImport(db, {
            source: importer.name,
            fileName: file.name,
            sha256: inspection.sha256,
            asOf: asOf.date,
            now: clock(),
          })
        ).id);
    const seats = seatsOf(db, { options, id });
    if (seats !== undefined && resumed !== undefined) await mendSeats(db, resumed.id);
    const written = await writeBatches(db, {
      importId: id,
      seats,
      before: resumed ?? { position: 0, tally: nothingYet },
      first,
      rest,
      rejects,
      applying: { source: importer.source, asOf: asOf.date },
      leftOutWhen: importer.leftOutWhen,
      now: clock,
      stopRequested: options.stopRequested,
      onWritten: (lines) => {
        position = lines;
        progress.at(lines, table.fraction());
      },
    }).catch((cause: unknown) => {
      if (id !== undefined && position > 0) options.tell(remainder(id, { cause, position, file }));
      throw cause;
    });
    // Without a line to read, the file is that of the interrupted import.
    const hasRejects = rejects === undefined ? written.tally.wrong > 0 : rejects.count() > 0;
    const withdrawal =
      named === undefined
        ? undefined
        : await withdrawAbsent(db, named, {
            source: importer.source,
            asOf: asOf.date,
            now: clock(),
            importId: id,
            isConfirmed: options.withdraw === true,
          });
    if (id !== undefined) await moveImport(db, id, { ...written, now: clock(), finished: true });
    return { ...written, id, hasRejects, withdrawal };
  } finally {
    await rejects?.close();
    await rest.return(undefined);
  }
}

function seatsOf(
  db: Kysely<Database>,
  {
    options: { importer, beside },
    id,
  }: { readonly options: RunImportOptions; readonly id: number | undefined },
): SeatsOfImport | undefined {
  if (id === undefined || beside === undefined || importer.onlyEstablishments !== true) return undefined;
  return createLaterSeats(db, beside);
}

/** What an import that ended too early leaves behind. */
function remainder(
  id: number,
  { cause, position, file }: { readonly cause: unknown; readonly position: number; readonly file: DataFile },
): string {
  const held = `Import ${id} holds the first ${count(position)} lines of ${file.name}.`;
  const back = `maillon import undo ${id} takes them back.`;
  // The same file would break at the same line.
  const isBroken = cause instanceof BrokerError && cause.code === 'M-IMPT-006';
  return isBroken
    ? `${held} To import it once mended: ${back}`
    : `${held} The same command goes on from there; ${back}`;
}
