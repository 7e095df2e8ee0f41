import { z } from 'zod';

import data from './data/legal-categories.json' with { type: 'json' };
import type { Rna } from './identifiers.ts';
import { organizationTypes, sectorOf } from './organization-type.ts';
import type { LegalSector, OrganizationType } from './organization-type.ts';
import type { PublicServiceFacet } from './public-service-facet.ts';

export type { LegalSector, OrganizationType };

export interface LegalCategory {
  /** INSEE code, level III: four digits kept as a string (`0000` exists). */
  readonly code: string | undefined;
  readonly label: string;
  readonly type: OrganizationType;
  readonly sector: LegalSector;
  /** In ProConnect's table of 78 codes. Of the organization as a whole: see public-service.ts. */
  readonly publicService: boolean;
  readonly facets: readonly PublicServiceFacet[];
}

const facetsByFlag: ReadonlyMap<string, PublicServiceFacet> = new Map([
  ['E', 'state'],
  ['C', 'local'],
  ['S', 'spa'],
  ['H', 'hospital'],
]);

const fileSchema = z.object({
  categories: z.record(
    z.string().regex(/^[0-9]{4}$/),
    z.tuple([z.enum(organizationTypes), z.string().regex(/^(?:PE?C?S?H?)?$/), z.string().min(1)]),
  ),
});

const categories: ReadonlyMap<string, LegalCategory> = new Map(
  Object.entries(fileSchema.parse(data).categories).map(([code, [type, flags, label]]) => [
    code,
    {
      code,
      label,
      type,
      sector: sectorOf(type),
      publicService: flags.startsWith('P'),
      facets: [...facetsByFlag].filter(([flag]) => flags.includes(flag)).map(([, facet]) => facet),
    },
  ]),
);

export const legalCategories: readonly LegalCategory[] = [...categories.values()];

/** A code that is absent, or newer than our table, is `unknown`: never public, never a guess (INSEE adds codes). */
export function legalCategory(code: string | undefined): LegalCategory {
  const known = code === undefined ? undefined : categories.get(code);
  return (
    known ?? {
      code,
      label: 'Catégorie juridique inconnue',
      type: 'unknown',
      sector: sectorOf('unknown'),
      publicService: false,
      facets: [],
    }
  );
}

/**
 * Codes 92xx except congregations (9240), and 5195 (cooperative association of Alsace-Moselle). The RNA number decides
 * only where the category says nothing: on a company it is a fault of the register, flagged in facts.ts.
 */
export function isAssociation(code: string | undefined, rna: Rna | undefined): boolean {
  if (code !== undefined && /^92(?!40)[0-9]{2}$/.test(code)) return true;
  if (code === '5195') return true;
  return legalCategory(code).type === 'unknown' && rna !== undefined;
}
