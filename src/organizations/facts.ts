import type { Rna, Siren, Siret } from './identifiers.ts';
import { isAssociation, legalCategory } from './legal-category.ts';
import type {
  LegalSector,
  OrganizationType,
  PublicServiceFacet,
  PublicServiceSource,
} from './legal-category.ts';
import { organizationCategory } from './organization-type.ts';
import { noExceptions, publicServiceVerdict } from './public-service.ts';
import type { PublicServiceExceptions } from './public-service.ts';
import type { TerritoryIndex } from './territory-index.ts';
import { territoryOf } from './territory.ts';
import type { Territory } from './territory.ts';

/** What a register says of one establishment and its legal unit, before any rule of ours. */
export interface RegisteredOrganization {
  readonly siren: Siren;
  readonly siret: Siret;
  readonly name: string;
  /** INSEE legal category, four digits as a string; undefined when the register holds none. */
  readonly legalCategory: string | undefined;
  /** État administratif of the legal unit: A active, C ceased (INSEE, Base Sirene). */
  readonly unitState: 'A' | 'C';
  /** État administratif of the establishment: A active, F closed (INSEE, Base Sirene). */
  readonly establishmentState: 'A' | 'F';
  readonly rna: Rna | undefined;
  readonly communeCode: string | undefined;
  readonly naf: string | undefined;
  readonly createdOn: string | undefined;
  /** Only for invented organizations: real populations come from the COG by SIREN. */
  readonly declaredPopulation: number | undefined;
  /** Qualifications in force, by operator decision (domain reference §3.4). */
  readonly qualifications: readonly Qualification[];
  readonly suspended: boolean;
  readonly source: string;
  /** ISO date of the source. */
  readonly sourceDate: string;
}

/** First and last day, ISO dates, inclusive, Europe/Paris. */
export interface Qualification {
  readonly id: string;
  readonly startsOn: string;
  readonly endsOn: string | undefined;
}

/** What we know of an organization, each rule applied: what `decide()` and the claims read. */
export interface OrganizationFacts extends Omit<RegisteredOrganization, 'declaredPopulation'> {
  readonly type: OrganizationType;
  /** First segment of the type: `association`, `local_authority`… */
  readonly category: string;
  readonly sector: LegalSector;
  readonly publicService: boolean;
  readonly publicServiceSource: PublicServiceSource;
  readonly facets: readonly PublicServiceFacet[];
  /** Both states count: legal unit A and establishment A. */
  readonly active: boolean;
  readonly territory: Territory;
  readonly flags: readonly DataQualityFlag[];
}

export type DataQualityFlag =
  | 'rna_on_non_association'
  | 'legal_category_unknown'
  | 'unit_open_establishment_closed'
  | 'unit_closed_establishment_open'
  | 'commune_unknown';

/** What an operator should look at: nothing here changes a type or a right. */
function dataQuality(
  registered: RegisteredOrganization,
  territories: TerritoryIndex,
): readonly DataQualityFlag[] {
  const { legalCategory: code, rna, unitState, establishmentState, communeCode } = registered;
  const flags: DataQualityFlag[] = [];
  if (rna !== undefined && !isAssociation(code, rna)) flags.push('rna_on_non_association');
  if (legalCategory(code).type === 'unknown') flags.push('legal_category_unknown');
  if (unitState === 'A' && establishmentState === 'F') flags.push('unit_open_establishment_closed');
  if (unitState === 'C' && establishmentState === 'A') flags.push('unit_closed_establishment_open');
  if (communeCode !== undefined && territories.communeByCode(communeCode) === undefined)
    flags.push('commune_unknown');
  return flags;
}

/** Applies every rule of the room to one row of a register. Pure. */
export function organizationFacts(
  registered: RegisteredOrganization,
  territories: TerritoryIndex,
  exceptions: PublicServiceExceptions = noExceptions,
): OrganizationFacts {
  const { declaredPopulation, ...row } = registered;
  const { type, sector } = legalCategory(registered.legalCategory);
  const verdict = publicServiceVerdict(registered, exceptions);
  return {
    ...row,
    type,
    category: organizationCategory(type),
    sector,
    publicService: verdict.publicService,
    publicServiceSource: verdict.source,
    facets: verdict.facets,
    active: registered.unitState === 'A' && registered.establishmentState === 'A',
    territory: territoryOf({ ...row, declaredPopulation }, territories),
    flags: dataQuality(registered, territories),
  };
}
