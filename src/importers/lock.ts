import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { BrokerError } from '../errors/errors.ts';
import type { Database } from '../storage/storage.ts';
import { unfinishedImport } from './import-records.ts';
import type { ImportRecord } from './import-records.ts';

/**
 * Any number will do that nothing else takes (`maillon apply` has its own: it must not wait for an import), as long as
 * every version of Maillon takes the same.
 */
const lockNumber = 7_214_400_936;

/**
 * Works while no other process imports into this database. The lock is of one connection, which is held and does all the
 * work: when the process dies, PostgreSQL lets go of both.
 *
 * @throws BrokerError M-IMPT-003 when an import, a dry run or an undoing is under way elsewhere
 */
export const withImportLock = <T>(
  db: Kysely<Database>,
  work: (held: Kysely<Database>) => Promise<T>,
): Promise<T> =>
  locked(db, work, async (held) => {
    throw new BrokerError('M-IMPT-003', { detail: runningText(await unfinishedImport(held)) });
  });

/** The same for what can wait: nothing is done while an import, a dry run or an undoing is under way elsewhere. */
export const whenNobodyImports = (
  db: Kysely<Database>,
  work: (held: Kysely<Database>) => Promise<void>,
): Promise<void> => locked(db, work, () => Promise.resolve());

function locked<T>(
  db: Kysely<Database>,
  work: (held: Kysely<Database>) => Promise<T>,
  otherwise: (held: Kysely<Database>) => Promise<T>,
): Promise<T> {
  return db.connection().execute(async (held) => {
    const { rows } = await sql<{
      mine: boolean;
    }>`select pg_try_advisory_lock(${lockNumber}::bigint) as mine`.execute(held);
    if (rows[0]?.mine !== true) return otherwise(held);
    try {
      return await work(held);
    } finally {
      // A connection that broke has let go of the lock already, and what broke it is what the caller must hear of.
      await sql`select pg_advisory_unlock(${lockNumber}::bigint)`.execute(held).catch(() => undefined);
    }
  });
}

const runningText = (running: ImportRecord | undefined): string =>
  running === undefined
    ? 'A dry run or an undoing is under way in another process: wait until it ends.'
    : `Import ${running.id} (${running.source}, ${running.fileName}, since ${running.startedAt.toISOString()}) is under way in another process: wait until it ends.`;
