import { organizationTypeLabel } from '../organizations/organizations.ts';
import type { FoundOrganization } from './search-results.ts';

/** « Vannes (56) », with what is known of it. */
export const placeOf = ({
  communeName,
  communeCode,
  department,
}: Pick<FoundOrganization, 'communeName' | 'communeCode' | 'department'>): string | undefined => {
  if (communeName === undefined) return communeCode;
  return department === undefined ? communeName : `${communeName} (${department})`;
};

/** A line of a list as people read it: enough to tell homonyms apart. */
export const foundLine = (found: FoundOrganization, language: 'fr' | 'en') => ({
  name: found.name,
  acronym: found.acronym,
  type: organizationTypeLabel(found.type, language),
  place: placeOf(found),
  active: found.active,
  siren: found.siren,
  rna: found.rna,
  createdOn: found.createdOn,
});
