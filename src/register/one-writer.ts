import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';

/** Any number will do, as long as every version of Maillon takes the same. */
const lockNumber = 7_214_400_935;

/**
 * Thousands of numbers are looked up by index: what the planner believes of a table that is being filled is out of date,
 * and one batch that reads it from end to end, or an index, takes as long as a hundred that do not.
 */
export const forLookups = sql`set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
        set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true)`;

/**
 * Runs in the transaction given, or in one of its own, while nobody else writes the register. Row locks would not do:
 * two that write at once would each miss the row that the other is about to add, and with it the number that joins
 * them. Held for one batch; those who wait are served in order. Says to the trigger of migration 0003 that this is not
 * version N−1 writing.
 */
export function asOnlyWriter<T>(
  db: Kysely<Database>,
  work: (db: Kysely<Database>) => Promise<T>,
): Promise<T> {
  const locked = async (transaction: Kysely<Database>): Promise<T> => {
    await sql`
      select pg_advisory_xact_lock(${lockNumber}::bigint), ${forLookups},
        set_config('maillon.merging', 'yes', true)`.execute(transaction);
    return work(transaction);
  };
  return db.isTransaction ? locked(db) : db.transaction().execute(locked);
}
