import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { BrokerError } from '../errors/errors.ts';
import type { Database } from '../storage/storage.ts';
import { applyItems } from './apply-items.ts';
import type { Applied, ApplyingItems } from './apply-items.ts';
import type { Batch } from './batches.ts';
import { fateOf } from './fate-of-lines.ts';
import type { Fate } from './fate-of-lines.ts';
import { moveImport } from './import-records.ts';
import type { ImportRecord, Tally } from './import-records.ts';
import type { Importer } from './importer.ts';
import type { SeatsOfImport } from './later-seats.ts';
import type { LeftOutReason } from './left-out-reasons.ts';
import type { RejectsFile } from './reading/rejects.ts';
import type { WrongReason } from './wrong-reasons.ts';

export interface Written {
  readonly position: number;
  readonly tally: Tally;
  /** Lines of this run, by reason. */
  readonly wrong: ReadonlyMap<WrongReason, number>;
  readonly leftOut: ReadonlyMap<LeftOutReason, number>;
  /** Values of this run that were left out of lines that were kept, by reason. */
  readonly wrongValues: ReadonlyMap<WrongReason, number>;
}

export interface WriteOptions {
  /** Undefined for a dry run: nothing is kept. */
  readonly importId: number | undefined;
  /** What an interrupted import has committed. */
  readonly before: Pick<ImportRecord, 'position' | 'tally'>;
  readonly first: IteratorResult<Batch, void>;
  readonly rest: AsyncGenerator<Batch, void, undefined>;
  /** Undefined when there is no batch. */
  readonly rejects: RejectsFile | undefined;
  readonly seats: SeatsOfImport | undefined;
  readonly applying: Omit<ApplyingItems, 'now' | 'importId' | 'knownWords' | 'whileWriting' | 'seats'>;
  readonly leftOutWhen: Importer['leftOutWhen'];
  readonly now: () => Date;
  readonly stopRequested: () => boolean;
  readonly onWritten: (position: number) => void;
}

/**
 * Writes one batch while the next one is read, which begins when the database has its work: earlier, it would wait for
 * the reading. Each is one transaction, and the import record moves with it: whatever ends the process, the database
 * knows which lines it holds. In a dry run each is rolled back at once, so that nobody waits for it longer than for a
 * batch of an import: what a batch brought is not there for the next ones.
 *
 * @throws BrokerError M-IMPT-007 when somebody asked to stop, M-IMPT-009 when the database refuses a batch
 */
export async function writeBatches(db: Kysely<Database>, options: WriteOptions): Promise<Written> {
  const { importId, rest, seats, stopRequested } = options;
  let { position, tally } = options.before;
  const inOneTransaction = importId === undefined ? takenBack : kept;
  const wrong = new Map<WrongReason, number>();
  const leftOut = new Map<LeftOutReason, number>();
  const wrongValues = new Map<WrongReason, number>();
  // A dry run takes the words back with the batch.
  const knownWords = importId === undefined ? undefined : new Set<string>();
  let next = options.first;
  while (next.done !== true) {
    const batch = next.value;
    const readOn = nextOnce(rest);
    position += batch.lines;
    const { fate, after } = await inOneTransaction(db, (transaction) =>
      writeBatch(
        transaction,
        { batch, position, before: tally, knownWords, whileWriting: () => void readOn() },
        options,
      ),
    ).catch((cause: unknown) => refuse(batch, cause));
    tally = after;
    for (const { kind, reason } of fate.rejects) countOne(kind === 'line' ? wrong : wrongValues, reason);
    for (const reason of fate.leftOut) countOne(leftOut, reason);
    options.onWritten(position);
    next = await readOn();
    const isStopped = next.done !== true && stopRequested();
    if (next.done === true || isStopped) await seats?.rest();
    if (isStopped)
      throw new BrokerError(
        'M-IMPT-007',
        importId === undefined ? { detail: 'It was a dry run: nothing was written.' } : {},
      );
  }
  return { position, tally, wrong, leftOut, wrongValues };
}

/** Asks for the next batch at the first call; its failure is met by who awaits it. */
function nextOnce(rest: WriteOptions['rest']): () => Promise<IteratorResult<Batch, void>> {
  let asked: Promise<IteratorResult<Batch, void>> | undefined;
  return () => {
    if (asked === undefined) {
      asked = rest.next();
      asked.catch(() => undefined);
    }
    return asked;
  };
}

function countOne<Reason>(counts: Map<Reason, number>, reason: Reason): void {
  counts.set(reason, (counts.get(reason) ?? 0) + 1);
}

async function writeBatch(
  db: Kysely<Database>,
  {
    batch,
    position,
    before,
    ...through
  }: {
    readonly batch: Batch;
    readonly position: number;
    readonly before: Tally;
    readonly knownWords: Set<string> | undefined;
    readonly whileWriting: () => void;
  },
  { importId, rejects, seats, applying, leftOutWhen, now }: WriteOptions,
): Promise<{ readonly fate: Fate; readonly after: Tally }> {
  const time = now();
  const applied = await applyItems(db, batch.items, { ...applying, ...through, seats, now: time, importId });
  const fate = fateOf(batch, applied.refused, leftOutWhen ?? {});
  const after = sum(before, { ...applied, wrong: fate.wrongLines, leftOut: fate.leftOut.length });
  if (importId !== undefined)
    await moveImport(db, importId, { position, tally: after, now: time, finished: false });
  // Before the commit: a line that is passed for good is in the rejects file already. If the commit fails, the same lines
  // are read again, and openRejects() cuts off what was written of them.
  await rejects?.add(fate.rejects);
  return { fate, after };
}

const sum = (before: Tally, more: Applied & Tally): Tally => ({
  new: before.new + more.new,
  changed: before.changed + more.changed,
  same: before.same + more.same,
  wrong: before.wrong + more.wrong,
  leftOut: before.leftOut + more.leftOut,
});

/**
 * Nobody waits for the disk: whatever a crash of the server takes back, it takes back in order, and the record of the
 * import with it.
 */
const kept = <T>(db: Kysely<Database>, work: (db: Kysely<Database>) => Promise<T>): Promise<T> =>
  db.transaction().execute(async (transaction) => {
    await sql`set local synchronous_commit = off`.execute(transaction);
    return work(transaction);
  });

async function takenBack<T>(db: Kysely<Database>, work: (db: Kysely<Database>) => Promise<T>): Promise<T> {
  const transaction = await db.startTransaction().execute();
  try {
    return await work(transaction);
  } finally {
    await transaction.rollback().execute();
  }
}

/** @throws BrokerError, always */
function refuse({ firstLine, lastLine }: Batch, cause: unknown): never {
  if (cause instanceof BrokerError) throw cause;
  throw new BrokerError('M-IMPT-009', {
    detail: `Lines ${firstLine} to ${lastLine}: ${cause instanceof Error ? cause.message : String(cause)}.`,
    cause,
  });
}
