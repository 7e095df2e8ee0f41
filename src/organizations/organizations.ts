/**
 * organizations/: what an organization is, told from public registers and from nothing else.
 *
 * What it does: checks identifiers (SIREN, SIRET, RNA, VAT, commune, UAI, FINESS); reads the INSEE legal category into
 * a type, a sector and ProConnect's idea of public service; places the organization on the map with its population;
 * notes what looks wrong in the register. It decides nothing: that is eligibility/.
 *
 * Flow: SIRET → registry.ts (one SQL statement, 30 s cache) → RegisteredOrganization → facts.ts, which asks
 * legal-category.ts, public-service.ts and territory.ts → OrganizationFacts, read by `decide()` and by the claims.
 *
 * Everything is pure except registry.ts (database, clock) and `loadTerritories` (reads a package once).
 * May import: storage (table types), config, errors.
 */
export {
  formatSiren,
  formatSiret,
  identify,
  isCommuneCode,
  isRna,
  isSiren,
  isSiret,
  parseCommuneCode,
  parseRna,
  parseSiren,
  parseSiret,
  parseVat,
  sirenOf,
  vatNumber,
} from './identifiers.ts';
export type { CommuneCode, Identification, InvalidReason, Rna, Siren, Siret } from './identifiers.ts';
export { parseFiness, parseUai } from './establishment-codes.ts';
export type { Finess, Uai } from './establishment-codes.ts';
export {
  isOrganizationType,
  organizationCategory,
  organizationCategoryLabel,
  organizationTypeLabel,
  organizationTypes,
} from './organization-type.ts';
export type { LegalSector, OrganizationType } from './organization-type.ts';
export { isAssociation, legalCategories, legalCategory } from './legal-category.ts';
export type { LegalCategory, PublicServiceFacet, PublicServiceSource } from './legal-category.ts';
export { isPublicService, noExceptions, proconnectRoles, publicServiceVerdict } from './public-service.ts';
export type {
  PublicServiceExceptions,
  PublicServiceSubject,
  PublicServiceVerdict,
} from './public-service.ts';
export { populationBand, populationBands } from './population.ts';
export type { Population, PopulationBand } from './population.ts';
export { loadTerritories } from './territory-index.ts';
export type { Commune, Epci, TerritoryIndex } from './territory-index.ts';
export { territoryOf } from './territory.ts';
export type { Territory } from './territory.ts';
export { organizationFacts } from './facts.ts';
export type { DataQualityFlag, OrganizationFacts, Qualification, RegisteredOrganization } from './facts.ts';
export { qualificationsInForce, qualificationsText, readQualifications } from './qualifications.ts';
export {
  publicServiceFacets,
  readStatements,
  sources,
  statedFactsSchema,
  statementSchema,
  statementsText,
} from './statement.ts';
export type {
  Author,
  Correction,
  FactName,
  Source,
  StatedFacts,
  Statement,
  Statements,
} from './statement.ts';
