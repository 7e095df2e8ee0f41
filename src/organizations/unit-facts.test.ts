import { describe, expect, test } from 'vitest';

import { parseCommuneCode, parseRna, parseSiren } from './identifiers.ts';
import { mergeStatements } from './merge.ts';
import type { Statements } from './statement.ts';
import { loadTerritories } from './territory-index.ts';
import { unitFacts } from './unit-facts.ts';
import type { RegisteredUnit, UnitFacts } from './unit-facts.ts';

const territories = loadTerritories();
const rna = parseRna('W751033362');
const asOf = '2026-11-01';

function unit(statements: Statements, changes: Partial<RegisteredUnit> = {}): UnitFacts {
  return unitFacts(
    {
      id: 'W751033362',
      siren: undefined,
      name: 'PAR LA LIGNE',
      merged: mergeStatements(statements),
      ...changes,
    },
    territories,
  );
}

describe('an organization by name', () => {
  test('an association without SIREN lives by its RNA number, where its seat is', () => {
    expect(
      unit({ rna: { facts: { name: 'COMITÉ DES FÊTES', rna, commune: parseCommuneCode('56260') }, asOf } }),
    ).toMatchObject({
      id: 'W751033362',
      siren: undefined,
      rna: 'W751033362',
      name: 'COMITÉ DES FÊTES',
      type: 'association.declared',
      category: 'association',
      sector: 'private_law',
      publicService: false,
      active: true,
      territory: { commune: '56260', department: '56', population: undefined },
      flags: [],
      origins: { name: { source: 'rna', asOf } },
    });
  });

  test.each([
    [
      'public utility',
      { rna: { facts: { rna, publicUtility: true }, asOf } },
      {},
      'association.public_utility',
    ],
    [
      'a register of Alsace-Moselle',
      { organizations: { facts: { name: 'A' }, asOf } },
      { id: 'AM-MOLSHEIM-12-34', localRegister: 'AM-MOLSHEIM-12-34' },
      'association.local_law',
    ],
    ['no register of associations', { organizations: { facts: { name: 'A' }, asOf } }, {}, 'unknown'],
    [
      'a company with an RNA number',
      { sirene: { facts: { rna, legalCategory: '5599' }, asOf } },
      { siren: parseSiren('552032534') },
      'company',
    ],
    [
      'a SIREN of unknown category with an RNA number',
      { sirene: { facts: { rna }, asOf } },
      { siren: parseSiren('552032534') },
      'unknown',
    ],
    [
      'an operator’s word',
      {
        sirene: { facts: { legalCategory: '7229' }, asOf },
        operator: { facts: { type: 'local_authority.commune' }, asOf },
      },
      { siren: parseSiren('217500016') },
      'local_authority.commune',
    ],
  ] as const)('%s: %s %s is %s', (_, statements, changes, type) => {
    expect(unit(statements, changes).type).toBe(type);
  });

  test('a dissolved association is not active', () => {
    const { active, flags } = unit({ rna: { facts: { rna, dissolvedOn: '2024-06-30' }, asOf } });
    expect([active, flags]).toEqual([false, ['dissolved']]);
  });

  test('a name not to be shown is replaced by the number, whatever the line still holds', () => {
    const statements: Statements = { sirene: { facts: { diffusion: 'P', legalCategory: '9220' }, asOf } };
    const siren = parseSiren('317236248');
    expect(unit(statements, { id: '317236248', siren })).toMatchObject({
      name: '317236248',
      flags: ['masked'],
    });
    expect(unit({}, { siren }).name).toBe('PAR LA LIGNE');
  });

  test('a commune that does not exist is flagged; a category that nobody could hold is not', () => {
    expect(unit({ rna: { facts: { rna, commune: parseCommuneCode('56999') }, asOf } }).flags).toEqual([
      'commune_unknown',
    ]);
    expect(
      unit({ sirene: { facts: { name: 'A' }, asOf } }, { siren: parseSiren('317236248') }).flags,
    ).toEqual(['legal_category_unknown']);
  });

  test('what the list of administrations says makes it public, with the facets of the list', () => {
    const statements: Statements = {
      sirene: { facts: { legalCategory: '7410', unitState: 'A' }, asOf },
      administrations: { facts: { publicService: { public: true, facets: ['spa'] } }, asOf },
    };
    expect(unit(statements, { siren: parseSiren('130030133') })).toMatchObject({
      type: 'gip',
      publicService: true,
      publicServiceSource: 'legal_category',
      facets: ['spa'],
    });
  });

  test('what an operator decided of its place and its inhabitants comes before the maps', () => {
    const statements: Statements = {
      sirene: { facts: { legalCategory: '7210' }, asOf },
      dpnt: { facts: { population: 12 }, asOf },
    };
    const siren = parseSiren('213800618');
    expect(unit(statements, { siren }).territory).toMatchObject({
      commune: '38061',
      population: { municipal: 3_500 },
    });
    const operator = { facts: { population: 3_499, commune: parseCommuneCode('44109') }, asOf };
    expect(unit({ ...statements, operator }, { siren }).territory).toMatchObject({
      commune: '44109',
      population: { municipal: 3_499, edition: asOf },
    });
  });
});
