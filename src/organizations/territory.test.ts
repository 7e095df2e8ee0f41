import { describe, expect, test } from 'vitest';

import { loadTerritories } from './territory-index.ts';
import { territoryOf } from './territory.ts';
import type { Territory, TerritorySubject } from './territory.ts';

const index = loadTerritories();
const place = (siren: string, communeCode?: string, declaredPopulation?: number): Territory =>
  territoryOf({ siren, communeCode, declaredPopulation, source: 'test', origins: {} }, index);
const operator = { source: 'operator', label: 'décision d’un opérateur', asOf: '2026-11-20' } as const;
const decided = (subject: Omit<TerritorySubject, 'source' | 'origins'>): Territory =>
  territoryOf({ ...subject, source: 'test', origins: { commune: operator, population: operator } }, index);

describe('a commune', () => {
  test('is known by its SIREN, with its grouping and both populations', () => {
    expect(place('214401093')).toMatchObject({
      country: 'FR',
      region: '52',
      department: '44',
      commune: '44109',
      communeName: 'Nantes',
      epci: '244400404',
      epciName: 'Nantes Métropole',
      population: { municipal: 327_734 },
      epciPopulation: { edition: '2022' },
      populationBand: '200000_and_over',
    });
  });

  test('keeps its own territory when one of its establishments stands elsewhere', () => {
    expect(place('214401093', '56260')).toMatchObject({ commune: '44109', department: '44' });
  });

  test('keeps its real population whatever was declared', () => {
    expect(place('213800618', undefined, 12).population?.municipal).toBe(3_500);
  });

  test('without inhabitants has a population, of zero', () => {
    const empty = index.communeByCode('55039')?.siren ?? '';
    expect(place(empty)).toMatchObject({ population: { municipal: 0 }, populationBand: 'under_50000' });
  });

  test('that was merged is placed, but does not take the inhabitants of the new one', () => {
    // Thouarsais-Bouildroux: its code 85292 is now Rives-du-Fougerais, 1 500 inhabitants.
    expect(place('218502920', '85292')).toMatchObject({
      department: '85',
      commune: '85292',
      population: undefined,
      epciPopulation: undefined,
      populationBand: undefined,
    });
  });
});

describe('a grouping of communes', () => {
  test('is known by its SIREN and has no commune', () => {
    expect(place('245600465', '56152')).toMatchObject({
      region: '53',
      department: '56',
      commune: undefined,
      epci: '245600465',
      population: { municipal: 5_594 },
      epciPopulation: { municipal: 5_594 },
    });
  });

  test('over two départements is in that of its seat, or in none when the seat is unknown', () => {
    expect(place('244400610', '44055').department).toBe('44');
    expect(place('244400610').department).toBeUndefined();
  });

  test('the métropole de Lyon is one', () => {
    expect(place('200046977')).toMatchObject({ epci: '200046977', department: '69', region: '84' });
  });
});

describe('anything else', () => {
  test('is where its establishment stands, without the population of the place', () => {
    // Férel has 3 499 inhabitants: an association established there is not a commune of 3 499 inhabitants.
    expect(place('000000109', '56058')).toEqual({
      country: 'FR',
      region: '53',
      department: '56',
      commune: '56058',
      communeName: 'Férel',
      epci: '244400610',
      epciName: "CA de la Presqu'île de Guérande Atlantique (Cap Atlantique)",
      population: undefined,
      epciPopulation: undefined,
      populationBand: undefined,
    });
  });

  test('in an arrondissement of Paris is in Paris', () => {
    expect(place('130025265', '75107')).toMatchObject({
      commune: '75056',
      communeName: 'Paris',
      department: '75',
    });
  });

  test.each([undefined, '99999'])('at the commune %j is nowhere known', (code) => {
    expect(place('130025265', code)).toMatchObject({
      country: 'FR',
      region: undefined,
      department: undefined,
    });
  });

  test('invented for the demonstration has the population it declares', () => {
    expect(place('000000901', undefined, 3_499)).toMatchObject({
      population: { municipal: 3_499, total: undefined, edition: 'declared', source: 'test' },
      populationBand: 'under_50000',
    });
  });
});

describe('what an operator decided comes before the maps', () => {
  test('the inhabitants and the place of a commune', () => {
    expect(decided({ siren: '213800618', communeCode: '44109', declaredPopulation: 60_000 })).toMatchObject({
      commune: '44109',
      epci: '244400404',
      population: {
        municipal: 60_000,
        total: undefined,
        edition: '2026-11-20',
        source: 'décision d’un opérateur',
      },
      populationBand: '50000_99999',
    });
  });

  test('the inhabitants of a grouping, which stays what it is', () => {
    expect(decided({ siren: '245600465', communeCode: '44109', declaredPopulation: 6_000 })).toMatchObject({
      commune: undefined,
      department: '44',
      epci: '245600465',
      population: { municipal: 6_000 },
      epciPopulation: { municipal: 6_000 },
    });
  });

  test('a commune that no map knows is nowhere, rather than where the number says', () => {
    const subject = { siren: '213800618', communeCode: '99999', declaredPopulation: 0 };
    expect(decided(subject)).toMatchObject({ commune: undefined, population: { municipal: 0 } });
  });
});
