import { expect, it } from 'vitest';
import type { Reading } from './importer.ts';
import { createLineReader } from './read-line.ts';
import { sireneUnits } from './sirene-units.ts';

const read = (cells: Readonly<Record<string, string>>): Reading =>
  createLineReader({
    importer: sireneUnits,
    header: {
      positions: new Map(sireneUnits.columns.map((column, index) => [column, index])),
      years: new Map(),
      missing: [],
      extra: [],
      duplicated: [],
      otherOrder: false,
    },
    facts: { asOf: '2026-11-01', fileName: 'StockUniteLegale_utf8.csv' },
    brokenLetters: true,
  })({ line: 2, values: sireneUnits.columns.map((column) => cells[column] ?? '') });

it('refuses the name of a person that it cannot read, without saying it', () => {
  const person = { siren: '000000109', categorieJuridiqueUniteLegale: '1000', prenom1UniteLegale: 'JEANNE' };
  expect(read({ ...person, nomUniteLegale: 'PR\uFFFDNOM' })).toEqual({
    wrong: { column: 'nomUniteLegale', value: '', reason: 'not_utf8' },
  });
  expect(read({ ...person, prenom1UniteLegale: 'JEANNE\0' })).toEqual({
    wrong: { column: 'prenom1UniteLegale', value: '', reason: 'zero_byte' },
  });
});

it('says what it cannot read elsewhere', () => {
  expect(read({ siren: '00000010\uFFFD' })).toEqual({
    wrong: { column: 'siren', value: '00000010\uFFFD', reason: 'not_utf8' },
  });
});
