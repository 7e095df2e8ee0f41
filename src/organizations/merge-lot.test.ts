import { expect, test } from 'vitest';
import { mergeStatements, unitStateOf } from './merge.ts';
import { lotLabel } from './source-label.ts';
import type { StatedFacts, Statement } from './statement.ts';

const said = (facts: StatedFacts, asOf: string): Statement => ({ facts, asOf });
const ofLot: Statement = {
  ...said(
    { name: 'Musique', legalCategory: '5710', unitState: 'A', website: 'https://a.example' },
    '2026-11-22',
  ),
  label: lotLabel('L-26-7K3QXWPB'),
};

test('what a lot said of an organization yields to any register, however old', () => {
  const sirene = said({ name: 'AUTRE', legalCategory: '9220', unitState: 'C' }, '2020-01-01');
  const { values, origins } = mergeStatements({ organizations: ofLot, sirene });
  expect([values.name, values.legalCategory, unitStateOf(values)]).toEqual(['AUTRE', '9220', 'C']);
  // What no register says is still said.
  expect([values.website, origins.website?.source]).toEqual(['https://a.example', 'organizations']);

  const { values: byRna } = mergeStatements({ organizations: ofLot, rna: sirene });
  expect([byRna.name, unitStateOf(byRna)]).toEqual(['AUTRE', 'C']);
});

test('a file of our own is believed before the registers, as ever', () => {
  const file = said({ name: 'Musique' }, '2026-11-22');
  const sirene = said({ name: 'AUTRE' }, '2026-11-22');
  expect(mergeStatements({ organizations: file, sirene }).values.name).toBe('Musique');
});
