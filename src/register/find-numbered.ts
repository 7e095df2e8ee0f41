import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { TerritoryIndex } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { readFound } from './search-results.ts';
import type { FoundOrganization } from './search-results.ts';
import { runOn } from './search-time.ts';
import { searchWords } from './search-words.ts';

/** Of one statement: readFound looks for each id in what it found. */
const atOnce = 500;

const rowSchema = z.object({ id: z.string(), number: z.string(), homonyms: z.coerce.number() });

export interface Numbered {
  /** By the number asked for: several may claim one RNA number, active ones come first. */
  readonly found: ReadonlyMap<string, readonly FoundOrganization[]>;
  /** By identifier, how many other organizations have the same name; none of those whose name is masked. */
  readonly homonyms: ReadonlyMap<string, number>;
}

/** What the register holds of many numbers (SIREN, RNA, register of a court): a statement for them all, and one for five hundred found. */
export async function findNumbered(
  db: Kysely<Database>,
  territories: TerritoryIndex,
  numbers: readonly string[],
): Promise<Numbered> {
  const asked = JSON.stringify([...new Set(numbers)]);
  const { rows } = await sql`
    with asked as (select value as number from jsonb_array_elements_text(${asked}::jsonb)),
    held as (
      select organization.id, asked.number, search_name, unit_state
      from asked join organization on organization.id = asked.number
      union
      select organization.id, asked.number, search_name, unit_state
      from asked join organization on organization.rna = asked.number
      union
      select organization.id, asked.number, search_name, unit_state
      from asked join organization on organization.local_register = asked.number
    )
    select id, number, case when search_name = '' then 0 else (
      select count(*) from organization as other
      where other.search_name = held.search_name and other.id <> held.id and other.diffusion = 'O'
    ) end as homonyms
    from held order by unit_state, id`.execute(db);
  const held = z.array(rowSchema).parse(rows);
  const ids = [...new Set(held.map(({ id }) => id))];
  const byId = new Map<string, FoundOrganization>();
  for (let start = 0; start < ids.length; start += atOnce) {
    const some = await readFound(runOn(db), territories, { ids: ids.slice(start, start + atOnce) });
    for (const one of some) byId.set(one.id, one);
  }
  return {
    found: new Map(
      [...Map.groupBy(held, ({ number }) => number)].map(([number, of]) => [
        number,
        of.flatMap(({ id }) => byId.get(id) ?? []),
      ]),
    ),
    homonyms: new Map(held.map(({ id, homonyms }) => [id, homonyms])),
  };
}

const namedSchema = z.array(z.object({ name: z.string(), count: z.coerce.number() }));

/** How many organizations of the register have each of these names, as the search reads them; none whose name is masked. */
export async function countNamed(
  db: Kysely<Database>,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const read = names.map((name) => ({ name, search: searchWords(name).searchName }));
  const asked = JSON.stringify([...new Set(read.map(({ search }) => search))].filter((one) => one !== ''));
  const { rows } = await sql`
    select search_name as name, count(*) as count from organization
    where search_name in (select value from jsonb_array_elements_text(${asked}::jsonb)) and diffusion = 'O'
    group by search_name`.execute(db);
  const counts = new Map(namedSchema.parse(rows).map(({ name, count }) => [name, count]));
  return new Map(read.map(({ name, search }) => [name, counts.get(search) ?? 0]));
}
