import { cellsOf, Refusal, refuse } from './cells.ts';
import type { Cells, CellRule } from './cells.ts';
import { censusInForce } from './census-year.ts';
import { departmentCode, regionCode } from './communes.ts';
import { communeCode, optionalSiren, optionalSiret, requiredSiren } from './identifiers.ts';
import type { FileFacts, Importer, Item, Reading, Row } from './importer.ts';
import { inhabitants } from './inhabitants.ts';
import { emailAddress, websiteOf } from './network-names.ts';
import { stated } from './stated.ts';
import { optionalText } from './texts.ts';

const columns = [
  'type',
  'siret',
  'siren',
  'libelle',
  'population',
  'code_insee',
  'code_postal',
  'epci_libelle',
  'epci_siren',
  'epci_siret',
  'epci_population',
  'departement_code_insee',
  'departement_siret',
  'region_code_insee',
  'region_siret',
  'adresse_messagerie',
  'site_internet',
  'telephone',
  'rpnt',
  'service_public_url',
] as const;

const kinds = ['commune', 'arrondissement', 'epci', 'departement', 'region'] as const;
type Kind = (typeof kinds)[number];

/** Which territory it is, and what it is called. The rest is a copy of what others say, or a way to reach it. */
const essential = ['type', 'siren', 'libelle', 'code_insee'] as const;

/**
 * Données de la présence numérique des territoires: every commune, grouping, département and region, with its mailbox and
 * website. It says nothing of the state of a unit or of its legal category, and makes no establishment: only Sirene
 * does. Its population is a copy of INSEE's.
 */
export const dpnt: Importer = {
  name: 'dpnt',
  source: 'dpnt',
  summary: 'ANCT, données de la présence numérique des territoires: dpnt-quotidien.csv.gz or .json.gz',
  columns,
  required: ['type', 'siren', 'libelle', 'population', 'code_insee', 'epci_siren', 'departement_code_insee'],
  optional: ['siret', 'region_code_insee', 'adresse_messagerie', 'site_internet'],
  essential,
  separator: ';',
  encodings: ['utf-8'],
  read,
};

/**
 * Of Paris, Lyon and Marseille (Code officiel géographique, TYPECOM ARM). Since 2026 the file gives their town halls as
 * communes, under the SIREN of the town: what is said of them must not be taken for what it is.
 */
const arrondissement = /^(?:75(?:10[1-9]|11[0-9]|120)|6938[1-9]|132(?:0[1-9]|1[0-6]))$/;

function read(row: Row, { asOf }: FileFacts): Reading {
  const cells = cellsOf(row, { essential });
  const kind = cells.read('type', kindRule);
  if (kind === 'arrondissement' || (kind === 'commune' && arrondissement.test(cells.text('code_insee'))))
    return { leftOut: 'municipal_arrondissement' };
  const siren = cells.read('siren', requiredSiren);
  const name = cells.read('libelle', optionalText);
  if (name === undefined) cells.refuse('libelle', 'name_missing');
  const headOffice = cells.read('siret', optionalSiret);
  if (headOffice !== undefined && siren !== undefined && !headOffice.startsWith(siren))
    cells.refuse('siret', 'siret_of_another_unit');
  const population = cells.read('population', inhabitants);
  const commune = cells.read('code_insee', communeCode);
  if (kind === 'commune' && commune === undefined) cells.refuse('code_insee', 'commune_malformed');
  if (kind === undefined || siren === undefined || name === undefined) return cells.reading([]);

  const facts = stated({
    name,
    headOffice,
    commune,
    population,
    website: websiteOf(cells.text('site_internet')),
    contactEmail: mailboxOf(cells.text('adresse_messagerie')),
  });
  const items: Item[] = [{ kind: 'organization', record: { siren, facts } }];
  const edition = censusInForce(yearOfCopy(asOf), commune);
  if (kind === 'commune' && commune !== undefined) {
    items.push(...communeItems(cells, { commune, siren, name }));
    if (population !== undefined)
      items.push(record('population', `${commune}/${edition}`, { municipal: population }));
  }
  if (kind === 'epci') {
    items.push(record('grouping', siren, { name, nature: 'EPCI' }));
    if (population !== undefined)
      items.push(record('population', `${siren}/${edition}`, { municipal: population }));
  }
  return cells.reading(items);
}

function communeItems(
  cells: Cells,
  { commune, siren, name }: { readonly commune: string; readonly siren: string; readonly name: string },
): readonly Item[] {
  const department = cells.read('departement_code_insee', departmentCode);
  const region = cells.read('region_code_insee', regionCode);
  const grouping = cells.read('epci_siren', optionalSiren);
  const items = [
    record('commune', commune, {
      name,
      kind: 'commune',
      ...(department !== undefined && { department }),
      ...(region !== undefined && { region }),
      siren,
    }),
  ];
  // Four islands and the collectivities overseas belong to none.
  if (grouping !== undefined)
    items.push(record('grouping_member', `${grouping}/${commune}`, { name, siren, commune }));
  return items;
}

/**
 * The file does not say which edition it copies, and takes a new one some time after January: before July, it passes for
 * the one before, so that it never stands in front of a number of INSEE by a mistake of ours.
 */
const yearOfCopy = (asOf: string): number => Number(asOf.slice(0, 4)) - (asOf.slice(5, 7) < '07' ? 1 : 0);

/** A mailbox that is none costs the line nothing: what matters of it is the territory. */
function mailboxOf(text: string): string | undefined {
  const address = emailAddress(text);
  return address instanceof Refusal ? undefined : address;
}

const record = (shelf: string, key: string, document: object): Item => ({
  kind: 'record',
  shelf,
  key,
  record: document,
});

const kindRule: CellRule<Kind> = (text) =>
  kinds.find((kind) => kind === text) ?? refuse('territory_kind_unknown');
