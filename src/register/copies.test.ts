import { describe, expect, test } from 'vitest';

import { mergeStatements, statementSchema } from '../organizations/organizations.ts';
import type { Source, StatedFacts, Statements } from '../organizations/organizations.ts';
import { copiedAt, isStale, isUsable, staleAt } from './copies.ts';

const monday = '2026-11-16T08:00:00.000Z';
const friday = '2026-11-20T08:00:00.000Z';

/** Each source says that the unit lives, unless told otherwise. */
const said = (...told: readonly (readonly [Source, (string | undefined)?, StatedFacts?])[]): Statements =>
  Object.fromEntries(
    told.map(([source, fetchedAt, facts = { unitState: 'A', legalCategory: '7210' }]) => [
      source,
      statementSchema.parse({ facts, asOf: (fetchedAt ?? '2026-11-18').slice(0, 10), fetchedAt }),
    ]),
  );
const imported = { source: 'sirene', fetchedAt: null };
const fetched = { source: 'api_sirene', fetchedAt: new Date(friday) };
const ownName = { name: 'Commune de Nantes', website: 'https://nantes.example' };
const list = { publicService: { public: true, facets: [] } };

describe('a copy ages from the day on which the oldest of what decides was fetched', () => {
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
    [
      'by two sources, of which the newest is silent on the category',
      said(['api_sirene', monday], ['api_entreprise', friday, { unitState: 'A' }]),
      fetched,
      monday,
    ],
    ['the unit imported, a new establishment fetched', said(['sirene']), fetched, friday],
    ['the unit fetched, its establishments imported since', said(['api_sirene', monday]), imported, monday],
    ['an import that is newer than the copy', said(['sirene'], ['api_sirene', monday]), imported, undefined],
    ['an import that is older than the copy', said(['sirene'], ['api_sirene', friday]), imported, friday],
    [
      'a configuration that declares a name only',
      said(['configuration', undefined, ownName], ['api_sirene', monday]),
      imported,
      monday,
    ],
    [
      'a public service that the list of administrations says, the rest of a copy',
      said(['administrations', undefined, list], ['api_sirene', monday]),
      imported,
      monday,
    ],
    [
      'a public service of a copy, the rest imported before',
      said(['sirene'], ['recherche_entreprises', friday, list]),
      imported,
      friday,
    ],
    ['only a website of a copy', said(['sirene'], ['api_sirene', friday, ownName]), imported, undefined],
    [
      'a correction of an operator',
      said(['operator', undefined, { legalCategory: '9220' }], ['api_sirene', monday]),
      fetched,
      monday,
    ],
    ['an association that the RNA knows too', said(['rna'], ['api_sirene', monday]), fetched, monday],
  ] as const)('%s', (_, statements, establishment, time) => {
    expect(copiedAt(mergeStatements(statements).origins, establishment)).toBe(time);
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
