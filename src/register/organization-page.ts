import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { DataQualityFlag, Origins, TerritoryIndex } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { mergedRow, spokenColumns } from './merged-row.ts';
import { numbersOf } from './numbers-of.ts';
import { readFound } from './search-results.ts';
import type { FoundOrganization } from './search-results.ts';
import { runOn } from './search-time.ts';
import { readFlags } from './stored-organization.ts';

/** An organization of which no establishment is known: nobody can sign in for it, but the register speaks of it. */
export interface OrganizationPage extends FoundOrganization {
  readonly createdOn: string | undefined;
  readonly origins: Origins;
  readonly flags: readonly DataQualityFlag[];
  /** Of the row, where no fact has an origin of its own. */
  readonly source: string;
  /** ISO date. */
  readonly sourceDate: string;
}

const rowSchema = z.object({
  ...spokenColumns,
  flags: z.string(),
  source: z.string(),
  source_date: z.iso.date(),
});

/**
 * By SIREN, RNA number or entry in a court's register, as written in a list of results; by the latter two also once the
 * organization has a SIREN, which is then its `id`.
 */
export async function organizationPage(
  db: Kysely<Database>,
  territories: TerritoryIndex,
  number: string,
): Promise<OrganizationPage | undefined> {
  const id = (await numbersOf(db, number))?.id;
  if (id === undefined) return undefined;
  const [found] = await readFound(runOn(db), territories, { ids: [id] });
  if (found === undefined) return undefined;
  const { rows } = await sql`
    select statements, name, legal_category, unit_state, rna, created_on, diffusion, flags, source, source_date
    from organization where id = ${id}`.execute(db);
  const row = rowSchema.parse(rows.at(0));
  return {
    ...found,
    createdOn: row.created_on ?? undefined,
    origins: mergedRow(row).origins,
    flags: readFlags(row.flags),
    source: row.source,
    sourceDate: row.source_date,
  };
}
