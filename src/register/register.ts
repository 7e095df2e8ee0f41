/**
 * register/: what the public registers said of every organization, and the truth made of it.
 *
 * What it does: keeps one statement a source (who said what, as of when, by which import), makes one truth of them with
 * the rules of organizations/merge.ts, keeps the history of every change and can undo an import; reads it for a login
 * (registry.ts; look-up.ts asks elsewhere for what it lacks), searches it by name (search.ts), holds the map and the populations (territories.ts), says which
 * approvals the register moved under (review.ts) and what may be published (export.ts).
 *
 * Flow: importers/, connectors/, declarations/ and operators hand over records → apply-organizations.ts,
 * apply-establishments.ts or apply-records.ts compare them with what the same source said before, write the statement,
 * the truth beside it and the change → registry.ts, search.ts read columns that are already true.
 *
 * May import: eligibility, organizations, audit (corrections are recorded), storage (tables), config, errors.
 */
export { createOrganizationRegistry } from './registry.ts';
export type { OrganizationRegistry, OrganizationRegistryOptions } from './registry.ts';
export { createTerritories } from './territories.ts';
export type { Territories, TerritoriesOptions } from './territories.ts';
export { isShelf, shelfSchemas } from './shelves.ts';
export type { Shelf } from './shelves.ts';
export { memberFacts } from './member-facts.ts';
export { federated, federationOf } from './federations.ts';
export type { Federation, FederationMember } from './federations.ts';
export { reviewReasons } from './drift.ts';
export type { ReviewReason } from './drift.ts';
export { defaultMaxAgeDays, reviewApprovals } from './review.ts';
export type { Review } from './review-record.ts';
export { markSeen, openFindings } from './open-findings.ts';
export type { OpenFinding } from './open-findings.ts';
export type { ReviewReport } from './review.ts';
export { approvedCsv, approvedJson, approvedOrganizations, openLicense } from './open-data.ts';
export type { ApprovedOrganization } from './open-data.ts';
export { RegistersUnavailable } from './elsewhere.ts';
export type { Answer, Elsewhere, Found, Moved, Urgency } from './elsewhere.ts';
export type {
  Applying,
  EstablishmentRecord,
  LaterSeats,
  OrganizationRecord,
  Outcome,
  RefusedRecord,
} from './applying.ts';
export { applyOrganizations } from './apply-organizations.ts';
export { applyEstablishments } from './apply-establishments.ts';
export { followSeats, followSeatsBeside, followSeatsOfImport } from './follow-seats.ts';
export { applyRecords } from './apply-records.ts';
export { changesOf } from './changes.ts';
export type { RegisterChange } from './changes.ts';
export { undoImport } from './undo-import.ts';
export type { Undone } from './undo-batches.ts';
export { asOnlyWriter } from './one-writer.ts';
export { correctFact, endCorrection, withdrawStatement } from './correct.ts';
export type { Correcting } from './correct.ts';
export { factNow, foreseeCorrection } from './foresee-correction.ts';
export type { ForeseenCorrection } from './foresee-correction.ts';
export { withdrawEntered } from './withdraw-entered.ts';
export type { LeftRegister } from './withdraw-entered.ts';
export { organizationsUnnamed, withdrawStatements } from './withdraw-statements.ts';
export { correctableFacts, decidesRights, decidingFacts, isCorrectable } from './correctable.ts';
export type { CorrectableFact } from './correctable.ts';
export { organizationRecord } from './organization-record.ts';
export type { OrganizationRecordShown } from './organization-record.ts';
export { declaredBefore } from './declared-before.ts';
export { resultsPerPage, searchOrganizations } from './search.ts';
export { createSearch } from './search-load.ts';
export type { NoList, ResultList, SearchAnswer, SearchRequest } from './search.ts';
export type { FoundOrganization } from './search-results.ts';
export { foundLine, placeOf } from './found-line.ts';
export { countNamed, findNumbered } from './find-numbered.ts';
export type { Numbered } from './find-numbered.ts';
export { heldFacts } from './held-facts.ts';
export { namesAgree } from './names-agree.ts';
export { settleSearch } from './settle-search.ts';
export { emailDomainsOf } from './email-domains.ts';
export type { ListedDomain } from './email-domains.ts';
export {
  isListedForAlone,
  isMailDomainOfOthers,
  officialContactsOf,
  officialMailboxesOf,
} from './official-contacts.ts';
export type { OfficialContacts } from './official-contacts.ts';
export { createLikeness } from './alike.ts';
export type { Outline } from './alike.ts';
export { everyOutline } from './every-outline.ts';
export type { OutlineBatch } from './every-outline.ts';
export { storedFacts } from './stored-facts.ts';
export { everyOrganization } from './every-organization.ts';
export type { EveryOrganizationOptions, OrganizationBatch } from './every-organization.ts';
export { numbersOf } from './numbers-of.ts';
export { organizationPage } from './organization-page.ts';
export type { OrganizationPage } from './organization-page.ts';
