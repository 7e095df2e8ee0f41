import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';

/** Some megabytes, and the words that come again and again; past it, the memory begins anew rather than grow. */
const mostKnown = 100_000;

/** Adds the words that the table lacks. Sorted, so that two who add the same ones wait for each other in one order. */
export async function writeWords(
  db: Kysely<Database>,
  words: ReadonlySet<string>,
  known: Set<string> | undefined,
): Promise<void> {
  const asked = known === undefined ? [...words] : [...words].filter((word) => !known.has(word));
  if (asked.length === 0) return;
  await sql`
    insert into organization_word (word)
    select word from unnest(${asked.sort()}::text[]) as given(word)
    on conflict do nothing`.execute(db);
  if (known === undefined) return;
  if (known.size > mostKnown) known.clear();
  for (const word of asked) known.add(word);
}
