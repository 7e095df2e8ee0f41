/** Facets of the public service, as ProConnect tells them apart; `hospital` is ours (public hospitals are in no family). */
export const publicServiceFacets = ['state', 'local', 'spa', 'hospital'] as const;
export type PublicServiceFacet = (typeof publicServiceFacets)[number];
