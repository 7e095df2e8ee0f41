import type { Kysely } from 'kysely';
import { z } from 'zod';
import { isCommuneCode } from '../organizations/organizations.ts';
import type { CommuneCode, StatedFacts } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { mergedRow, spokenColumns } from './merged-row.ts';

const rowsSchema = z.array(
  z.object({
    id: z.string(),
    ...spokenColumns,
    commune_code: z
      .custom<CommuneCode>((value) => typeof value === 'string' && isCommuneCode(value))
      .nullable(),
  }),
);

/** What all sources together say of some organizations, by their id. One statement. */
export async function heldFacts(
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StatedFacts>> {
  if (ids.length === 0) return new Map();
  const rows: unknown[] = await db
    .selectFrom('organization')
    .select(['id', 'statements', 'name', 'legal_category', 'unit_state', 'rna', 'created_on', 'diffusion'])
    .select('commune_code')
    .where('id', 'in', [...new Set(ids)])
    .execute();
  return new Map(
    rowsSchema.parse(rows).map((row) => {
      const { values } = mergedRow(row);
      // The commune is that of the head office, which has a row of its own.
      return [row.id, { ...values, ...(row.commune_code !== null && { commune: row.commune_code }) }];
    }),
  );
}
