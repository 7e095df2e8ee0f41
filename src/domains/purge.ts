import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { claimDays } from './claim.ts';

/** Days for which what has ended is kept beside the record. */
export const endedDays = 365;
const day = 24 * 3600 * 1000;

/** Claims that nobody proved, and what has ended long ago with its handovers. @returns how many */
export async function purgeDomains(db: Kysely<Database>, now: Date, limit: number): Promise<number> {
  const claimed = new Date(now.getTime() - claimDays * day);
  const ended = new Date(now.getTime() - endedDays * day);
  const gone = await sql`
    delete from organization_domain where id in (
      select id from organization_domain
      where (state = 'claimed' and claimed_at <= ${claimed}::timestamptz) or ended_at <= ${ended}::timestamptz
      order by claimed_at limit ${limit}::int for update skip locked)`.execute(db);
  return Number(gone.numAffectedRows ?? 0);
}
