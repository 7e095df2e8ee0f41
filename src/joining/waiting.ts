import { sql } from 'kysely';
import { z } from 'zod';
import type { JoiningNeeds } from './needs.ts';
import { readJoined } from './rows.ts';
import type { Joined } from './rows.ts';

type Needs = Pick<JoiningNeeds, 'db'>;

/** What waits for whoever represents these legal units, their own requests apart. */
export const waitingForRepresentative = (
  { db }: Needs,
  { sirens, accountId }: { readonly sirens: readonly string[]; readonly accountId: string },
): Promise<readonly Joined[]> =>
  readJoined(
    db,
    sql`where siren = any(${[...sirens]}::text[]) and account_id <> ${accountId}::uuid
      and state in ('awaiting_representative', 'active') and method is distinct from 'mandate'
      order by (state = 'active'), asked_at limit 200`,
  );

const unitsSchema = z.array(z.object({ siren: z.string(), count: z.int() }));

/** Legal units of which requests wait for operators. */
export async function unitsForOperators({
  db,
}: Needs): Promise<readonly { readonly siren: string; readonly count: number }[]> {
  const { rows } = await sql`
    select siren, count(*)::int as count from joined_membership where state = 'awaiting_operator' group by siren`.execute(
    db,
  );
  return unitsSchema.parse(rows);
}

/**
 * What waits for operators, the oldest first.
 *
 * @param asked.sirens of these legal units; of all of them when absent
 * @param asked.after the last one of the page before; one that waits no more begins again
 */
export const waitingForOperators = (
  { db }: Needs,
  {
    sirens,
    after,
    limit,
  }: {
    readonly sirens?: readonly string[] | undefined;
    readonly after?: Pick<Joined, 'id' | 'askedAt'> | undefined;
    readonly limit: number;
  },
): Promise<readonly Joined[]> =>
  readJoined(
    db,
    sql`where state = 'awaiting_operator'
      ${sirens === undefined ? sql`` : sql`and siren = any(${[...sirens]}::text[])`}
      ${after === undefined ? sql`` : sql`and (asked_at, id) > (${after.askedAt}::timestamptz, ${after.id}::uuid)`}
      order by asked_at, joined_membership.id limit ${limit}::int`,
  );
