import { publicServiceFacets, sirenOf } from '../organizations/organizations.ts';
import type { Rna, Siren, Siret } from '../organizations/organizations.ts';
import type { EstablishmentRecord } from '../register/register.ts';
import { cellsOf, refuse } from './cells.ts';
import type { CellRule, Cells } from './cells.ts';
import {
  isBetweenNaturalPersons,
  isSoleTrader,
  optionalEstablishmentState,
  optionalLegalCategoryCode,
  optionalUnitState,
} from './codes.ts';
import { optionalDay } from './days.ts';
import {
  anyIdentifier,
  communeCode,
  localRegister,
  optionalRna,
  optionalSiren,
  optionalSiret,
  postcode,
} from './identifiers.ts';
import type { Importer, Item, Reading, Row } from './importer.ts';
import { emailAddress, website } from './network-names.ts';
import { stated } from './stated.ts';
import { handwrittenText } from './texts.ts';

/** Our own form; docs/importing.md says it to those who write it. The list of a lot may carry the same columns. */
export const ownColumns = [
  'siren',
  'rna',
  'local_register',
  'siret',
  'name',
  'acronym',
  'legal_category',
  'state',
  'head_office',
  'establishment_state',
  'commune',
  'postal_code',
  'created_on',
  'dissolved_on',
  'public_utility',
  'grouping',
  'public',
  'facets',
  'parent',
  'website',
  'contact_email',
] as const;
export type OwnColumn = (typeof ownColumns)[number];

/**
 * All that rights hang on: this file is believed before the registers, so that a fact left out of it would let through
 * what it means to correct. A date of dissolution may be all that says that the organization is no more.
 */
const essential = [
  'siren',
  'rna',
  'local_register',
  'siret',
  'name',
  'legal_category',
  'state',
  'head_office',
  'establishment_state',
  'commune',
  'dissolved_on',
  'public_utility',
  'grouping',
  'public',
  'facets',
  'parent',
] as const;

export const ownOrganizations: Importer = {
  name: 'organizations',
  source: 'organizations',
  summary: 'Maillon, a CSV of organizations that you write yourself: see docs/importing.md',
  columns: ownColumns,
  required: ['name'],
  optional: ownColumns.filter((column) => column !== 'name'),
  essential,
  separator: ',',
  encodings: ['utf-8', 'windows-1252'],
  read,
};

function read(row: Row): Reading {
  const cells = cellsOf(row, { essential });
  const who = identifiersOf(cells);
  const legalCategory = cells.read('legal_category', optionalLegalCategoryCode);
  if (legalCategory !== undefined && isSoleTrader(legalCategory)) return { leftOut: 'sole_trader' };
  if (legalCategory !== undefined && isBetweenNaturalPersons(legalCategory))
    return { leftOut: 'natural_person' };
  const name = cells.read('name', handwrittenText);
  if (name === undefined) cells.refuse('name', 'name_missing');
  const commune = cells.read('commune', communeCode);
  if (who.localRegister !== undefined && commune !== undefined && !/^(?:57|67|68)/.test(commune))
    cells.refuse('commune', 'local_register_elsewhere');
  const facts = stated({
    name,
    acronym: cells.read('acronym', handwrittenText),
    legalCategory,
    unitState: cells.read('state', optionalUnitState),
    rna: who.rna,
    createdOn: cells.read('created_on', optionalDay),
    dissolvedOn: cells.read('dissolved_on', optionalDay),
    headOffice: who.siret,
    commune,
    publicUtility: cells.read('public_utility', yesOrNo),
    grouping: cells.read('grouping', ownGrouping),
    publicService: publicServiceOf(cells),
    parent: cells.read('parent', anyIdentifier),
    website: cells.read('website', website),
    contactEmail: cells.read('contact_email', emailAddress),
  });
  const establishment = establishmentOf(cells, who.siret, { name, commune });
  const items: Item[] = [];
  // A line about another site than the head office says nothing of the unit: its name is that of the site.
  if (establishment?.headOffice !== false) {
    const { siren, rna, localRegister } = who;
    items.push({ kind: 'organization', record: { siren, rna, localRegister, facts } });
  }
  if (establishment !== undefined) items.push({ kind: 'establishment', record: establishment });
  return cells.reading(items);
}

function identifiersOf(cells: Cells): {
  siren: Siren | undefined;
  siret: Siret | undefined;
  rna: Rna | undefined;
  localRegister: string | undefined;
} {
  const siret = cells.read('siret', optionalSiret);
  const written = cells.read('siren', optionalSiren);
  const siren = written ?? (siret === undefined ? undefined : sirenOf(siret));
  if (siret !== undefined && siren !== sirenOf(siret)) cells.refuse('siret', 'siret_of_another_unit');
  const rna = cells.read('rna', optionalRna);
  const entry = cells.read('local_register', localRegister);
  if (siren === undefined && rna === undefined && entry === undefined)
    cells.refuse('siren', 'identifier_missing');
  return { siren, siret, rna, localRegister: entry };
}

/** The row of the register is replaced whole: what the line leaves unsaid would undo what INSEE says. */
function establishmentOf(
  cells: Cells,
  siret: Siret | undefined,
  { name, commune }: { readonly name: string | undefined; readonly commune: string | undefined },
): EstablishmentRecord | undefined {
  const state = cells.read('establishment_state', optionalEstablishmentState);
  const headOffice = cells.read('head_office', yesOrNo);
  const postalCode = cells.read('postal_code', postcode);
  if (siret === undefined) return undefined;
  if (state === undefined) cells.refuse('establishment_state', 'establishment_unsaid');
  if (headOffice === undefined) cells.refuse('head_office', 'establishment_unsaid');
  if (state === undefined || headOffice === undefined) return undefined;
  return {
    siret,
    state,
    headOffice,
    communeCode: commune,
    postalCode,
    usualName: headOffice ? undefined : name,
  };
}

const yesOrNo: CellRule<boolean> = (text) => {
  switch (text.toLowerCase()) {
    case '':
      return undefined;
    case 'oui':
    case 'yes':
    case 'true':
      return true;
    case 'non':
    case 'no':
    case 'false':
      return false;
    default:
      return refuse('boolean_unknown');
  }
};

const ownGrouping: CellRule<'simple' | 'union' | 'federation'> = (text) => {
  switch (text) {
    case '':
      return undefined;
    case 'simple':
    case 'union':
    case 'federation':
      return text;
    default:
      return refuse('grouping_unknown');
  }
};

type Facet = (typeof publicServiceFacets)[number];

/** Facets separated by spaces; without `public` nothing is said, and facets are none. */
const facetsRule: CellRule<Facet[]> = (text) => {
  const written = text.split(' ').filter((word) => word !== '');
  const facets = publicServiceFacets.filter((facet) => written.includes(facet));
  return facets.length === new Set(written).size ? facets : refuse('facet_unknown');
};

function publicServiceOf(cells: Cells): { public: boolean; facets: Facet[] } | undefined {
  const isPublic = cells.read('public', yesOrNo);
  const facets = cells.read('facets', facetsRule);
  if (isPublic === undefined || facets === undefined) return undefined;
  return { public: isPublic, facets: isPublic ? facets : [] };
}
