import { expect, test } from 'vitest';
import { registerDifferences } from './register-words.ts';

const establishment = {
  siret: '00000010900009',
  state: 'A',
  head_office: true,
  commune_code: '56260',
  postal_code: null,
  naf: null,
  naf25: null,
  size_band: null,
  usual_name: 'Maison des maires',
  created_on: null,
  diffusion: 'O',
  source: 'configuration',
  source_date: '2026-11-01',
  import_id: 4,
  former_source_date: null,
  former_import_id: null,
  fetched_at: '2026-11-01T09:00:00Z',
};

test('an establishment is told by its facts, not by the columns that the history keeps', () => {
  expect(registerDifferences(undefined, establishment, 'fr')).toEqual([
    { fact: 'siret', after: '00000010900009' },
    { fact: 'establishmentState', after: { t: 'op.fact.active' } },
    { fact: 'isHeadOffice', after: { t: 'op.fact.yes' } },
    { fact: 'commune', after: '56260' },
    { fact: 'usualName', after: 'Maison des maires' },
    { fact: 'diffusion', after: { t: 'op.fact.openly' } },
  ]);
  expect(
    registerDifferences(
      establishment,
      { ...establishment, state: 'F', import_id: 5, source: 'sirene' },
      'fr',
    ),
  ).toEqual([
    { fact: 'establishmentState', before: { t: 'op.fact.active' }, after: { t: 'op.fact.ceased' } },
  ]);
});

test('a statement by its facts', () => {
  expect(registerDifferences({ facts: { name: 'A' } }, { facts: { name: 'B' } }, 'fr')).toEqual([
    { fact: 'name', before: 'A', after: 'B' },
  ]);
});
