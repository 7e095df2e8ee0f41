import type { Siren } from './identifiers.ts';
import { legalCategory } from './legal-category.ts';
import type { PublicServiceFacet } from './public-service-facet.ts';
import { noExceptions } from './public-service-exceptions.ts';
import type { PublicServiceExceptions } from './public-service-exceptions.ts';
import type { Source } from './statement.ts';

/** Why an organization counts as public, or `none`. */
export type PublicServiceSource = 'legal_category' | 'whitelist' | 'lolf' | 'operator_decision' | 'none';

/** What a source says of this very organization. */
export interface StatedPublicService {
  readonly public: boolean;
  readonly facets: readonly PublicServiceFacet[];
  readonly source: Source;
}

export interface PublicServiceSubject {
  /** Undefined for an association that has none: no list can name it. */
  readonly siren: Siren | undefined;
  readonly legalCategory: string | undefined;
  readonly unitState: 'A' | 'C';
  readonly establishmentState: 'A' | 'F';
  readonly publicServiceStated?: StatedPublicService | undefined;
}

export interface PublicServiceVerdict {
  readonly publicService: boolean;
  readonly source: PublicServiceSource;
  readonly facets: readonly PublicServiceFacet[];
}

/**
 * Whose word is a decision of the operators of this broker: their corrections, their configuration, and the file of
 * organizations that they write themselves. Everybody else is a register among others.
 */
const operators: ReadonlySet<Source> = new Set(['operator', 'configuration', 'organizations']);

const notPublic: PublicServiceVerdict = { publicService: false, source: 'none', facets: [] };

/**
 * ProConnect's computation, in its order. Two differences, both meant. ProConnect reads the state of the legal unit
 * only, so that a closed establishment of a living unit still counts; here both states have to be active. And what an
 * operator decided of this organization, or what the list of administrations says of it, comes with facets of its own,
 * where ProConnect's white list gives `agent_public` alone.
 */
export function publicServiceVerdict(
  subject: PublicServiceSubject,
  exceptions: PublicServiceExceptions = noExceptions,
): PublicServiceVerdict {
  const { siren, publicServiceStated: stated } = subject;
  if (subject.unitState !== 'A' || subject.establishmentState !== 'A') return notPublic;
  if (stated !== undefined && operators.has(stated.source))
    return stated.public
      ? { publicService: true, source: 'operator_decision', facets: stated.facets }
      : notPublic;

  if (subject.legalCategory === undefined || subject.legalCategory === '') return notPublic;
  if (siren !== undefined && exceptions.excluded.has(siren)) return notPublic;

  const category = legalCategory(subject.legalCategory);
  const isLolf = siren !== undefined && exceptions.lolf.has(siren);
  if (stated?.public === false) return notPublic;
  // Recherche d'entreprises says that it is one, not of what kind: the category and the lists may know more.
  const saysWhatKind = stated?.source === 'administrations';
  if (stated !== undefined && (saysWhatKind || !(isLolf || category.publicService))) {
    const source = isLolf ? 'lolf' : category.publicService ? 'legal_category' : 'whitelist';
    return { publicService: true, source, facets: withHospital(stated.facets, category.facets) };
  }
  if (isLolf) return { publicService: true, source: 'lolf', facets: ['state'] };
  if (siren !== undefined && exceptions.whitelist.has(siren))
    return { publicService: true, source: 'whitelist', facets: [] };
  return category.publicService
    ? { publicService: true, source: 'legal_category', facets: category.facets }
    : notPublic;
}

/** The list of administrations has no column for public hospitals: the category says it. */
const withHospital = (
  stated: readonly PublicServiceFacet[],
  ofCategory: readonly PublicServiceFacet[],
): readonly PublicServiceFacet[] =>
  ofCategory.includes('hospital') && !stated.includes('hospital') ? [...stated, 'hospital'] : stated;

export const isPublicService = (
  subject: PublicServiceSubject,
  exceptions?: PublicServiceExceptions,
): boolean => publicServiceVerdict(subject, exceptions).publicService;

/** ProConnect's `roles`. An approved association gets none of them: approval is a decision, not a nature. */
export function proconnectRoles(facts: {
  readonly publicService: boolean;
  readonly facets: readonly PublicServiceFacet[];
}): string[] {
  if (!facts.publicService) return [];
  return [
    'agent_public',
    ...(facts.facets.includes('state') ? ['agent_public_etat'] : []),
    ...(facts.facets.includes('local') ? ['agent_public_territorial'] : []),
  ];
}
