import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { addDays, parisDate } from '../eligibility/eligibility.ts';
import type { Database } from '../storage/storage.ts';

/** Domain reference §5.6: a guest's invitation is kept for a year after its end. */
export const invitationDays = 365;

/** @returns how many */
export async function purgeInvitations(db: Kysely<Database>, now: Date, limit: number): Promise<number> {
  const day = addDays(parisDate(now), -invitationDays);
  const before = new Date(now.getTime() - invitationDays * 24 * 3600 * 1000);
  const gone = await sql`
    delete from invitation where id in (
      select id from invitation
      where ends_on < ${day}::date or revoked_at < ${before}::timestamptz or replaced_at < ${before}::timestamptz
      order by ends_on limit ${limit}::int for update skip locked)`.execute(db);
  return Number(gone.numAffectedRows ?? 0);
}
