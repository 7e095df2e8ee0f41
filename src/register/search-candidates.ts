import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { z } from 'zod';
import type { Candidate } from './search-ranking.ts';
import type { Run } from './search-time.ts';

/** More are never ranked: « association sportive » is in a hundred thousand names. */
export const mostCandidates = 300;

/**
 * What the index keeps beside the words, any of each list: codes of communes or of a département; legal categories, and
 * `rna` for what the RNA alone knows, which gives none.
 */
export interface Marks {
  readonly places?: readonly string[] | undefined;
  readonly legalCategories?: readonly string[] | undefined;
}

const rowsSchema = z.array(
  z.object({
    id: z.string(),
    search_name: z.string(),
    acronym: z.string().nullable(),
    unit_state: z.enum(['A', 'C']),
  }),
);

/** As written in migrations/0003: an index answers only for the expression that it was made of. */
const marks = sql`(array[
  commune_code,
  case when commune_code ~ '^9[78]' then left(commune_code, 3) else left(commune_code, 2) end,
  case when legal_category is null and rna is not null then 'rna' else legal_category end
])`;

function marked({ places, legalCategories }: Marks): RawBuilder<unknown> {
  const lists = [places, legalCategories].filter((list) => list !== undefined);
  if (lists.length === 0) return sql`true`;
  return sql.join(
    lists.map((list) => sql`${marks} && ${list}::text[]`),
    sql` and `,
  );
}

/**
 * At most some twelve hundred, in no order; under `mostCandidates`, all there are.
 *
 * Three looks, each only when those before found fewer than `mostCandidates`: names that begin with what was typed (that
 * are it, with marks), by the index of the names; one in ten of those that hold the words, for words that
 * are everywhere; all of them. The tenth is by the last digit of the identifier: always the same ones.
 */
export async function candidatesByName(
  run: Run,
  searchName: string,
  words: string | undefined,
  where: Marks,
): Promise<readonly Candidate[]> {
  const isMarked = where.places !== undefined || where.legalCategories !== undefined;
  // `_` and `%` cannot be in it: letters, digits and spaces only.
  const beginning = isMarked ? sql`search_name = ${searchName}` : sql`search_name like ${`${searchName}%`}`;
  const condition = marked(where);
  const holding = words === undefined ? condition : sql`words @@ ${words}::tsquery and ${condition}`;
  const rows = await run(sql`
    with beginning as materialized (
      select id, search_name, acronym, unit_state from organization
      where ${words !== undefined} and ${beginning} and ${condition}
      order by search_name using ~<~ limit ${mostCandidates}
    ), tenth as materialized (
      select id, search_name, acronym, unit_state from organization
      where (select count(*) from beginning) < ${mostCandidates} and right(id, 1) = '7' and ${holding}
      limit ${mostCandidates}
    ), rest as materialized (
      select id, search_name, acronym, unit_state from organization
      where (select count(*) from beginning) < ${mostCandidates}
        and (select count(*) from tenth) < ${mostCandidates} and ${holding}
      limit ${mostCandidates}
    )
    select * from beginning union select * from tenth union select * from rest`);
  return rowsSchema.parse(rows).map((row) => ({
    id: row.id,
    searchName: row.search_name,
    acronym: row.acronym ?? undefined,
    active: row.unit_state === 'A',
  }));
}
