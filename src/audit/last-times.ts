import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';

const rowsSchema = z.array(z.object({ subject: z.string(), at: z.date() }));

/** When this was last done to each of these subjects; those to whom it never was are left out. */
export async function lastTimes(
  db: Kysely<Database>,
  act: string,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, Date>> {
  if (subjects.length === 0) return new Map();
  const { rows } = await sql`
    select asked.subject, found.at
    from unnest(array[${sql.join([...subjects])}]::text[]) as asked (subject),
      lateral (
        select at from audit_entry where audit_entry.subject = asked.subject and act = ${act} order by seq desc limit 1
      ) as found`.execute(db);
  return new Map(rowsSchema.parse(rows).map(({ subject, at }) => [subject, at]));
}

/** Whether the record names this one, as author or as subject. */
export async function isNamed(db: Kysely<Database>, reference: string): Promise<boolean> {
  const row = await db
    .selectFrom('audit_entry')
    .select('seq')
    .where((eb) => eb.or([eb('actor', '=', reference), eb('subject', '=', reference)]))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
