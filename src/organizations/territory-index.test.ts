import { describe, expect, test } from 'vitest';

import { loadTerritories } from './territory-index.ts';

const index = loadTerritories();
const communes = [...index.communes()];
const epcis = [...index.epcis()];

const municipal = (code: string): number | undefined => index.communeByCode(code)?.population?.municipal;

describe('the communes of 2026', () => {
  test('are 34 969', () => {
    expect(communes).toHaveLength(34_969);
    expect(communes.filter(({ siren }) => siren === undefined)).toHaveLength(94);
    expect(communes.filter(({ epci }) => epci === undefined)).toHaveLength(98);
  });

  test('31 667 have between 1 and 3 499 inhabitants, 3 290 have 3 500 or more', () => {
    const numbers = communes.flatMap(({ population }) => population?.municipal ?? []);
    expect(numbers.filter((inhabitants) => inhabitants >= 1 && inhabitants < 3_500)).toHaveLength(31_667);
    expect(numbers.filter((inhabitants) => inhabitants >= 3_500)).toHaveLength(3_290);
  });

  test('six have no inhabitant, six have no population at all: zero and absent differ', () => {
    const empty = communes.filter(({ population }) => population?.municipal === 0).map(({ code }) => code);
    const absent = communes.filter(({ population }) => population === undefined).map(({ code }) => code);
    expect(empty).toEqual(['55039', '55050', '55139', '55189', '55239', '55307']);
    expect(absent).toEqual(['98411', '98412', '98413', '98414', '98415', '98901']);
  });

  test.each([
    ['38061', 'La Buisse', 3_500],
    ['44155', 'Saint-Colomban', 3_500],
    ['56058', 'Férel', 3_499],
    ['37054', 'Chanceaux-sur-Choisille', 3_499],
    ['43112', 'Langeac', 3_499],
    ['56260', 'Vannes', 55_790],
    ['85113', "L'Île-d'Yeu", 4_883],
  ])('%s %s has %i inhabitants', (code, name, inhabitants) => {
    expect(index.communeByCode(code)).toMatchObject({ code, name, population: { municipal: inhabitants } });
  });

  test('no other one has exactly 3 499 or 3 500', () => {
    const edge = communes.filter(({ code }) => [3_499, 3_500].includes(municipal(code) ?? -1));
    expect(edge.map(({ code }) => code)).toEqual(['37054', '38061', '43112', '44155', '56058']);
  });

  test('the Morbihan has 249, 194 of them under 3 500 inhabitants', () => {
    const morbihan = communes.filter(({ department }) => department === '56');
    expect(morbihan).toHaveLength(249);
    expect(morbihan.filter(({ population }) => (population?.municipal ?? Infinity) < 3_500)).toHaveLength(
      194,
    );
    expect(morbihan.reduce((sum, { population }) => sum + (population?.municipal ?? 0), 0)).toBe(783_390);
  });

  test('a commune is found by its SIREN, a name is never enough', () => {
    expect(index.communeBySiren('214401093')).toMatchObject({
      code: '44109',
      name: 'Nantes',
      epci: '244400404',
    });
    expect(communes.filter(({ name }) => name === 'Saint-Denis')).toHaveLength(4);
  });
});

describe('codes that are no current commune', () => {
  test.each([
    ['75101', '75056'],
    ['75120', '75056'],
    ['69381', '69123'],
    ['69389', '69123'],
    ['13201', '13055'],
    ['13216', '13055'],
  ])('arrondissement %s belongs to %s', (arrondissement, commune) => {
    expect(index.communeByCode(arrondissement)?.code).toBe(commune);
  });

  test('Paris has the inhabitants of Paris, not those of the first arrondissement', () => {
    expect(municipal('75101')).toBe(2_103_778);
  });

  test('a delegated commune belongs to the new one: Pierrefitte-sur-Seine is in Saint-Denis', () => {
    expect(index.communeByCode('93059')?.code).toBe('93066');
  });

  test('a current code means itself, also when a delegated commune has kept it', () => {
    expect(index.communeByCode('85292')).toMatchObject({ code: '85292', name: 'Rives-du-Fougerais' });
  });

  test.each(['', '00000', '99999', '20004', '__proto__', '751056'])('%j is nothing', (code) => {
    expect(index.communeByCode(code)).toBeUndefined();
  });
});

describe('the 1 255 groupings with own taxation', () => {
  test('360 are under 15 000 inhabitants by municipal population, 351 by total population', () => {
    expect(epcis).toHaveLength(1_255);
    expect(epcis.filter(({ population }) => (population?.municipal ?? Infinity) < 15_000)).toHaveLength(360);
    expect(epcis.filter(({ population }) => (population?.total ?? Infinity) < 15_000)).toHaveLength(351);
    expect(epcis.filter(({ population }) => (population?.municipal ?? 0) > 50_000)).toHaveLength(285);
  });

  test('nine lie on both sides of 15 000', () => {
    const both = epcis.filter(
      ({ population }) => (population?.municipal ?? Infinity) < 15_000 && (population?.total ?? 0) >= 15_000,
    );
    expect(both.map(({ siren }) => siren).sort()).toEqual([
      '200017341',
      '200029999',
      '200042000',
      '200070548',
      '200072692',
      '240900464',
      '241700632',
      '242900561',
      '247000755',
    ]);
    expect(index.epciBySiren('240900464')?.population).toMatchObject({ municipal: 14_774, total: 15_044 });
  });

  test.each([
    ['200067684', 46_800],
    ['200030385', 106_574],
    ['241700640', 86_221],
    ['200040590', 73_717],
    ['245400676', 258_208],
    ['200035764', 16_991],
    ['200069193', 40_570],
    ['200034957', 28_757],
    ['245614433', 46_032],
    ['200039204', 52_957],
    ['245600465', 5_594],
  ])('%s has %i inhabitants', (siren, inhabitants) => {
    expect(index.epciBySiren(siren)?.population?.municipal).toBe(inhabitants);
  });

  test('one that spans several départements has none: Cap Atlantique is in the 44 and the 56', () => {
    expect(index.epciBySiren('244400610')).toMatchObject({ department: undefined, region: undefined });
    expect(index.epciBySiren('245600465')).toMatchObject({ department: '56', region: '53' });
  });
});

/** Communes of 3 500 inhabitants or more whose grouping has less than 15 000. */
const throughTheirGroupingOnly =
  '04088 09160 10033 12208 12270 18015 18087 18207 19073 21317 21425 23176 24064 24294 26113 28051 29027 2A032 2A130 ' +
  '2A249 2A272 2B050 2B096 2B123 2B207 2B251 30350 32107 32119 32462 34111 34142 36031 38548 39368 39470 40001 40184 ' +
  '40197 41106 41232 46127 47052 48092 48140 51030 51380 51507 51559 55463 58079 59571 61293 61464 66003 68287 68298 ' +
  '70120 70311 71120 71137 73003 73006 73150 73248 74056 74143 81222 82013 85163 87161 87187 88196 88367 89257 97112 ' +
  '97308';

describe('communes and their groupings', () => {
  test('77 communes of 3 500 inhabitants or more belong to a grouping under 15 000', () => {
    const found = communes.filter(({ population, epci }) => {
      const grouping = epci === undefined ? undefined : index.epciBySiren(epci)?.population;
      return (population?.municipal ?? 0) >= 3_500 && (grouping?.municipal ?? Infinity) < 15_000;
    });
    expect(found.map(({ code }) => code).join(' ')).toBe(throughTheirGroupingOnly);
    expect(found).toHaveLength(77);
  });

  test.each(['22016', '29083', '29155', '85113'])('the island commune %s has no grouping', (code) => {
    expect(index.communeByCode(code)).toMatchObject({ epci: undefined, population: { total: undefined } });
  });
});

describe('the edition of a number', () => {
  test('is 2023 for communes: their sum is what INSEE published for Brittany', () => {
    const brittany = communes.filter(({ region }) => region === '53');
    expect(brittany.reduce((sum, { population }) => sum + (population?.municipal ?? 0), 0)).toBe(3_449_370);
    expect(new Set(brittany.map(({ population }) => population?.edition))).toEqual(new Set(['2023']));
  });

  test('is 2022 for groupings, and for the total population of communes, which says so', () => {
    expect(index.epciBySiren('244400404')?.population?.edition).toBe('2022');
    expect(index.communeByCode('44109')?.population).toMatchObject({
      municipal: 327_734,
      edition: '2023',
      total: 329_809,
      totalEdition: '2022',
    });
  });

  test('is 2017 in Mayotte, for both', () => {
    expect(index.communeByCode('97611')?.population).toMatchObject({ edition: '2017' });
    expect(index.communeByCode('97611')?.population).not.toHaveProperty('totalEdition');
    expect(index.epciBySiren(index.communeByCode('97611')?.epci ?? '')?.population?.edition).toBe('2017');
  });

  test('73 communes change sides of 3 500 with the measure, 12 of them only because the editions differ', () => {
    const straddling = communes.filter(({ population }) => {
      if (population?.total === undefined) return false;
      return population.municipal < 3_500 !== population.total < 3_500;
    });
    expect(straddling).toHaveLength(73);
    const impossible = straddling.filter(
      ({ population }) => (population?.total ?? 0) < (population?.municipal ?? 0),
    );
    expect(impossible).toHaveLength(12);
  });
});

test('it is built once', () => {
  expect(loadTerritories()).toBe(index);
});
