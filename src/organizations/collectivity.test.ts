import { describe, expect, test } from 'vitest';

import { collectivityOf, territoryChain } from './collectivity.ts';
import { loadTerritories } from './territory-index.ts';

const index = loadTerritories();

describe('the authority with the powers of a département', () => {
  test.each([
    ['56260', 'Vannes', '56D', 'Département du Morbihan', false],
    ['01053', 'Bourg-en-Bresse', '01D', "Département de l'Ain", false],
    ['2A004', 'Ajaccio', '20R', 'Collectivité de Corse', true],
    ['2B033', 'Bastia', '20R', 'Collectivité de Corse', true],
    ['67482', 'Strasbourg', '6AE', "Collectivité européenne d'Alsace", false],
    ['68066', 'Colmar', '6AE', "Collectivité européenne d'Alsace", false],
    ['75056', 'Paris', '75C', 'Ville de Paris', false],
    ['75107', 'Paris', '75C', 'Ville de Paris', false],
    ['69123', 'Lyon', '69M', 'Métropole de Lyon', false],
    ['69385', 'Lyon', '69M', 'Métropole de Lyon', false],
    ['69264', 'Villefranche-sur-Saône', '69D', 'Département du Rhône', false],
    ['97209', 'Fort-de-France', '972R', 'Collectivité territoriale de Martinique', true],
    ['97302', 'Cayenne', '973R', 'Collectivité territoriale de Guyane', true],
    ['97611', 'Mamoudzou', '976D', 'Département de Mayotte', true],
    ['97105', 'Basse-Terre', '971D', 'Département de la Guadeloupe', false],
    ['97701', 'Saint-Barthélemy', '977', 'Saint-Barthélemy', true],
    ['98818', 'Nouméa', '988', 'Nouvelle-Calédonie', true],
  ])('%s %s: %s', (code, commune, collectivity, name, isRegion) => {
    const chain = territoryChain(code, index);
    expect(chain?.commune.name).toBe(commune);
    expect(chain?.collectivity).toEqual({ code: collectivity, name, isRegion });
  });

  test('the austral lands and Clipperton have none', () => {
    expect(territoryChain('98411', index)?.collectivity).toBeUndefined();
    expect(territoryChain('98901', index)?.collectivity).toBeUndefined();
  });

  test('every other commune of 2026 has one: 101, and six overseas', () => {
    const codes = new Set([...index.communes()].map((commune) => collectivityOf(commune)?.code));
    codes.delete(undefined);
    // 94 départements of the mainland less 67, 68 and 75, then Alsace, Paris, Lyon, Corse; five overseas; six of their own.
    expect([...codes].filter((code) => code?.endsWith('D'))).toHaveLength(94);
    expect([...codes].filter((code) => !/D$/.test(code ?? '')).sort()).toEqual([
      '20R',
      '69M',
      '6AE',
      '75C',
      '972R',
      '973R',
      '975',
      '977',
      '978',
      '986',
      '987',
      '988',
    ]);
  });
});

describe('what stands above a commune', () => {
  test('is its grouping, its département and its region', () =>
    expect(territoryChain('56260', index)).toMatchObject({
      epci: { siren: '200067932' },
      department: { code: '56', name: 'Morbihan' },
      region: { code: '53', name: 'Bretagne' },
    }));

  test('is no grouping for an island that has none', () =>
    expect(territoryChain('85113', index)?.epci).toBeUndefined());

  test('is nothing for a code that means nothing', () =>
    expect(territoryChain('20004', index)).toBeUndefined());
});
