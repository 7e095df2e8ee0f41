import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { retention } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';

const day = 24 * 3600 * 1000;

/**
 * Deletes lots that decided nothing, as long after their last change as a draft of an organization is kept: their lists name
 * organizations, and may hold addresses. What was carried out stays as long as the files that it opened have their lot.
 *
 * @returns how many
 */
export async function purgeBatches(db: Kysely<Database>, now: Date, limit: number): Promise<number> {
  const before = new Date(now.getTime() - retention.draftDays * day);
  const gone = await sql`
    delete from batch where id in (
      select id from batch where state in ('draft', 'cancelled') and updated_at <= ${before}::timestamptz
      order by updated_at limit ${limit}::int for update skip locked)`.execute(db);
  return Number(gone.numAffectedRows ?? 0);
}
