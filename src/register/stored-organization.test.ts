import { describe, expect, test } from 'vitest';

import { parseRna, parseSiren, parseSiret, statementsText } from '../organizations/organizations.ts';
import type { Statements } from '../organizations/organizations.ts';
import { registered } from './stored-organization.ts';

const given = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('not an identifier');
  return value;
};
const now = new Date('2026-11-22T10:00:00Z');
type Row = Parameters<typeof registered>[0];

const row = (statements: Statements, changes: Partial<Row> = {}): Row => ({
  siret: given(parseSiret('31723624800017')),
  siren: given(parseSiren('317236248')),
  name: 'PAR LA COLONNE',
  legal_category: '9220',
  unit_state: 'A',
  state: 'A',
  rna: given(parseRna('W751033362')),
  commune_code: '75119',
  naf: '87.90B',
  created_on: '1954-01-01',
  declared_population: null,
  qualifications: '[]',
  suspended_at: null,
  source: 'La colonne',
  source_date: '2026-10-01',
  statements: statementsText(statements),
  flags: '[]',
  diffusion: 'O',
  establishment_source: 'sirene',
  establishment_source_date: '2026-11-02',
  fetched_at: null,
  ...changes,
});

const author = { given_name: 'Anne', usual_name: 'Martin', capacity: 'responsable', organization: 'DINUM' };
const correction = { reason: 'pièces vues', author, at: '2026-11-20T09:00:00Z' };

describe('a row that version N−1 wrote', () => {
  const facts = registered(
    row({}, { establishment_source: 'configuration', establishment_source_date: null }),
    now,
  );

  test('speaks by its columns, all of one source', () => {
    expect(facts).toMatchObject({
      name: 'PAR LA COLONNE',
      legalCategory: '9220',
      unitState: 'A',
      rna: 'W751033362',
      createdOn: '1954-01-01',
      diffusion: 'O',
      source: 'La colonne',
      sourceDate: '2026-10-01',
      origins: {},
      establishmentOrigin: { label: 'La colonne', asOf: '2026-10-01' },
      statedFlags: [],
    });
  });
});

describe('a row with statements', () => {
  const statements: Statements = {
    operator: {
      facts: { type: 'association.declared', publicService: { public: true, facets: ['spa'] } },
      asOf: '2026-11-20',
      corrections: { type: correction },
    },
    sirene: {
      facts: { name: 'EMMAUS', legalCategory: '9230', unitState: 'C' },
      asOf: '2026-11-01',
      importId: 3,
    },
    rna: { facts: { name: 'Emmaüs', dissolvedOn: '2026-06-30' }, asOf: '2026-11-15' },
  };
  const facts = registered(row(statements), now);

  test('speaks by them, and never by its columns', () => {
    expect(facts).toMatchObject({
      name: 'EMMAUS',
      legalCategory: '9230',
      unitState: 'C',
      rna: undefined,
      createdOn: undefined,
      typeOverride: 'association.declared',
      publicServiceStated: { public: true, facets: ['spa'], source: 'operator' },
      source: 'INSEE, base Sirene (Licence Ouverte 2.0)',
      sourceDate: '2026-11-01',
      establishmentOrigin: { label: 'INSEE, base Sirene (Licence Ouverte 2.0)', asOf: '2026-11-02' },
    });
  });

  test('shows who corrected what, and why', () => {
    expect(facts.origins.type).toMatchObject({ source: 'operator', asOf: '2026-11-20', correction });
    expect(facts.origins.name).toMatchObject({ source: 'sirene', importId: 3 });
  });

  test('raises what the sources do not agree on, and what only a comparison of rows tells', () => {
    expect(facts.statedFlags).toEqual(['unit_closed', 'dissolved']);
    const shared = registered(row(statements, { flags: '["rna_shared","of_a_newer_version"]' }), now);
    expect(shared.statedFlags).toEqual(['unit_closed', 'dissolved', 'rna_shared']);
  });

  test('shows no name that INSEE keeps back, though a column should still hold it', () => {
    const masked: Statements = { api_sirene: { facts: { diffusion: 'P' }, asOf: '2026-11-01' } };
    expect(registered(row(masked), now)).toMatchObject({ name: '317236248', diffusion: 'P' });
  });
});

describe('inhabitants', () => {
  const said = (source: 'dpnt' | 'configuration', population: number): Statements => ({
    [source]: { facts: { population }, asOf: '2026-11-01' },
  });

  test.each([
    ['the column of the configuration', {}, 3_499, 3_499],
    ['a configuration', said('configuration', 15_000), null, 15_000],
    ['what a register says is read elsewhere, by measure and edition', said('dpnt', 15_000), null, undefined],
  ] as const)('%s', (_, statements, column, expected) => {
    expect(registered(row(statements, { declared_population: column }), now).declaredPopulation).toBe(
      expected,
    );
  });
});

test('a row whose statements no version wrote is refused, not guessed', () => {
  expect(() =>
    registered(row({}, { statements: '{"sirene":{"facts":{"name":""},"asOf":"2026"}}' }), now),
  ).toThrow();
});
