import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { isRna, readStatements, sources } from '../organizations/organizations.ts';
import type { Source, Statement } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { isDecided, isInhabited } from './bound.ts';

const rowSchema = z.object({
  id: z.string(),
  siren: z.string().nullable(),
  rna: z.string().nullable(),
  local_register: z.string().nullable(),
  statements: z.string(),
  flags: z.string(),
  created_import: z.int().nullable(),
  name: z.string(),
  legal_category: z.string().nullable(),
  unit_state: z.enum(['A', 'C']),
  created_on: z.iso.date().nullable(),
  source: z.string(),
  source_date: z.iso.date(),
  seat_commune: z.string().nullable(),
});

/** An organization as the table has it. */
export type HeldOrganization = Readonly<z.infer<typeof rowSchema>>;

export interface Identifiers {
  readonly sirens: Iterable<string>;
  readonly rnas: Iterable<string>;
  readonly localRegisters: Iterable<string>;
}

/** Every row that bears one of the numbers: one SQL statement, none when there is no number. */
export async function heldOrganizations(
  db: Kysely<Database>,
  { sirens, rnas, localRegisters }: Identifiers,
): Promise<readonly HeldOrganization[]> {
  const asked = [
    ['siren', [...sirens]],
    ['rna', [...rnas]],
    ['local_register', [...localRegisters]],
  ] as const;
  const found = asked
    .filter(([, values]) => values.length > 0)
    .map(([column, values]) => sql<boolean>`${sql.ref(`organization.${column}`)} = any(${values}::text[])`);
  return found.length === 0 ? [] : select(db, sql.join(found, sql` or `));
}

/** Rows without SIREN of which the RNA gives a SIRET of one of the legal units: one SQL statement, by an index. */
export const organizationsThatHint = (
  db: Kysely<Database>,
  sirens: readonly string[],
): Promise<readonly HeldOrganization[]> =>
  sirens.length === 0
    ? Promise.resolve([])
    : select(
        db,
        sql`organization.siren is null and organization.statements like '%"headOffice":%'
          and left(coalesce(organization.statements::json #>> '{rna,facts,headOffice}',
            organization.statements::json #>> '{rna_import,facts,headOffice}'), 9) = any(${[...sirens]}::text[])`,
      );

/** Those rows that are still there. */
export const organizationsById = (
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<readonly HeldOrganization[]> => select(db, sql`organization.id = any(${[...ids]}::text[])`);

/** The next rows, in the order of their identifiers, of which a statement is, or confirms, one of the import. */
export const organizationsOfImport = (
  db: Kysely<Database>,
  importId: number,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly HeldOrganization[]> =>
  select(
    db,
    // In a JSON text only the member itself reads so: inside a name the quotes are escaped.
    sql`organization.id > ${after} and organization.statements ~ ${`"importId":${importId}[,}]`}
        order by organization.id limit ${limit}`,
  );

/**
 * The next rows that one of these imports brought and still speaks of, and that nothing holds in place, or that somebody else
 * speaks of too. By an index.
 */
export const organizationsLeftBy = (
  db: Kysely<Database>,
  importIds: readonly number[],
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly HeldOrganization[]> =>
  select(
    db,
    // Apart, so that rows are not read in the order of their key until enough are found.
    sql`organization.id in (with brought as materialized (
          select id from organization where created_import = any(${[...importIds]}::integer[])) select id from brought)
        and organization.id > ${after}
        and organization.statements ~ ${`"importId":(?:${importIds.join('|')})[,}]`}
        and (not (${isDecided} or ${isInhabited})
          or (select count(*) from json_object_keys(organization.statements::json)) > 1)
        order by organization.id limit ${limit}`,
  );

async function select(
  db: Kysely<Database>,
  condition: ReturnType<typeof sql>,
): Promise<readonly HeldOrganization[]> {
  const { rows } = await sql`
    select organization.id, organization.siren, rna, local_register, statements, flags,
      organization.created_import, name, legal_category, unit_state, organization.created_on,
      organization.source, organization.source_date,
      (select establishment.commune_code from establishment
        where establishment.siren = organization.siren and establishment.head_office
        order by establishment.siret limit 1) as seat_commune
    from organization where ${condition}`.execute(db);
  return z.array(rowSchema).parse(rows);
}

/** Columns that tell what version N−1 declared. */
export type DeclaredColumns = Pick<
  HeldOrganization,
  'statements' | 'name' | 'legal_category' | 'unit_state' | 'rna' | 'created_on' | 'source' | 'source_date'
>;

/** What `maillon apply` said; undefined when it never spoke of the organization. */
export const configurationOf = (row: DeclaredColumns): Statement | undefined =>
  row.statements === '{}' ? declaredBefore(row) : readStatements(row.statements).configuration;

/** By source. A row of version N−1 has none: its columns are what was declared. */
export function heldStatements(row: HeldOrganization): Map<Source, Statement> {
  if (row.statements === '{}') return new Map([['configuration', declaredBefore(row)]]);
  const read = readStatements(row.statements);
  const held = new Map<Source, Statement>();
  for (const source of sources) {
    const statement = read[source];
    if (statement !== undefined) held.set(source, statement);
  }
  return held;
}

const declaredBefore = (row: DeclaredColumns): Statement => ({
  facts: {
    name: row.name,
    ...(row.legal_category !== null && { legalCategory: row.legal_category }),
    // The column holds A where nobody said anything: believed before the registers, it would hold open what has ceased.
    ...(row.unit_state === 'C' && { unitState: row.unit_state }),
    ...(row.rna !== null && isRna(row.rna) && { rna: row.rna }),
    ...(row.created_on !== null && { createdOn: row.created_on }),
  },
  asOf: row.source_date,
  label: row.source,
});
