/**
 * organizations/: what an organization is, told from public registers and from nothing else.
 *
 * What it does: checks identifiers (SIREN, SIRET, RNA, VAT, commune, UAI, FINESS); makes one truth of what several
 * sources state, fact by fact (merge-rules.ts says who is believed), and flags what they do not agree on; reads the INSEE
 * legal category into a type, a sector and ProConnect's idea of public service; places the organization on the map with
 * its population. It decides nothing: that is eligibility/.
 *
 * Flow: statements → merge.ts → register/ (rows) → RegisteredOrganization → facts.ts, which asks legal-category.ts,
 * public-service.ts and territory.ts → OrganizationFacts, read by `decide()` and by the claims; unit-facts.ts does the
 * same for what has no SIRET.
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
  sectorOf,
} from './organization-type.ts';
export type { LegalSector, OrganizationType } from './organization-type.ts';
export { isAssociation, legalCategories, legalCategory } from './legal-category.ts';
export type { LegalCategory } from './legal-category.ts';
export { openMailDomains } from './open-mail-domains.ts';
export { isBetweenNaturalPersons, isNaturalPerson } from './natural-person.ts';
export { isPublicService, proconnectRoles, publicServiceVerdict } from './public-service.ts';
export type {
  PublicServiceSource,
  PublicServiceSubject,
  PublicServiceVerdict,
  StatedPublicService,
} from './public-service.ts';
export { loadPublicServiceExceptions, noExceptions } from './public-service-exceptions.ts';
export type { PublicServiceExceptions } from './public-service-exceptions.ts';
export { publicServiceFacets } from './public-service-facet.ts';
export type { PublicServiceFacet } from './public-service-facet.ts';
export { populationBand, populationBands } from './population.ts';
export type { Population, PopulationBand, PopulationEdition } from './population.ts';
export { indexOf, loadTerritories } from './territory-index.ts';
export type { Commune, Epci, TerritoryData, TerritoryIndex } from './territory-index.ts';
export { seedTerritories } from './territory-seed.ts';
export { territoryMerge } from './territory-imports.ts';
export { isCount, isFields, listIn } from './territory-json.ts';
export type {
  CommuneRecord,
  GroupingMemberRecord,
  GroupingRecord,
  Imported,
  TerritoryMerge,
} from './territory-imports.ts';
export type { PopulationRecord } from './territory-editions.ts';
export { territoryOf } from './territory.ts';
export { departmentByCode, regionByCode } from './territory-divisions.ts';
export type { Division } from './territory-divisions.ts';
export { collectivityOf, territoryChain } from './collectivity.ts';
export type { Collectivity, TerritoryChain } from './collectivity.ts';
export { readMemberList } from './member-list.ts';
export type { ListedMember, MemberList, UnreadLine } from './member-list.ts';
export { coverage } from './coverage.ts';
export type { CoverageReport, MemberException, MemberFacts, Share } from './coverage.ts';
export { coverageSentences } from './coverage-sentences.ts';
export { parentChain } from './federation.ts';
export type { ParentChain } from './federation.ts';
export type { Territory } from './territory.ts';
export { organizationFacts } from './facts.ts';
export type { OrganizationFacts, Qualification, RegisteredOrganization, SourceAndDate } from './facts.ts';
export { qualificationsInForce, qualificationsText, readQualifications } from './qualifications.ts';
export { dataQualityFlags, dataQualityLabel, isDataQualityFlag } from './data-quality.ts';
export type { DataQualityFlag } from './data-quality.ts';
export { mergeStatements, unitStateOf } from './merge.ts';
export { isInsee } from './merge-rules.ts';
export type { FactOrigin, MergedFacts, Origins } from './merge.ts';
export { lotLabel, publicSourceLabel, sourceLabel } from './source-label.ts';
export { longestText, tidy } from './tidy.ts';
export { unitFacts } from './unit-facts.ts';
export type { RegisteredUnit, UnitFacts } from './unit-facts.ts';
export {
  authorSchema,
  factNames,
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
