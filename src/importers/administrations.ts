import { publicServiceFacets } from '../organizations/organizations.ts';
import { cellsOf } from './cells.ts';
import type { Cells } from './cells.ts';
import { isSoleTrader, legalCategoryCode, trueOrFalse } from './codes.ts';
import { requiredSiren } from './identifiers.ts';
import type { Importer, Reading, Row } from './importer.ts';
import { stated } from './stated.ts';
import { optionalText } from './texts.ts';

const columns = [
  'siren',
  'nom_complet',
  'nature_juridique',
  'a_mission_service_public_administratif',
  'est_administration_d_etat',
  'est_collectivite',
  'a_acces_espace_agent',
] as const;

/** What each column of the list says of the public service; the list has none for hospitals. */
const facetColumns: Readonly<Partial<Record<(typeof publicServiceFacets)[number], string>>> = {
  state: 'est_administration_d_etat',
  local: 'est_collectivite',
  spa: 'a_mission_service_public_administratif',
};

export const administrations: Importer = {
  name: 'administrations',
  source: 'administrations',
  summary: 'DINUM, liste des administrations: liste_administrations_YYYY-MM-DD.csv',
  columns,
  required: columns,
  // What the organization is, piece by piece: one that is wrong, and the rest is half of it.
  essential: columns,
  separator: ',',
  encodings: ['utf-8'],
  complete: true,
  read,
};

function read(row: Row): Reading {
  const cells = cellsOf(row, { essential: columns });
  const siren = cells.read('siren', requiredSiren);
  const legalCategory = cells.read('nature_juridique', legalCategoryCode);
  if (siren === undefined || legalCategory === undefined) return { ...cells.reading([]), about: siren };
  // `nom_complet` of a sole trader is the name of a person.
  if (isSoleTrader(legalCategory)) return { leftOut: 'sole_trader' };
  const name = cells.read('nom_complet', optionalText);
  if (name === undefined) cells.refuse('nom_complet', 'name_missing');
  const facts = stated({ name, legalCategory, publicService: publicServiceOf(cells) });
  const reading = cells.reading([{ kind: 'organization', record: { siren, facts } }]);
  return 'wrong' in reading ? { ...reading, about: siren } : reading;
}

/** The list has two kinds of lines: charged with an administrative public service, or let into the agents' space. */
function publicServiceOf(cells: Cells): {
  public: boolean;
  facets: (typeof publicServiceFacets)[number][];
} {
  const facets = publicServiceFacets.filter((facet) => {
    const column = facetColumns[facet];
    return column !== undefined && cells.read(column, trueOrFalse) === true;
  });
  const isAgents = cells.read('a_acces_espace_agent', trueOrFalse) === true;
  return { public: isAgents || facets.length > 0, facets };
}
