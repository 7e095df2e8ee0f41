import { cellsOf } from './cells.ts';
import { censusInForce } from './census-year.ts';
import { departmentCode } from './communes.ts';
import { communeCode, optionalSiren, requiredSiren } from './identifiers.ts';
import type { FileFacts, Importer, Item, Reading, Row } from './importer.ts';
import { inhabitants } from './inhabitants.ts';
import { optionalText } from './texts.ts';

const columns = [
  'dept',
  'siren',
  'raison_sociale',
  'nature_juridique',
  'mode_financ',
  'nb_membres',
  'total_pop_tot',
  'total_pop_mun',
  'dep_com',
  'insee',
  'siren_membre',
  'nom_membre',
  'ptot_<year>',
  'pmun_<year>',
] as const;

/** What belongs to what. A member that has no code of its own is known by its SIREN. */
const essential = ['siren', 'raison_sociale', 'nature_juridique', 'insee', 'nom_membre'] as const;

/**
 * Perimeter of the groupings of communes (DGCL, BANATIC): one line for each grouping and member. The year in the names
 * of the last two columns is the one in which these populations are in force, three years after the census.
 */
export const banatic: Importer = {
  name: 'banatic',
  source: 'banatic',
  summary: 'DGCL, BANATIC, périmètre des groupements: one line for each grouping and member',
  columns,
  required: ['siren', 'raison_sociale', 'nature_juridique', 'insee', 'nom_membre', 'pmun_<year>'],
  optional: ['dept', 'siren_membre', 'total_pop_tot', 'total_pop_mun', 'ptot_<year>'],
  essential,
  separator: ';',
  encodings: ['windows-1252', 'utf-8'],
  read,
};

function read(row: Row, file: FileFacts): Reading {
  const cells = cellsOf(row, { essential });
  const siren = cells.read('siren', requiredSiren);
  const name = cells.read('raison_sociale', optionalText);
  const nature = cells.read('nature_juridique', optionalText);
  const commune = cells.read('insee', communeCode);
  const memberSiren = cells.read('siren_membre', optionalSiren);
  const memberName = cells.read('nom_membre', optionalText);
  if (name === undefined) cells.refuse('raison_sociale', 'name_missing');
  if (nature === undefined) cells.refuse('nature_juridique', 'nature_missing');
  if (memberName === undefined) cells.refuse('nom_membre', 'name_missing');
  const member = commune ?? memberSiren;
  if (siren === undefined || name === undefined || nature === undefined || memberName === undefined)
    return cells.reading([]);
  if (member === undefined) {
    cells.refuse('insee', 'member_missing');
    return cells.reading([]);
  }
  const department = cells.read('dept', departmentCode);
  const items: Item[] = [
    {
      kind: 'record',
      shelf: 'grouping',
      key: siren,
      record: { name, nature, ...(department !== undefined && { department }) },
    },
    {
      kind: 'record',
      shelf: 'grouping_member',
      key: `${siren}/${member}`,
      record: {
        name: memberName,
        ...(memberSiren !== undefined && { siren: memberSiren }),
        ...(commune !== undefined && { commune }),
      },
    },
  ];
  const year = Number(file.yearOf('pmun_<year>'));
  // The groupings of Mayotte have the census of their communes.
  const edition = censusInForce(year, commune);
  const ofGrouping = counted(
    cells.read('total_pop_mun', inhabitants),
    cells.read('total_pop_tot', inhabitants),
  );
  const ofMember = counted(cells.read('pmun_<year>', inhabitants), cells.read('ptot_<year>', inhabitants));
  if (ofGrouping !== undefined) items.push(population(`${siren}/${edition}`, ofGrouping));
  if (ofMember !== undefined && commune !== undefined)
    items.push(population(`${commune}/${edition}`, ofMember));
  return cells.reading(items);
}

const population = (key: string, record: object): Item => ({
  kind: 'record',
  shelf: 'population',
  key,
  record,
});

function counted(municipal: number | undefined, total: number | undefined): object | undefined {
  if (municipal === undefined) return undefined;
  return { municipal, ...(total !== undefined && { total }) };
}
