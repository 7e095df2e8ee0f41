import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { parentChain } from '../organizations/organizations.ts';
import { federated } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import type { Place } from './judge.ts';

const rowsSchema = z.array(
  z.object({
    batch: z.string(),
    department: z.string().nullable(),
    organization: z.string().nullable(),
    enters: z.boolean(),
  }),
);

/**
 * Where the organizations of decided lots lie, each place once: a department, with the federations above. Five thousand
 * lines are a hundred places. A lot without any has none here.
 */
export async function carriedPlaces(
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Place[]>> {
  const parents = new Map((await federated(db)).map(({ id, parent }) => [id, parent]));
  const inFederations = [...new Set([...parents.keys(), ...parents.values()])];
  const { rows } = await sql`
    select batch_id as batch, department,
      case when organization in (select jsonb_array_elements_text(${JSON.stringify(inFederations)}::jsonb))
        then organization end as organization,
      entry is not null as enters
    from batch_line
    where batch_id in (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))
      and organization is not null and (outcome <> 'left_out' or reason = 'stopped')
    group by 1, 2, 3, 4`.execute(db);
  const above = (id: string): readonly string[] => [id, ...parentChain(id, (of) => parents.get(of)).parents];
  const found = rowsSchema.parse(rows).map(({ batch, department, organization, enters }) => ({
    batch,
    place: {
      department: department ?? undefined,
      organizations: organization === null ? [] : above(organization),
      ...(enters && { enters }),
    },
  }));
  return new Map(
    [...Map.groupBy(found, ({ batch }) => batch)].map(([batch, of]) => [batch, of.map(({ place }) => place)]),
  );
}
