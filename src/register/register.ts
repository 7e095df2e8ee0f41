/**
 * register/: what the public registers said of every organization, and the truth made of it.
 *
 * What it does: keeps one statement a source (who said what, as of when, by which import), makes one truth of them with
 * the rules of organizations/merge.ts, keeps the history of every change and can undo an import; reads it for a login
 * (registry.ts), searches it by name (search.ts), holds the map and the populations (territories.ts), says which
 * approvals the register moved under (review.ts) and what may be published (export.ts).
 *
 * Flow: importers/, connectors/, declarations/ and operators hand over records → apply-organizations.ts,
 * apply-establishments.ts or apply-records.ts compare them with what the same source said before, write the statement,
 * the truth beside it and the change → registry.ts, search.ts read columns that are already true.
 *
 * May import: eligibility, organizations, storage (tables), config, errors.
 */
export { createOrganizationRegistry } from './registry.ts';
export type { OrganizationRegistry, OrganizationRegistryOptions } from './registry.ts';
