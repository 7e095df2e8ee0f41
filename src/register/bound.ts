import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import type { Draft } from './draft.ts';

/** An operator suspended or qualified the organization, or wrote down its population. */
export const isDecided = sql<boolean>`(organization.suspended_at is not null
  or organization.qualifications <> '[]' or organization.declared_population is not null)`;

export const isInhabited = sql<boolean>`exists (
  select from establishment where establishment.siren = organization.siren)`;

const boundSchema = z.array(
  z.object({
    id: z.string(),
    inhabited: z.boolean(),
    qualifications: z.string(),
    suspended_at: z.date().nullable(),
    declared_population: z.int().nullable(),
  }),
);

/** What hangs on a row of `organization`, and would be lost with it: establishments first, or else a decision. */
export interface Bound {
  readonly bond: 'establishments' | 'decision';
  readonly decision: Omit<z.infer<typeof boundSchema>[number], 'id' | 'inhabited'>;
}

/** Of rows that the table holds, those that something hangs on. */
export async function boundAmong(
  db: Kysely<Database>,
  drafts: readonly Draft[],
): Promise<ReadonlyMap<Draft, Bound>> {
  const byId = new Map(drafts.flatMap((draft) => (draft.held === undefined ? [] : [[draft.held.id, draft]])));
  if (byId.size === 0) return new Map();
  const { rows } = await sql`
    select id, ${isInhabited} as inhabited, qualifications, suspended_at, declared_population from organization
    where id = any(${[...byId.keys()]}::text[]) and (${isDecided} or ${isInhabited})`.execute(db);
  return new Map(
    boundSchema.parse(rows).flatMap(({ id, inhabited, ...decision }): (readonly [Draft, Bound])[] => {
      const draft = byId.get(id);
      const bond = inhabited ? 'establishments' : 'decision';
      return draft === undefined ? [] : [[draft, { bond, decision }]];
    }),
  );
}
