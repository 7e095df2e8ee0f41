import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';

/**
 * To call once after many organizations were written. PostgreSQL keeps new entries of these indexes in a list that every
 * search reads to its end (up to 4 MB: a tenth of a second) until autovacuum sorts them in, and the embedded database
 * has no autovacuum; statistics tell the planner what the new rows are like.
 */
export async function settleSearch(db: Kysely<Database>): Promise<void> {
  for (const index of ['organization_words', 'organization_words_tenth', 'organization_word_trigrams'])
    await sql`select gin_clean_pending_list(${index}::regclass)`.execute(db);
  await sql`analyze organization, organization_word, establishment`.execute(db);
}
