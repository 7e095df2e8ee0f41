import type { CatalogueResult, FactSource, Language } from '../http/http.ts';
import {
  dataQualityLabel,
  organizationTypeLabel,
  publicSourceLabel,
} from '../organizations/organizations.ts';
import type { DataQualityFlag, FactOrigin, OrganizationFacts } from '../organizations/organizations.ts';
import type { OrganizationPage } from '../register/register.ts';

/** What a person should know before believing the page; the other flags are for operators. */
const publicDoubts: ReadonlySet<DataQualityFlag> = new Set([
  'unit_closed',
  'dissolved',
  'replaced',
  'unit_open_establishment_closed',
  'unit_closed_establishment_open',
  'unit_active_association_dissolved',
  'unit_closed_association_active',
  'unit_state_disagreement',
  'legal_category_unknown',
  'masked',
]);

const doubtsOf = (flags: readonly DataQualityFlag[], lang: Language): readonly string[] =>
  flags
    .filter((flag) => publicDoubts.has(flag))
    .map((flag) => dataQualityLabel(flag, lang))
    .map((said) => `${said.charAt(0).toUpperCase()}${said.slice(1).replaceAll("'", '’')}.`);

type Spoken = Pick<FactOrigin, 'label' | 'asOf' | 'correction'>;

/** What the line « Source » says already is not said again, except that an operator corrected it. */
function sourceOf(
  origin: Spoken | undefined,
  main: { readonly source: string; readonly sourceDate: string },
): FactSource | undefined {
  if (origin === undefined) return undefined;
  const { asOf, correction } = origin;
  const label = publicSourceLabel(origin.label);
  if (correction === undefined)
    return label === main.source && asOf === main.sourceDate ? undefined : { label, asOf };
  // The person is answerable before the organization, not before whoever looks at this page.
  const { capacity, organization } = correction.author;
  return {
    label,
    asOf,
    correction: { by: `${capacity}, ${organization}`, on: correction.at, reason: correction.reason },
  };
}

export function resultOf(facts: OrganizationFacts, lang: Language): Omit<CatalogueResult, 'rows'> {
  const { origins } = facts;
  const main = { source: publicSourceLabel(facts.source), sourceDate: facts.sourceDate };
  return {
    name: facts.name,
    acronym: facts.acronym,
    type: organizationTypeLabel(facts.type, lang),
    siret: facts.siret,
    rna: facts.rna,
    commune: facts.territory.communeName,
    active: facts.active,
    ...main,
    origins: {
      name: sourceOf(origins.name, main),
      type: sourceOf(origins.type ?? origins.legalCategory, main),
      commune: sourceOf(
        origins.commune?.correction === undefined ? facts.establishmentOrigin : origins.commune,
        main,
      ),
      state: sourceOf(
        origins.unitState?.correction === undefined ? facts.establishmentOrigin : origins.unitState,
        main,
      ),
      rna: sourceOf(origins.rna, main),
    },
    doubts: doubtsOf(facts.flags, lang),
    copiedOn: facts.stale && facts.fetchedAt !== undefined ? new Date(facts.fetchedAt) : undefined,
  };
}

/** Nobody can sign in for it yet: what the register says, and no answers. */
export function resultWithoutSiret(page: OrganizationPage, lang: Language): CatalogueResult {
  const { origins } = page;
  const main = { source: publicSourceLabel(page.source), sourceDate: page.sourceDate };
  return {
    name: page.name,
    acronym: page.acronym,
    type: organizationTypeLabel(page.type, lang),
    rna: page.rna,
    commune: page.communeName,
    createdOn: page.createdOn,
    active: page.active,
    ...main,
    origins: {
      name: sourceOf(origins.name, main),
      type: sourceOf(origins.type ?? origins.legalCategory, main),
      commune: sourceOf(origins.commune, main),
      state: sourceOf(origins.unitState, main),
      rna: sourceOf(origins.rna, main),
    },
    // That it has no legal category is no wonder: INSEE does not know it.
    doubts: doubtsOf(
      page.flags.filter((flag) => flag !== 'legal_category_unknown'),
      lang,
    ),
    rows: [],
  };
}
