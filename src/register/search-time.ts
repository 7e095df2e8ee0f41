import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';
import type { Database } from '../storage/storage.ts';

/** Milliseconds that a whole search has, its waiting included. */
export const searchWithinMs = 1_500;

/** Sends one statement; the answer is its rows, of any shape. */
export type Run = (statement: RawBuilder<unknown>) => Promise<readonly unknown[]>;

/** For statements that no search limits. */
export const runOn =
  (db: Kysely<Database>): Run =>
  async (statement) =>
    (await statement.execute(db)).rows;

/** The time of the search has passed: it sends nothing more. */
class OutOfTime extends Error {}

/** Quick searches tell the database once how long they have: it may be this much more, in milliseconds. */
const closeEnoughMs = 100;

/**
 * One transaction for one search: the indexes are always used, whatever the planner makes of words that are seldom apart
 * (« comité », « fêtes »), and all statements together have until `deadline`, each being given what is left.
 *
 * @param deadline on the clock of `performance.now()`
 * @throws what `isOutOfTime` knows, when the deadline passes
 */
export async function inOneSearch<T>(
  db: Kysely<Database>,
  deadline: number,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const timeLeft = (): number => {
    const left = Math.ceil(deadline - performance.now());
    if (left <= 0) throw new OutOfTime();
    return left;
  };
  // Before a connection is taken: it may have waited for its turn in vain.
  timeLeft();
  return db.transaction().execute(async (transaction) => {
    const send = runOn(transaction);
    let given = timeLeft();
    await send(sql`
      select set_config('statement_timeout', ${String(given)}, true), set_config('enable_seqscan', 'off', true),
        set_config('jit', 'off', true), set_config('work_mem', '16MB', true),
        set_config('pg_trgm.similarity_threshold', '0.4', true)`);
    return work(async (statement) => {
      const left = timeLeft();
      if (given - left > closeEnoughMs) {
        await send(sql`select set_config('statement_timeout', ${String(left)}, true)`);
        given = left;
      }
      return send(statement);
    });
  });
}

/** SQLSTATE query_canceled: `statement_timeout` has passed. */
export const isOutOfTime = (error: unknown): boolean =>
  error instanceof OutOfTime || (error instanceof Error && 'code' in error && error.code === '57014');
