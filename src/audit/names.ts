import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import { jsonOf } from './read-entry.ts';

const rowsSchema = z.array(z.object({ actor: z.string(), detail: z.string() }));
const namedSchema = z.object({ actor: z.object({ givenName: z.string(), usualName: z.string() }) });

/**
 * What the record itself calls people who acted, the last time that it named them. Nobody whose details were erased: the
 * number of their account then leads to nobody.
 *
 * @param references `account:…`, as entries have them
 */
export async function namesOfAccounts(
  db: Kysely<Database>,
  references: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const accounts = [...new Set(references)].filter((one) => one.startsWith('account:'));
  if (accounts.length === 0) return new Map();
  const { rows } = await sql`
    select distinct on (actor) actor, detail from audit_entry
    where actor = any(${accounts}::text[]) and detail like '%"usualName":%'
    order by actor, seq desc`.execute(db);
  const names = rowsSchema.parse(rows).flatMap(({ actor, detail }): [string, string][] => {
    const read = namedSchema.safeParse(jsonOf(detail));
    const name = read.success ? `${read.data.actor.givenName} ${read.data.actor.usualName}`.trim() : '';
    return name === '' ? [] : [[actor, name]];
  });
  return new Map(names);
}
