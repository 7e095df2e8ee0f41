import { sql } from 'kysely';
import { z } from 'zod';
import { isRna, isSiren, isSiret, legalCategory } from '../organizations/organizations.ts';
import type { OrganizationType, Rna, Siren, Siret, TerritoryIndex } from '../organizations/organizations.ts';
import { mergedRow } from './merged-row.ts';
import type { Run } from './search-time.ts';

/** One line of a list: enough to tell homonyms apart. */
export interface FoundOrganization {
  /** SIREN, RNA number, or entry in a court's register. */
  readonly id: string;
  readonly siren: Siren | undefined;
  readonly rna: Rna | undefined;
  readonly name: string;
  readonly acronym: string | undefined;
  readonly type: OrganizationType;
  readonly active: boolean;
  readonly communeCode: string | undefined;
  readonly communeName: string | undefined;
  readonly department: string | undefined;
  /** ISO date; given only where another one of the list has the same name, type, commune and state. */
  readonly createdOn: string | undefined;
  /** Head office, or the establishment that was asked for: what the public page is asked with. */
  readonly siret: Siret | undefined;
}

/** One number that does not hold must not hide a whole list. */
const orNull = <T extends string>(holds: (text: string) => text is T) =>
  z
    .string()
    .nullable()
    .transform((text) => (text !== null && holds(text) ? text : null));

const rowSchema = z.object({
  id: z.string(),
  siren: orNull<Siren>(isSiren),
  rna: orNull<Rna>(isRna),
  name: z.string(),
  acronym: z.string().nullable(),
  legal_category: z.string().nullable(),
  unit_state: z.enum(['A', 'C']),
  created_on: z.iso.date().nullable(),
  commune_code: z.string().nullable(),
  diffusion: z.enum(['O', 'P']),
  statements: z.string(),
  siret: orNull<Siret>(isSiret),
});
type Row = z.infer<typeof rowSchema>;

export interface Asked {
  readonly ids?: readonly string[] | undefined;
  readonly siren?: Siren | undefined;
  readonly siret?: Siret | undefined;
  readonly rna?: Rna | undefined;
}

/** A number may be claimed by several: a mistyped one, or a federation's that its members use. */
const mostOfOneNumber = 20;

/** In the order of the ids; of a number, at most twenty, active ones first. */
export async function readFound(
  run: Run,
  territories: TerritoryIndex,
  { ids, siren, siret, rna }: Asked,
): Promise<readonly FoundOrganization[]> {
  if (ids?.length === 0) return [];
  const condition =
    ids !== undefined
      ? sql`organization.id = any(${ids}::text[])`
      : siren !== undefined
        ? sql`organization.siren = ${siren}`
        : siret !== undefined
          ? sql`organization.siren = ${siret.slice(0, 9)}
              and exists (select from establishment where establishment.siret = ${siret})`
          : sql`organization.rna = ${rna ?? ''}`;
  const rows = await run(sql`
    select organization.id, organization.siren, rna, name, acronym, legal_category, unit_state, created_on,
      organization.commune_code, organization.diffusion, statements, seat.siret
    from organization left join lateral (
      select siret from establishment where establishment.siren = organization.siren
      order by siret = ${siret ?? ''} desc, head_office desc, siret limit 1
    ) as seat on true
    where ${condition}
    order by unit_state, organization.id limit ${ids?.length ?? mostOfOneNumber}`);
  const read = z
    .array(rowSchema)
    .parse(rows)
    .map((row) => foundOf(row, territories));
  const inOrder =
    ids === undefined
      ? read
      : ids.flatMap((id) => {
          const found = read.find((one) => one.id === id);
          return found === undefined ? [] : [found];
        });
  return toldApart(inOrder);
}

function foundOf(row: Row, territories: TerritoryIndex): FoundOrganization {
  const { values } = mergedRow(row);
  // A commune is where it is, whether or not an establishment of it is held.
  const commune =
    row.commune_code === null
      ? territories.communeBySiren(row.siren ?? '')
      : territories.communeByCode(row.commune_code);
  return {
    id: row.id,
    siren: row.siren ?? undefined,
    rna: row.rna ?? undefined,
    name: row.name,
    acronym: row.acronym ?? undefined,
    type: typeOf(row, values.type, values.publicUtility),
    active: row.unit_state === 'A',
    communeCode: row.commune_code ?? commune?.code,
    communeName: commune?.name,
    department: commune?.department,
    createdOn: row.created_on ?? undefined,
    siret: row.siret ?? undefined,
  };
}

/** The RNA gives no legal category; whoever is in it is declared, or recognized as of public utility. */
export function typeOf(
  { legal_category: code, rna }: { readonly legal_category: string | null; readonly rna: Rna | null },
  corrected: OrganizationType | undefined,
  publicUtility: boolean | undefined,
): OrganizationType {
  if (corrected !== undefined) return corrected;
  if (code === null && rna !== null)
    return publicUtility === true ? 'association.public_utility' : 'association.declared';
  return legalCategory(code ?? undefined).type;
}

/** The day of creation is one more thing to read: only where it tells two of the list apart. */
function toldApart(found: readonly FoundOrganization[]): readonly FoundOrganization[] {
  const reads = ({ name, type, communeCode, active }: FoundOrganization): string =>
    [name.toLowerCase(), type, communeCode, active].join('\n');
  const times = new Map<string, number>();
  for (const one of found) times.set(reads(one), (times.get(reads(one)) ?? 0) + 1);
  return found.map((one) => (times.get(reads(one)) === 1 ? { ...one, createdOn: undefined } : one));
}
