import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { parseRna, parseSiren } from './identifiers.ts';
import { mergeStatements } from './merge.ts';
import type { StatedFacts, Statement, Statements } from './statement.ts';

const said = (facts: StatedFacts, asOf: string): Statement => ({ facts, asOf });
const given = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('not an identifier');
  return value;
};
const [first, second] = [given(parseRna('W751033362')), given(parseRna('W953001460'))];
const successor = given(parseSiren('130025265'));
const publicService = { public: true, facets: [] };
const category = { legalCategory: '9220' };

describe('what INSEE takes back by leaving it out comes back from no older copy', () => {
  test.each<[string, StatedFacts]>([
    ['an RNA number', { rna: first }],
    ['a successor', { successor }],
    ['a word on public service', { publicService }],
  ])('%s', (_, facts) => {
    const older = said({ ...category, ...facts, createdOn: '2001-01-01' }, '2025-11-01');
    const newer = said(category, '2026-11-01');
    const merged = mergeStatements({ recherche_entreprises: older, api_sirene: newer });
    expect(merged.values).toEqual({ ...category, createdOn: '2001-01-01' });
    expect(merged.flags).toEqual([]);
    // The other way round it is the newest that speaks.
    expect(
      mergeStatements({ sirene: newer, api_sirene: { ...older, asOf: '2026-11-20' } }).values,
    ).toMatchObject(facts);
  });

  test('another register that says it is heard, and contradicts nobody', () => {
    const statements: Statements = {
      sirene: said({ ...category, rna: first }, '2025-11-01'),
      api_sirene: said(category, '2026-11-01'),
      rna: said({ rna: second }, '2025-01-01'),
    };
    const { values, origins, flags } = mergeStatements(statements);
    expect([values.rna, origins.rna?.source, flags]).toEqual([second, 'rna', []]);
  });

  test('a number that changed is no disagreement inside INSEE', () => {
    const { values, flags } = mergeStatements({
      sirene: said({ ...category, rna: first }, '2025-11-01'),
      api_sirene: said({ ...category, rna: second }, '2026-11-01'),
    });
    expect([values.rna, flags]).toEqual([second, []]);
  });

  test('whatever is said, and whenever: only the newest copy of INSEE is the origin of these facts', () => {
    const facts = fc.record(
      {
        rna: fc.constantFrom(first, second),
        successor: fc.constant(successor),
        publicService: fc.constant(publicService),
      },
      { requiredKeys: [] },
    );
    const days = ['2026-08-01', '2026-09-01', '2026-10-01', '2026-11-01'] as const;
    const copies = fc.tuple(
      fc.shuffledSubarray([...days], { minLength: 4 }),
      fc.array(facts, { minLength: 4 }),
    );
    fc.assert(
      fc.property(copies, facts, ([dates, spoken], byOther) => {
        const copy = (index: number): Statement => said(spoken[index] ?? {}, dates[index] ?? '');
        const statements: Statements = {
          sirene: copy(0),
          api_sirene: copy(1),
          api_entreprise: copy(2),
          recherche_entreprises: copy(3),
          rna: said(byOther, '2026-12-01'),
        };
        const newest = spoken[dates.indexOf('2026-11-01')] ?? {};
        const { values } = mergeStatements(statements);
        expect(values).toEqual({ ...byOther, ...newest });
      }),
    );
  });
});
