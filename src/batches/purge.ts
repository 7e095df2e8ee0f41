import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { destroyedContent, retention } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';

const day = 24 * 3600 * 1000;

/**
 * Deletes lots that decided nothing, as long after their last change as a draft of an organization is kept: their lists name
 * organizations, and may hold addresses. What was carried out stays as long as the files that it opened have their lot,
 * without the addresses that serve nothing any more.
 *
 * @returns how many lots and lines
 */
export async function purgeBatches(db: Kysely<Database>, now: Date, limit: number): Promise<number> {
  const before = new Date(now.getTime() - retention.draftDays * day);
  const gone = await sql`
    delete from batch where id in (
      select id from batch where state in ('draft', 'proposed', 'cancelled') and updated_at <= ${before}::timestamptz
      order by updated_at limit ${limit}::int for update skip locked)`.execute(db);
  return Number(gone.numAffectedRows ?? 0) + (await emptyAddresses(db, before, limit));
}

/**
 * An address of a line that opened a file goes with the content of that file; of a line that opened none, as long after the
 * end of the lot as a draft is kept (GDPR art. 5(1)(e)).
 */
async function emptyAddresses(db: Kysely<Database>, before: Date, limit: number): Promise<number> {
  const emptied = await sql`
    update batch_line set cells = (jsonb_set(cells::jsonb, '{email}', '""') #- '{own,contact_email}')::text
    where (batch_id, line) in (
      select batch_id, line from batch_line
      join batch on batch.id = batch_id
      left join registration on registration.id = batch_line.registration
      where (cells !~ '"email": ?""' or cells like '%"contact_email":%') and ended_at is not null
        and (registration.draft = ${destroyedContent}
          or (registration.id is null and ended_at <= ${before}::timestamptz))
      limit ${limit}::int)`.execute(db);
  return Number(emptied.numAffectedRows ?? 0);
}
