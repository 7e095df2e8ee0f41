import { inOrder } from './data-quality.ts';
import type { DataQualityFlag } from './data-quality.ts';
import type { Rna, Siren } from './identifiers.ts';
import { legalCategory } from './legal-category.ts';
import type { LegalSector, OrganizationType } from './legal-category.ts';
import { unitStateOf } from './merge.ts';
import type { MergedFacts, Origins } from './merge.ts';
import { organizationCategory, sectorOf } from './organization-type.ts';
import { noExceptions } from './public-service-exceptions.ts';
import type { PublicServiceExceptions } from './public-service-exceptions.ts';
import type { PublicServiceFacet } from './public-service-facet.ts';
import { publicServiceVerdict } from './public-service.ts';
import type { PublicServiceSource } from './public-service.ts';
import type { StatedFacts } from './statement.ts';
import type { TerritoryIndex } from './territory-index.ts';
import { territoryOf } from './territory.ts';
import type { Territory } from './territory.ts';

/** An organization of the register, whether or not it has a SIREN or an establishment. */
export interface RegisteredUnit {
  /** The SIREN; without one the RNA number; without either the entry in a court's register (Alsace-Moselle). */
  readonly id: string;
  readonly siren: Siren | undefined;
  /** `AM-COURT-VOLUME-FOLIO`. */
  readonly localRegister?: string | undefined;
  /** Shown where no statement holds a name that may be shown. */
  readonly name: string;
  readonly merged: MergedFacts;
}

/** What is shown of an organization by name: search results, the catalogue, `registry show`. Nobody signs in with it. */
export interface UnitFacts {
  readonly id: string;
  readonly siren: Siren | undefined;
  readonly rna: Rna | undefined;
  readonly localRegister: string | undefined;
  readonly name: string;
  readonly acronym: string | undefined;
  readonly legalCategory: string | undefined;
  readonly type: OrganizationType;
  /** First segment of the type. */
  readonly category: string;
  readonly sector: LegalSector;
  readonly publicService: boolean;
  readonly publicServiceSource: PublicServiceSource;
  readonly facets: readonly PublicServiceFacet[];
  /** The legal unit is; its establishments may be closed. */
  readonly active: boolean;
  readonly createdOn: string | undefined;
  readonly successor: Siren | undefined;
  /** By the commune of the head office, or of the seat that the RNA gives. */
  readonly territory: Territory;
  readonly origins: Origins;
  readonly flags: readonly DataQualityFlag[];
}

/** Pure. */
export function unitFacts(
  unit: RegisteredUnit,
  territories: TerritoryIndex,
  exceptions: PublicServiceExceptions = noExceptions,
): UnitFacts {
  const { id, siren, localRegister } = unit;
  const { values, origins, flags } = unit.merged;
  const type = values.type ?? typeOf(unit, values);
  const unitState = unitStateOf(values);
  const verdict = publicServiceVerdict(
    {
      siren,
      legalCategory: values.legalCategory,
      unitState,
      establishmentState: 'A',
      publicServiceStated:
        values.publicService === undefined || origins.publicService === undefined
          ? undefined
          : { ...values.publicService, source: origins.publicService.source },
    },
    exceptions,
  );
  const isCommuneKnown =
    values.commune === undefined || territories.communeByCode(values.commune) !== undefined;
  return {
    id,
    siren,
    rna: values.rna ?? undefined,
    localRegister,
    name: values.name ?? (values.diffusion === 'P' ? id : unit.name),
    acronym: values.acronym,
    legalCategory: values.legalCategory,
    type,
    category: organizationCategory(type),
    sector: sectorOf(type),
    publicService: verdict.publicService,
    publicServiceSource: verdict.source,
    facets: verdict.facets,
    active: unitState === 'A',
    createdOn: values.createdOn,
    successor: values.successor,
    territory: territoryOf(
      {
        siren: siren ?? '',
        communeCode: values.commune,
        declaredPopulation: origins.population?.source === 'operator' ? values.population : undefined,
        source: origins.commune?.label ?? '',
        origins,
      },
      territories,
    ),
    origins,
    // Without SIREN no register holds a legal category: that it is missing is no fault.
    flags: inOrder([
      ...flags.filter((flag) => flag !== 'legal_category_unknown' || type === 'unknown'),
      ...(isCommuneKnown ? [] : (['commune_unknown'] as const)),
    ]),
  };
}

/**
 * Where there is no SIREN, the register that lists it says what it is: the RNA lists declared associations and those of
 * public utility, the courts of Alsace-Moselle those of their own law. With a SIREN the legal category alone decides: an
 * RNA number makes no association of a company.
 */
function typeOf({ siren, localRegister }: RegisteredUnit, values: StatedFacts): OrganizationType {
  const { type } = legalCategory(values.legalCategory);
  if (type !== 'unknown' || siren !== undefined) return type;
  if (localRegister !== undefined) return 'association.local_law';
  if (typeof values.rna !== 'string') return 'unknown';
  return values.publicUtility === true ? 'association.public_utility' : 'association.declared';
}
