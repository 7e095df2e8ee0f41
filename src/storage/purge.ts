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
