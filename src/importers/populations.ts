import { cellsOf } from './cells.ts';
import { censusInForce, yearInForce } from './census-year.ts';
import { communeCode } from './identifiers.ts';
import type { FileFacts, Importer, Reading, Row } from './importer.ts';
import { inhabitants } from './inhabitants.ts';

const columns = [
  'REG',
  'Région',
  'DEP',
  'CODARR',
  'CODCAN',
  'CODCOM',
  'COM',
  'Commune',
  'PMUN',
  'PCAP',
  'PTOT',
] as const;

/** A total is no population without the municipal count. */
const essential = ['COM', 'PMUN'] as const;

/**
 * Populations de référence of INSEE: `donnees_communes.csv` of `ensemble.zip`. The file does not say its census year:
 * `--as-of` is a day on which its populations are in force, or the day of December on which they were published, and the
 * census year follows (2026-01-01 → 2023); a file renamed `donnees_communes_2023.csv` says it by its name. Paris, Lyon
 * and Marseille are there by arrondissement, Mayotte is not there at all.
 */
export const populations: Importer = {
  name: 'populations',
  source: 'populations',
  summary:
    'INSEE, populations de référence: donnees_communes.csv of ensemble.zip (--as-of: a day when in force)',
  columns,
  required: ['COM', 'PMUN', 'PTOT'],
  essential,
  separator: ';',
  encodings: ['utf-8', 'windows-1252'],
  zipEntry: /(?:^|\/)donnees_communes\.csv$/i,
  dateOf: (fileName) => {
    const census = /donnees_communes_(20[0-9]{2})\.csv/i.exec(fileName)?.[1];
    return census === undefined ? undefined : `${Number(census) + 3}-01-01`;
  },
  read,
};

function read(row: Row, { asOf }: FileFacts): Reading {
  const cells = cellsOf(row, { essential });
  const code = cells.read('COM', communeCode);
  if (code === undefined) cells.refuse('COM', 'commune_malformed');
  const municipal = cells.read('PMUN', inhabitants);
  const total = cells.read('PTOT', inhabitants);
  if (municipal === undefined) cells.refuse('PMUN', 'inhabitants_malformed');
  if (code === undefined || municipal === undefined) return cells.reading([]);
  if (total !== undefined && total < municipal) cells.refuse('PTOT', 'total_under_municipal');
  const key = `${code}/${censusInForce(yearInForce(asOf), code)}`;
  const record = { municipal, ...(total !== undefined && { total }) };
  return cells.reading([{ kind: 'record', shelf: 'population', key, record }]);
}
