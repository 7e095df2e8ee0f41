import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { memberDays } from './rules.ts';

/**
 * A year after the last sign-in for the organization the row goes. Of what was revoked the mark stays, as long as the
 * account does: without it whoever was revoked would only have to wait. Name, address and reason go from it.
 *
 * @returns how many
 */
export async function purgeMembers(db: Kysely<Database>, now: Date, limit: number): Promise<number> {
  const before = new Date(now.getTime() - memberDays * 24 * 3600 * 1000);
  const gone = await sql`
    delete from membership where id in (
      select id from membership where last_seen_at < ${before}::timestamptz and revoked_at is null
      order by last_seen_at limit ${limit}::int for update skip locked)`.execute(db);
  const forgotten = await sql`
    update membership set given_name = null, usual_name = null, email = null, revoked_reason = null
    where id in (
      select id from membership
      where last_seen_at < ${before}::timestamptz and revoked_at < ${before}::timestamptz
        and (given_name is not null or usual_name is not null or email is not null or revoked_reason is not null)
      order by last_seen_at limit ${limit}::int for update skip locked)`.execute(db);
  return Number(gone.numAffectedRows ?? 0) + Number(forgotten.numAffectedRows ?? 0);
}
