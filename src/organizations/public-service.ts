import type { Siren } from './identifiers.ts';
import { legalCategory } from './legal-category.ts';
import type { PublicServiceFacet, PublicServiceSource } from './legal-category.ts';

export interface PublicServiceSubject {
  readonly siren: Siren;
  readonly legalCategory: string | undefined;
  readonly unitState: 'A' | 'C';
  readonly establishmentState: 'A' | 'F';
}

/** Lists of SIREN that correct the legal category. ProConnect holds the first three; all are data, none is in the code. */
export interface PublicServiceExceptions {
  /** Never public, whatever the category. */
  readonly excluded: ReadonlySet<Siren>;
  /** Operators of the State in the sense of the finance acts (LOLF): public, and State. */
  readonly lolf: ReadonlySet<Siren>;
  /** Public, without any facet: ProConnect gives `agent_public` alone. */
  readonly whitelist: ReadonlySet<Siren>;
  /** Decided here by an operator, facets included: an entry replaces the facets of the three other sources. */
  readonly decisions: ReadonlyMap<Siren, readonly PublicServiceFacet[]>;
}

export const noExceptions: PublicServiceExceptions = {
  excluded: new Set(),
  lolf: new Set(),
  whitelist: new Set(),
  decisions: new Map(),
};

export interface PublicServiceVerdict {
  readonly publicService: boolean;
  readonly source: PublicServiceSource;
  readonly facets: readonly PublicServiceFacet[];
}

const notPublic: PublicServiceVerdict = { publicService: false, source: 'none', facets: [] };

/**
 * ProConnect's computation, in its order. One difference, meant: ProConnect reads the state of the legal unit only, so
 * that a closed establishment of a living unit still counts; here both states have to be active.
 */
export function publicServiceVerdict(
  subject: PublicServiceSubject,
  exceptions: PublicServiceExceptions = noExceptions,
): PublicServiceVerdict {
  const { siren } = subject;
  if (subject.legalCategory === undefined || subject.legalCategory === '') return notPublic;
  if (exceptions.excluded.has(siren)) return notPublic;
  if (subject.unitState !== 'A' || subject.establishmentState !== 'A') return notPublic;

  const decided = exceptions.decisions.get(siren);
  if (decided !== undefined) return { publicService: true, source: 'operator_decision', facets: decided };
  if (exceptions.lolf.has(siren)) return { publicService: true, source: 'lolf', facets: ['state'] };
  if (exceptions.whitelist.has(siren)) return { publicService: true, source: 'whitelist', facets: [] };

  const category = legalCategory(subject.legalCategory);
  return category.publicService
    ? { publicService: true, source: 'legal_category', facets: category.facets }
    : notPublic;
}

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
