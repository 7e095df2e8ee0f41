import { describe, expect, test } from 'vitest';

import { statementSchema } from '../organizations/organizations.ts';
import type { Source, Statements } from '../organizations/organizations.ts';
import { copiedAt, isStale, isUsable, staleAt } from './copies.ts';

const monday = '2026-11-16T08:00:00.000Z';
const friday = '2026-11-20T08:00:00.000Z';

const said = (...told: readonly (readonly [Source, string?])[]): Statements =>
  Object.fromEntries(
    told.map(([source, fetchedAt]) => [
      source,
      statementSchema.parse({ facts: { unitState: 'A' }, asOf: '2026-11-16', fetchedAt }),
    ]),
  );
const imported = { source: 'sirene', fetchedAt: null };
const fetched = { source: 'api_sirene', fetchedAt: new Date(friday) };

describe('a copy ages from the day on which its oldest part was fetched', () => {
  test.each([
    ['all imported', said(['sirene']), imported, undefined],
    ['written by version N−1', {}, { source: 'configuration', fetchedAt: null }, undefined],
    ['declared', said(['configuration']), { source: 'configuration', fetchedAt: null }, undefined],
    ['all fetched', said(['api_sirene', friday]), fetched, friday],
    ['the unit fetched earlier', said(['api_sirene', monday]), fetched, monday],
    [
      'by two sources: the newest word',
      said(['api_sirene', monday], ['api_entreprise', friday]),
      fetched,
      friday,
    ],
    ['the unit imported, a new establishment fetched', said(['sirene']), fetched, friday],
    ['the unit fetched, its establishments imported since', said(['api_sirene', monday]), imported, monday],
    ['an import says the same as a connector', said(['sirene'], ['api_sirene', monday]), imported, undefined],
    ['a correction of an operator', said(['operator'], ['api_sirene', monday]), fetched, monday],
    ['an association that the RNA knows too', said(['rna'], ['api_sirene', monday]), fetched, monday],
  ] as const)('%s', (_, statements, establishment, time) => {
    expect(copiedAt(statements, establishment)).toBe(time);
  });
});

test('it is renewed after 24 hours and not believed after 30 days', () => {
  const at = (text: string) => new Date(text);
  expect(isStale(undefined, at('2030-01-01'))).toBe(false);
  expect(isStale(monday, at('2026-11-17T07:59:59.999Z'))).toBe(false);
  expect(isStale(monday, at('2026-11-17T08:00:00Z'))).toBe(true);
  expect(isUsable(monday, at('2026-12-16T07:59:59.999Z'))).toBe(true);
  expect(isUsable(monday, at('2026-12-16T08:00:00Z'))).toBe(false);
  expect(staleAt(monday)).toEqual(at('2026-12-16T08:00:00Z'));
});
