import type { Kysely } from 'kysely';
import { z } from 'zod';

import {
  dataQualityFlags,
  isSiren,
  isSiret,
  qualificationsInForce,
  readQualifications,
  sourceLabel,
  sources,
  unitStateOf,
} from '../organizations/organizations.ts';
import type {
  DataQualityFlag,
  MergedFacts,
  RegisteredOrganization,
  Siren,
  Siret,
  SourceAndDate,
} from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { copiedAt, isStale } from './copies.ts';
import { mergedRow, spokenColumns } from './merged-row.ts';
import { successionsOf } from './successors.ts';
import type { Succession } from './successors.ts';

const rowSchema = z.object({
  ...spokenColumns,
  siret: z.custom<Siret>((value) => typeof value === 'string' && isSiret(value), 'SIRET'),
  siren: z.custom<Siren>((value) => typeof value === 'string' && isSiren(value), 'SIREN'),
  state: z.enum(['A', 'F']),
  commune_code: z.string().nullable(),
  naf: z.string().nullable(),
  declared_population: z.int().nonnegative().nullable(),
  qualifications: z.string(),
  suspended_at: z.date().nullable(),
  source: z.string(),
  source_date: z.iso.date(),
  flags: z.string(),
  establishment_source: z.string(),
  establishment_source_date: z.iso.date().nullable(),
  fetched_at: z.date().nullable(),
});
type Row = z.infer<typeof rowSchema>;

const flagsSchema = z.array(z.string());

/** @param succession of the units that stand for this one, when it is a duplicate or was merged */
export function registered(row: Row, now: Date, succession?: Succession): RegisteredOrganization {
  const { values, origins, flags } = mergedRow(row, succession?.decided);
  const believed = origins.legalCategory ?? Object.values(origins).at(0);
  const { publicService } = values;
  const fetchedAt = copiedAt(origins, { source: row.establishment_source, fetchedAt: row.fetched_at });
  return {
    siren: row.siren,
    siret: row.siret,
    name: values.name ?? (values.diffusion === 'P' ? row.siren : row.name),
    acronym: values.acronym,
    legalCategory: values.legalCategory,
    typeOverride: values.type,
    unitState: unitStateOf(values),
    establishmentState: row.state,
    rna: values.rna ?? undefined,
    // Of the organization: an operator's word stands for that of the establishment.
    communeCode: origins.commune?.source === 'operator' ? values.commune : (row.commune_code ?? undefined),
    naf: row.naf ?? undefined,
    sizeBand: values.sizeBand,
    diffusion: values.diffusion ?? 'O',
    createdOn: values.createdOn,
    successor: values.successor,
    declaredPopulation: declaredPopulation(row, { values, origins }),
    publicServiceStated:
      publicService === undefined || origins.publicService === undefined
        ? undefined
        : { ...publicService, source: origins.publicService.source },
    qualifications: qualificationsInForce(readQualifications(row.qualifications), now),
    suspended: row.suspended_at !== null || succession?.suspended === true,
    source: believed?.label ?? row.source,
    sourceDate: believed?.asOf ?? row.source_date,
    origins,
    establishmentOrigin: establishmentOrigin(row, origins),
    // That a number is borne, or given, twice shows by comparing rows: the statements of one do not tell it.
    statedFlags: [...flags, ...readFlags(row.flags).filter(showsBesideOthers)],
    fetchedAt,
    stale: isStale(fetchedAt, now),
  };
}

const showsBesideOthers = (flag: DataQualityFlag): boolean =>
  flag === 'rna_shared' || flag === 'siren_shared';

/** An operator's word first. What a register says of inhabitants is in territories.ts, by measure and edition. */
function declaredPopulation(
  row: Row,
  { values, origins: { population } }: Pick<MergedFacts, 'values' | 'origins'>,
): number | undefined {
  if (population?.source === 'operator') return values.population;
  const isDeclared = population?.source === 'configuration' || population?.source === 'organizations';
  return row.declared_population ?? (isDeclared ? values.population : undefined);
}

function establishmentOrigin(row: Row, origins: MergedFacts['origins']): SourceAndDate {
  const source = sources.find((one) => one === row.establishment_source);
  // The unit's statement of the same source may bear a name of its own: « INSEE, base Sirene », in a configuration.
  const ofUnit = Object.values(origins).find((origin) => origin.source === source);
  const isRow = source === undefined || source === 'configuration';
  return {
    label: ofUnit?.label ?? (isRow ? row.source : sourceLabel(source)),
    asOf: row.establishment_source_date ?? ofUnit?.asOf ?? row.source_date,
  };
}

export function readFlags(text: string): readonly DataQualityFlag[] {
  if (text === '[]') return [];
  const parsed: unknown = JSON.parse(text);
  const written = new Set(flagsSchema.parse(parsed));
  // One that a newer version wrote and that we do not know is not shown.
  return dataQualityFlags.filter((flag) => written.has(flag));
}

/** What is read of an establishment and of its legal unit. */
export const columns = [
  'establishment.siret',
  'establishment.siren',
  'establishment.state',
  'establishment.commune_code',
  'establishment.naf',
  'establishment.source as establishment_source',
  'establishment.source_date as establishment_source_date',
  'establishment.fetched_at',
  'organization.name',
  'organization.legal_category',
  'organization.unit_state',
  'organization.rna',
  'organization.created_on',
  'organization.declared_population',
  'organization.qualifications',
  'organization.suspended_at',
  'organization.source',
  'organization.source_date',
  'organization.statements',
  'organization.flags',
  'organization.diffusion',
] as const;

/**
 * The establishments that the register holds, with their legal units: one SQL statement, and one more for each step to
 * a successor where there is one. Qualifications are those in force at `now`.
 */
export async function storedOrganizations(
  db: Kysely<Database>,
  sirets: readonly Siret[],
  now: Date,
): Promise<RegisteredOrganization[]> {
  const selected: unknown[] = await db
    .selectFrom('establishment')
    .innerJoin('organization', 'organization.siren', 'establishment.siren')
    .select(columns)
    .where('establishment.siret', 'in', sirets)
    .execute();
  return readRegistered(db, selected, now);
}

/** Of rows that have `columns`. */
export async function readRegistered(
  db: Kysely<Database>,
  selected: readonly unknown[],
  now: Date,
): Promise<RegisteredOrganization[]> {
  const rows = z.array(rowSchema).parse(selected);
  const successions = await successionsOf(db, rows);
  return rows.map((row) => registered(row, now, successions.get(row.siren)));
}
