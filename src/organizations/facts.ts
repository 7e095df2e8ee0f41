import { doubts } from './conflicts.ts';
import { inOrder } from './data-quality.ts';
import type { DataQualityFlag } from './data-quality.ts';
import type { Rna, Siren, Siret } from './identifiers.ts';
import { legalCategory } from './legal-category.ts';
import type { LegalSector, OrganizationType } from './legal-category.ts';
import type { Origins } from './merge.ts';
import { organizationCategory, sectorOf } from './organization-type.ts';
import { noExceptions } from './public-service-exceptions.ts';
import type { PublicServiceExceptions } from './public-service-exceptions.ts';
import type { PublicServiceFacet } from './public-service-facet.ts';
import { publicServiceVerdict } from './public-service.ts';
import type { PublicServiceSource, PublicServiceVerdict, StatedPublicService } from './public-service.ts';
import type { TerritoryIndex } from './territory-index.ts';
import { territoryOf } from './territory.ts';
import type { Territory } from './territory.ts';

/** How a source is named to people, and its ISO date. */
export interface SourceAndDate {
  readonly label: string;
  readonly asOf: string;
}

/** What the registers say of one establishment and its legal unit, made one truth, before any other rule of ours. */
export interface RegisteredOrganization {
  readonly siren: Siren;
  readonly siret: Siret;
  /** Of the legal unit; its SIREN where the name is not to be shown. */
  readonly name: string;
  readonly acronym?: string | undefined;
  /** INSEE legal category, four digits as a string; undefined when no register holds one. */
  readonly legalCategory: string | undefined;
  /** An operator's word on what the organization is, where the legal category does not tell it. */
  readonly typeOverride?: OrganizationType | undefined;
  /** État administratif of the legal unit: A active, C ceased (INSEE, Base Sirene). */
  readonly unitState: 'A' | 'C';
  /** État administratif of the establishment: A active, F closed (INSEE, Base Sirene). */
  readonly establishmentState: 'A' | 'F';
  readonly rna: Rna | undefined;
  readonly communeCode: string | undefined;
  readonly naf: string | undefined;
  /** INSEE tranche d'effectifs of the legal unit. */
  readonly sizeBand?: string | undefined;
  /** Statut de diffusion: P when the person asked not to be shown. */
  readonly diffusion: 'O' | 'P';
  readonly createdOn: string | undefined;
  /** The unit that stands for this one after a merger, or because this one was a duplicate. */
  readonly successor?: Siren | undefined;
  /** Only for invented organizations: real populations come from the COG by SIREN. */
  readonly declaredPopulation: number | undefined;
  readonly publicServiceStated?: StatedPublicService | undefined;
  /** Qualifications in force, by operator decision (domain reference §3.4). */
  readonly qualifications: readonly Qualification[];
  readonly suspended: boolean;
  /** Of the legal category, which decides most; see `origins` for each fact. */
  readonly source: string;
  /** ISO date of the source. */
  readonly sourceDate: string;
  /** Where each fact of the legal unit comes from, an operator's correction included; empty when the row alone speaks. */
  readonly origins: Origins;
  /** Of the establishment: its state, its commune, its activity. */
  readonly establishmentOrigin?: SourceAndDate | undefined;
  /** What the merger of the statements raised. */
  readonly statedFlags: readonly DataQualityFlag[];
  /** When a connector fetched it, ISO date and time; undefined for what was imported or declared. */
  readonly fetchedAt?: string | undefined;
  /** The source no longer answers: these are the last known facts. */
  readonly stale?: boolean | undefined;
}

/** First and last day, ISO dates, inclusive, Europe/Paris. */
export interface Qualification {
  readonly id: string;
  readonly startsOn: string;
  readonly endsOn: string | undefined;
}

type Kept = Omit<
  RegisteredOrganization,
  'declaredPopulation' | 'typeOverride' | 'publicServiceStated' | 'statedFlags' | 'stale'
>;

/** What we know of an organization, each rule applied: what `decide()` and the claims read. */
export interface OrganizationFacts extends Kept {
  readonly type: OrganizationType;
  /** First segment of the type: `association`, `local_authority`… */
  readonly category: string;
  readonly sector: LegalSector;
  readonly publicService: boolean;
  readonly publicServiceSource: PublicServiceSource;
  readonly publicServiceOrigin: SourceAndDate;
  readonly facets: readonly PublicServiceFacet[];
  /** Both states count: legal unit A and establishment A. */
  readonly active: boolean;
  readonly territory: Territory;
  readonly flags: readonly DataQualityFlag[];
  readonly stale: boolean;
}

/** What an operator should look at: nothing here changes a type or a right. */
function dataQuality(
  registered: Omit<RegisteredOrganization, 'statedFlags'>,
  statedFlags: readonly DataQualityFlag[],
  territories: TerritoryIndex,
): readonly DataQualityFlag[] {
  const { unitState, establishmentState, communeCode, typeOverride: type } = registered;
  const flags: DataQualityFlag[] = [...statedFlags, ...doubts({ ...registered, type })];
  if (unitState === 'A' && establishmentState === 'F') flags.push('unit_open_establishment_closed');
  if (unitState === 'C' && establishmentState === 'A') flags.push('unit_closed_establishment_open');
  if (communeCode !== undefined && territories.communeByCode(communeCode) === undefined)
    flags.push('commune_unknown');
  if (registered.stale === true) flags.push('stale');
  return inOrder(flags);
}

/** Applies every rule of the room to one organization of the register. Pure. */
export function organizationFacts(
  registered: RegisteredOrganization,
  territories: TerritoryIndex,
  exceptions: PublicServiceExceptions = noExceptions,
): OrganizationFacts {
  const { declaredPopulation, typeOverride, publicServiceStated, statedFlags, stale, ...row } = registered;
  const type = typeOverride ?? legalCategory(registered.legalCategory).type;
  const verdict = publicServiceVerdict({ ...row, publicServiceStated }, exceptions);
  return {
    ...row,
    type,
    category: organizationCategory(type),
    sector: sectorOf(type),
    publicService: verdict.publicService,
    publicServiceSource: verdict.source,
    publicServiceOrigin: publicServiceOrigin(registered, verdict, exceptions),
    facets: verdict.facets,
    active: registered.unitState === 'A' && registered.establishmentState === 'A',
    territory: territoryOf(
      {
        ...row,
        declaredPopulation,
        source: registered.origins.population?.label ?? registered.source,
      },
      territories,
    ),
    flags: dataQuality(registered, statedFlags, territories),
    stale: stale ?? false,
  };
}

function publicServiceOrigin(
  { origins, source, sourceDate }: RegisteredOrganization,
  verdict: PublicServiceVerdict,
  { label, asOf }: PublicServiceExceptions,
): SourceAndDate {
  if (origins.publicService !== undefined) return origins.publicService;
  const isListed = verdict.source === 'lolf' || verdict.source === 'whitelist';
  if (isListed && label !== undefined && asOf !== undefined) return { label, asOf };
  return origins.legalCategory ?? { label: source, asOf: sourceDate };
}
