import { cellsOf, refuse } from './cells.ts';
import type { CellRule } from './cells.ts';
import { communeCode } from './identifiers.ts';
import type { Importer, Reading, Row } from './importer.ts';
import { optionalText } from './texts.ts';

const columns = [
  'TYPECOM',
  'COM',
  'REG',
  'DEP',
  'CTCD',
  'ARR',
  'TNCC',
  'NCC',
  'NCCENR',
  'LIBELLE',
  'CAN',
  'COMPARENT',
] as const;

type Kind = 'commune' | 'arrondissement' | 'delegated' | 'associated';

const kinds: Readonly<Record<string, Kind>> = {
  COM: 'commune',
  ARM: 'arrondissement',
  COMD: 'delegated',
  COMA: 'associated',
};

/** Which commune it is, in which département, or what became of it. */
const essential = ['TYPECOM', 'COM', 'DEP', 'LIBELLE', 'COMPARENT'] as const;

/** Code officiel géographique: which communes there are, and what became of those that merged. */
export const communes: Importer = {
  name: 'communes',
  source: 'cog',
  summary: 'INSEE, Code officiel géographique: v_commune_YYYY.csv',
  columns,
  required: ['TYPECOM', 'COM', 'REG', 'DEP', 'LIBELLE', 'COMPARENT'],
  essential,
  separator: ',',
  encodings: ['utf-8'],
  dateOf: (fileName) => {
    const year = /v_commune_([0-9]{4})\.csv/i.exec(fileName)?.[1];
    // The code is that of 1 January.
    return year === undefined ? undefined : `${year}-01-01`;
  },
  read,
};

function read(row: Row): Reading {
  const cells = cellsOf(row, { essential });
  const kind = cells.read('TYPECOM', communeKind);
  const code = cells.read('COM', communeCode);
  const name = cells.read('LIBELLE', optionalText);
  const current = cells.read('COMPARENT', communeCode);
  if (code === undefined) cells.refuse('COM', 'commune_malformed');
  if (name === undefined) cells.refuse('LIBELLE', 'name_missing');
  if (kind === undefined || code === undefined || name === undefined) return cells.reading([]);
  if (kind !== 'commune' && current === undefined) {
    cells.refuse('COMPARENT', 'commune_parent_missing');
    return cells.reading([]);
  }
  // The chief place of a new commune is a delegated commune of the same code: the code means the new one.
  if (kind !== 'commune' && current === code) return { leftOut: 'code_of_current_commune' };
  // INSEE leaves both empty for delegated and associated communes: they are those of the commune that they are part of.
  const department = cells.read('DEP', departmentCode);
  const region = cells.read('REG', regionCode);
  if (kind === 'commune' && department === undefined) cells.refuse('DEP', 'department_malformed');
  const record = {
    name,
    kind,
    ...(department !== undefined && { department }),
    ...(region !== undefined && { region }),
    ...(kind !== 'commune' && current !== undefined && { current }),
  };
  return cells.reading([{ kind: 'record', shelf: 'commune', key: code, record }]);
}

const communeKind: CellRule<Kind> = (text) => kinds[text] ?? refuse('commune_kind_unknown');

/** Corsica is 2A and 2B, overseas three digits. */
export const departmentCode: CellRule<string> = (text) => {
  if (text === '') return undefined;
  return /^(?:(?!20|9[6-9])[0-9]{2}|2[AB]|9[78][0-9])$/.test(text) ? text : refuse('department_malformed');
};

/** Two digits; overseas collectivities have none and stand under their own code. */
export const regionCode: CellRule<string> = (text) => {
  if (text === '') return undefined;
  return /^(?:[0-9]{2}|9[78][0-9])$/.test(text) ? text : refuse('region_malformed');
};
