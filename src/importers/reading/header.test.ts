import { describe, expect, it, test } from 'vitest';
import type { Importer } from '../importer.ts';
import { assertUsable, checkHeader, headerText, neededNames } from './header.ts';

const importer: Importer = {
  name: 'banatic',
  source: 'banatic',
  summary: 'a file',
  columns: ['siren', 'name', 'ptot_<year>', 'note'],
  required: ['siren', 'ptot_<year>'],
  optional: ['name'],
  essential: ['siren'],
  separator: ';',
  encodings: ['utf-8'],
  read: () => ({ items: [] }),
};
const other: Importer = {
  ...importer,
  name: 'dpnt',
  columns: ['siren', 'town', 'day'],
  required: ['siren', 'day'],
};
const usable = (header: readonly string[]) => () =>
  assertUsable(checkHeader(header, importer), {
    path: 'f.csv',
    header,
    importer,
    separator: ';',
    others: [importer, other],
  });

describe('the header', () => {
  test.each<[readonly string[], string]>([
    [['siren', 'name', 'ptot_2026', 'note'], '4 columns, as the register gives them'],
    [['name', 'siren', 'ptot_2026', 'note'], '4 columns; in another order than the register gives'],
    [['siren', 'name', 'ptot_2026'], '3 columns; missing, not needed: note'],
    [['siren', 'name', 'ptot_2026', 'note', 'new'], '4 columns; not known, not read: new'],
    [['siren', 'name', 'ptot_2026', 'note', 'note'], '4 columns; twice, not read: note'],
  ])('%j is accepted: %s', (header, text) => {
    expect(usable(header)).not.toThrow();
    expect(headerText(checkHeader(header, importer))).toBe(text);
  });

  test.each<[readonly string[], string]>([
    [['siren', 'town', 'day'], 'f.csv is a file for "maillon import dpnt", not for banatic.'],
    [['siren,town,day,x'], 'f.csv is a file for "maillon import dpnt", not for banatic.'],
    // Too little to tell.
    [['siren', 'day'], 'f.csv, as banatic: missing: ptot_<year>; not known: day.'],
    [['name', 'ptot_2026', 'x'], 'f.csv, as banatic: missing: siren; not known: x.'],
    [['siren', 'ptot_26'], 'f.csv, as banatic: missing: ptot_<year>; not known: ptot_26.'],
    [['siren', 'siren', 'ptot_2026'], 'f.csv, as banatic: twice: siren.'],
    [['siren', 'ptot_2025', 'ptot_2026'], 'f.csv, as banatic: twice: ptot_<year>.'],
    [['siren', 'name', 'name', 'ptot_2026'], 'f.csv, as banatic: twice: name.'],
    [
      ['siren,name,ptot_2026'],
      'f.csv, as banatic: missing: siren, ptot_<year>; not known: siren,name,ptot_2026. The values seem to be separated by ",": try --separator ",".',
    ],
  ])('%j is refused', (header, detail) => {
    expect(usable(header)).toThrow(expect.objectContaining({ code: 'M-IMPT-002', detail }));
  });

  it('says which year stands for <year>, and how the file names what is read', () => {
    const header = ['note', 'ptot_2026', 'siren'];
    expect(checkHeader(header, importer).years.get('ptot_<year>')).toBe('2026');
    expect(neededNames(header, importer)).toEqual(['siren', 'ptot_2026']);
  });
});
