import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import {
  isRna,
  isSiren,
  legalCategory,
  mergeStatements,
  readStatements,
  sectorOf,
} from '../organizations/organizations.ts';
import type { MemberFacts, MemberList, Rna, Siren, TerritoryIndex } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';

const rowsSchema = z.array(
  z.object({
    siren: z.custom<Siren>((value) => typeof value === 'string' && isSiren(value), 'SIREN').nullable(),
    rna: z.custom<Rna>((value) => typeof value === 'string' && isRna(value), 'RNA').nullable(),
    name: z.string(),
    legal_category: z.string().nullable(),
    unit_state: z.enum(['A', 'C']),
    statements: z.string(),
  }),
);

/**
 * What the register holds of the members of a list, communes by the SIREN that the map gives them: one SQL statement.
 *
 * @returns by SIREN and by RNA number; those that the register does not hold are absent
 */
export async function memberFacts(
  db: Kysely<Database>,
  { members }: MemberList,
  index: TerritoryIndex,
): Promise<ReadonlyMap<string, MemberFacts>> {
  const sirens = members.flatMap(
    ({ siren, commune }) =>
      siren ?? (commune === undefined ? [] : (index.communeByCode(commune)?.siren ?? [])),
  );
  const associations = members.flatMap(({ rna }) => rna ?? []);
  const rows: unknown[] = await db
    .selectFrom('organization')
    .select(['siren', 'rna', 'name', 'legal_category', 'unit_state', 'statements'])
    .where((where) =>
      where.or([
        sql<boolean>`siren = any(${sirens}::text[])`,
        sql<boolean>`rna = any(${associations}::text[])`,
      ]),
    )
    .execute();
  const facts = new Map<string, MemberFacts>();
  for (const row of rowsSchema.parse(rows)) {
    const { siren, rna, name } = row;
    const { values } = mergeStatements(readStatements(row.statements));
    const type = values.type ?? legalCategory(row.legal_category ?? undefined).type;
    const held: MemberFacts = {
      name,
      type,
      sector: sectorOf(type),
      active: row.unit_state === 'A' && values.dissolvedOn === undefined,
      ...(siren !== null && { siren }),
      ...(rna !== null && { rna }),
    };
    if (siren !== null) facts.set(siren, held);
    if (rna !== null) facts.set(rna, held);
  }
  return facts;
}
