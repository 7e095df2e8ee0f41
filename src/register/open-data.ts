import { stringify } from 'csv-stringify/sync';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { parisDate } from '../eligibility/eligibility.ts';
import {
  isBetweenNaturalPersons,
  isNaturalPerson,
  isSiret,
  legalCategory,
  organizationTypeLabel,
} from '../organizations/organizations.ts';
import type { TerritoryIndex } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { mergedRow, spokenColumns } from './merged-row.ts';

/**
 * Which organizations may use which service, as open data: one line an approval in force, of an
 * organization that has not ceased. Legal persons only: no sole trader, nobody who asked INSEE not to be shown, no name of
 * a person, nothing on who decided but their organization. Names of columns are French, as those of the registers that
 * they are joined with.
 */
export interface ApprovedOrganization {
  readonly siren: string;
  /** Head office; empty when the register holds no establishment. */
  readonly siret: string;
  readonly rna: string;
  readonly nom: string;
  readonly type: string;
  readonly type_libelle: string;
  readonly categorie_juridique: string;
  readonly commune: string;
  readonly departement: string;
  readonly service: string;
  readonly service_nom: string;
  readonly niveau: string;
  readonly fondement: string;
  /** ISO dates, both included, Europe/Paris. */
  readonly debut: string;
  readonly fin: string;
  readonly decide_par: string;
  readonly source: string;
  readonly date_source: string;
}

const columns = [
  'siren',
  'siret',
  'rna',
  'nom',
  'type',
  'type_libelle',
  'categorie_juridique',
  'commune',
  'departement',
  'service',
  'service_nom',
  'niveau',
  'fondement',
  'debut',
  'fin',
  'decide_par',
  'source',
  'date_source',
] as const satisfies readonly (keyof ApprovedOrganization)[];

/** Etalab, Licence Ouverte 2.0: reuse is free, with the source and the date of the last update. */
export const openLicense = {
  name: 'Licence Ouverte 2.0',
  href: 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/',
} as const;

const rowSchema = z.object({
  ...spokenColumns,
  siren: z.string(),
  head_office: z.string().refine(isSiret).nullable(),
  commune_code: z.string().nullable(),
  source: z.string(),
  source_date: z.iso.date(),
  service_id: z.string(),
  level: z.string(),
  ground: z.string(),
  starts_on: z.iso.date(),
  ends_on: z.iso.date(),
  decided_by: z.string(),
});

const authorSchema = z.object({ organization: z.string().optional() });

export async function approvedOrganizations(
  db: Kysely<Database>,
  needs: {
    readonly now: Date;
    readonly territories: TerritoryIndex;
    readonly serviceName: (id: string) => string | undefined;
  },
): Promise<ApprovedOrganization[]> {
  const today = parisDate(needs.now);
  const rows: unknown[] = await db
    .selectFrom('approval')
    .innerJoin('organization', 'organization.siren', 'approval.siren')
    .select([
      'approval.siren',
      'organization.rna',
      'organization.name',
      'organization.legal_category',
      'organization.unit_state',
      'organization.created_on',
      'organization.diffusion',
      'organization.statements',
      'organization.commune_code',
      'organization.source',
      'organization.source_date',
      'approval.service_id',
      'approval.level',
      'approval.ground',
      'approval.starts_on',
      'approval.ends_on',
      'approval.decided_by',
    ])
    .select((eb) =>
      eb
        .selectFrom('establishment')
        .select(sql<string>`min(siret)`.as('siret'))
        .whereRef('establishment.siren', '=', 'approval.siren')
        .where('establishment.head_office', '=', true)
        .as('head_office'),
    )
    .where('approval.status', '=', 'active')
    .where('approval.starts_on', '<=', today)
    .where('approval.ends_on', '>=', today)
    .where('organization.suspended_at', 'is', null)
    .where('organization.unit_state', '=', 'A')
    .where('organization.diffusion', '=', 'O')
    .orderBy('approval.siren')
    .orderBy('approval.service_id')
    .orderBy('approval.id')
    .execute();
  return z
    .array(rowSchema)
    .parse(rows)
    .filter(({ legal_category: category }) => category === null || !isOfPersons(category))
    .map((row) => published(row, needs));
}

const isOfPersons = (category: string): boolean =>
  isNaturalPerson(category) || isBetweenNaturalPersons(category);

function published(
  row: z.infer<typeof rowSchema>,
  {
    territories,
    serviceName,
  }: {
    readonly territories: TerritoryIndex;
    readonly serviceName: (id: string) => string | undefined;
  },
): ApprovedOrganization {
  const commune = row.commune_code === null ? undefined : territories.communeByCode(row.commune_code);
  const { values } = mergedRow(row);
  const type = values.type ?? legalCategory(values.legalCategory).type;
  const author: unknown = JSON.parse(row.decided_by);
  return {
    siren: row.siren,
    siret: row.head_office ?? '',
    rna: row.rna ?? '',
    nom: row.name,
    type,
    type_libelle: organizationTypeLabel(type, 'fr'),
    categorie_juridique: row.legal_category ?? '',
    commune: commune?.name ?? '',
    departement: commune?.department ?? '',
    service: row.service_id,
    service_nom: serviceName(row.service_id) ?? row.service_id,
    niveau: row.level,
    fondement: row.ground,
    debut: row.starts_on,
    fin: row.ends_on,
    decide_par: authorSchema.parse(author).organization ?? '',
    source: row.source,
    date_source: row.source_date,
  };
}

/**
 * UTF-8, comma, one header line; a cell that a spreadsheet would take for a formula is quoted as text. A table has no place
 * for a notice but its lines: each bears the licence, and the day on which it was made.
 */
export const approvedCsv = (
  organizations: readonly ApprovedOrganization[],
  { now }: { readonly now: Date },
): string => {
  const notice = { licence: `${openLicense.name} (${openLicense.href})`, date_export: parisDate(now) };
  return stringify(
    organizations.map((one) => ({ ...one, ...notice })),
    { header: true, columns: [...columns, 'licence', 'date_export'], escape_formulas: true },
  );
};

/** @param producer address of the broker that publishes */
export const approvedJson = (
  organizations: readonly ApprovedOrganization[],
  { producer, now }: { readonly producer: string; readonly now: Date },
): string =>
  `${JSON.stringify(
    {
      titre: 'Organisations autorisées à utiliser les services',
      producteur: producer,
      date: now.toISOString(),
      licence: openLicense.name,
      licence_url: openLicense.href,
      organisations: organizations,
    },
    undefined,
    2,
  )}\n`;
