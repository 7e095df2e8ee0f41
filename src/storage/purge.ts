import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from './tables.ts';

/**
 * Deletes grants and refresh tokens that have expired, at most `limit` of each, and leaves those that another process is
 * deleting. Call it from time to time, and again at once when it returns `limit` or more.
 *
 * @returns how many rows were deleted, not counting the refresh tokens that went with their grant
 */
export async function purgeExpired(db: Kysely<Database>, now: Date, limit = 1_000): Promise<number> {
  const tokens = await sql`
    delete from oidc_refresh_token where id in (
      select id from oidc_refresh_token where expires_at <= ${now}::timestamptz
      order by expires_at limit ${limit}::int for update skip locked)`.execute(db);
  const grants = await sql`
    delete from oidc_grant where id in (
      select id from oidc_grant where expires_at <= ${now}::timestamptz
      order by expires_at limit ${limit}::int for update skip locked)`.execute(db);
  return Number(tokens.numAffectedRows ?? 0) + Number(grants.numAffectedRows ?? 0);
}

const everyMs = 60_000;
const batch = 1_000;
const batchesAtOnce = 20;

/**
 * Runs each job every minute, by small batches: no long lock, and every process may do it.
 *
 * @param jobs each deletes at most `limit` rows, and answers how many it did
 * @returns what stops it
 */
export function startPurging(
  jobs: readonly ((limit: number) => Promise<number>)[],
  onProblem: (error: unknown) => void,
): () => void {
  const purge = async (): Promise<void> => {
    for (const job of jobs) {
      try {
        for (let count = 0; count < batchesAtOnce; count += 1) if ((await job(batch)) < batch) break;
      } catch (error) {
        onProblem(error);
      }
    }
  };
  const timer = setInterval(() => void purge(), everyMs).unref();
  return () => clearInterval(timer);
}
