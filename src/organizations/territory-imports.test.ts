import { describe, expect, test } from 'vitest';

import { withImports } from './territory-imports.ts';
import type { CommuneRecord, Imported, ImportedTerritories } from './territory-imports.ts';
import { indexOf } from './territory-index.ts';
import type { TerritoryIndex } from './territory-index.ts';
import { seedTerritories } from './territory-seed.ts';

const seed = seedTerritories();
const nothing: ImportedTerritories = { communes: [], populations: [], groupings: [], members: [] };
const mapWith = (imported: Partial<ImportedTerritories>): TerritoryIndex =>
  indexOf(withImports(seed, { ...nothing, ...imported }));

function said<T>(source: string, asOf: string, records: Readonly<Record<string, T>>): Imported<T>[] {
  return Object.entries(records).map(([key, record]) => ({ key, source, asOf, record }));
}
const cog = (records: Readonly<Record<string, CommuneRecord>>, asOf = '2027-01-01') =>
  said('cog', asOf, records);

describe('an import of nothing', () => {
  test('changes nothing, and keeps the same objects', () => {
    const index = mapWith({});
    expect(index.communeByCode('56260')).toBe(seed.communes.get('56260'));
    expect([...index.communes()]).toHaveLength(34_969);
    expect([...index.epcis()]).toEqual([...seed.epcis.values()]);
  });
});

describe('populations', () => {
  const ferel = (source: string, key: string, record: { municipal?: number; total?: number }) =>
    mapWith({ populations: said(source, '2026-12-20', { [key]: record }) });

  test('of a newer edition take the place of the older one, both measures, source and edition with them', () => {
    const index = ferel('populations', '56058/2024', { municipal: 3_512, total: 3_590 });
    expect(index.communeByCode('56058')?.population).toEqual({
      municipal: 3_512,
      total: 3_590,
      edition: '2024',
      source: 'INSEE, populations de référence',
    });
    expect(index.communeBySiren('215600586')?.population?.municipal).toBe(3_512);
  });

  test('of all editions are kept, the newest first', () =>
    expect(
      ferel('populations', '56058/2024', { municipal: 3_512 })
        .populations('56058')
        .map(({ edition, municipal, total }) => [edition, municipal, total]),
    ).toEqual([
      ['2024', 3_512, undefined],
      ['2023', 3_499, undefined],
      ['2022', undefined, 3_513],
    ]));

  test('of an older edition are kept, and do not count', () => {
    const index = ferel('populations', '56058/2020', { municipal: 9_999 });
    expect(index.communeByCode('56058')?.population).toMatchObject({ municipal: 3_499, edition: '2023' });
    expect(index.populations('56058').map(({ edition }) => edition)).toEqual(['2023', '2022', '2020']);
  });

  test('without a total leave the total of the older edition, which says so', () =>
    expect(
      ferel('populations', '56058/2024', { municipal: 3_512 }).communeByCode('56058')?.population,
    ).toMatchObject({ municipal: 3_512, edition: '2024', total: 3_513, totalEdition: '2022' }));

  test('of the same edition: INSEE before the package, the package before DPNT', () => {
    const edition = (source: string) => ferel(source, '56058/2023', { municipal: 3_600 });
    expect(edition('populations').communeByCode('56058')?.population?.municipal).toBe(3_600);
    expect(edition('banatic').communeByCode('56058')?.population?.municipal).toBe(3_600);
    expect(edition('dpnt').communeByCode('56058')?.population?.municipal).toBe(3_499);
  });

  test('of groupings as well', () =>
    expect(
      mapWith({
        populations: said('banatic', '2027-01-01', {
          '240900464/2024': { municipal: 15_001, total: 15_300 },
        }),
      }).epciBySiren('240900464')?.population,
    ).toEqual({ municipal: 15_001, total: 15_300, edition: '2024', source: 'DGCL, BANATIC' }));

  test('zero is a population, absence is not', () => {
    const index = mapWith({
      populations: said('populations', '2026-12-20', { '55039/2024': { municipal: 0, total: 0 } }),
    });
    expect(index.communeByCode('55039')?.population).toMatchObject({
      municipal: 0,
      total: 0,
      edition: '2024',
    });
    expect(index.communeByCode('98411')?.population).toBeUndefined();
    expect(index.populations('98411')).toEqual([]);
  });

  test('of Paris are those of its twenty arrondissements, once all are there', () => {
    const arrondissements = Array.from({ length: 20 }, (_, rank) => `${75_101 + rank}/2024`);
    const parts = (codes: readonly string[]) =>
      mapWith({
        populations: said(
          'populations',
          '2026-12-20',
          Object.fromEntries(codes.map((code) => [code, { municipal: 100_000, total: 101_000 }])),
        ),
      }).communeByCode('75056')?.population;
    expect(parts(arrondissements)).toMatchObject({
      municipal: 2_000_000,
      edition: '2024',
      totalEdition: '2022',
    });
    expect(parts(arrondissements.slice(1))).toMatchObject({ municipal: 2_103_778, edition: '2023' });
  });
});

describe('the code of communes', () => {
  test('a commune that merged leads to the new one, and keeps neither inhabitants nor SIREN on the map', () => {
    const index = mapWith({
      communes: cog({ '56058': { name: 'Férel', kind: 'delegated', current: '56030' } }),
    });
    expect(index.communeByCode('56058')?.code).toBe('56030');
    expect(index.communeBySiren('215600586')).toBeUndefined();
    expect([...index.communes()]).toHaveLength(34_968);
  });

  test('a population that names a merged commune does not bring it back', () => {
    const index = mapWith({
      communes: cog({ '56058': { name: 'Férel', kind: 'delegated', current: '56030' } }),
      populations: said('populations', '2026-12-20', { '56058/2024': { municipal: 3_512 } }),
    });
    expect([...index.communes()].some(({ code }) => code === '56058')).toBe(false);
  });

  test('one that was restored stands again', () => {
    const index = mapWith({
      communes: cog({ '56064': { name: 'Glénac', kind: 'commune', department: '56', region: '53' } }),
    });
    expect(index.communeByCode('56064')).toMatchObject({
      code: '56064',
      name: 'Glénac',
      population: undefined,
      siren: undefined,
    });
  });

  test('says how a commune is called, whatever DPNT writes later; DPNT says its SIREN', () => {
    const index = mapWith({
      communes: [
        ...cog({ '56058': { name: 'Férel-sur-Vilaine', kind: 'commune', department: '56', region: '53' } }),
        ...said<CommuneRecord>('dpnt', '2027-06-01', {
          '56058': { name: 'FEREL', kind: 'commune', department: '56', siren: '000000109' },
        }),
      ],
    });
    expect(index.communeByCode('56058')).toMatchObject({ name: 'Férel-sur-Vilaine', siren: '000000109' });
    expect(index.communeBySiren('000000109')?.code).toBe('56058');
  });

  test('older than the package says nothing new', () =>
    expect(
      mapWith({
        communes: cog({ '56058': { name: 'Férel', kind: 'delegated', current: '56030' } }, '2025-01-01'),
      }).communeByCode('56058')?.code,
    ).toBe('56058'));
});

describe('groupings', () => {
  const member = (siren: string, codes: readonly string[], asOf = '2027-01-01', source = 'banatic') =>
    codes.flatMap((code) => said(source, asOf, { [`${siren}/${code}`]: { name: code, commune: code } }));
  const belleIle = ['56009', '56114', '56152', '56241'];

  test('a commune that moved belongs to the new one, and no other', () => {
    const index = mapWith({ members: member('200067932', ['56009']) });
    expect(index.communeByCode('56009')?.epci).toBe('200067932');
    expect(index.communeByCode('56152')?.epci).toBe('245600465');
  });

  test('one that all communes have left is gone', () => {
    const index = mapWith({ members: member('200067932', belleIle) });
    expect(index.epciBySiren('245600465')).toBeUndefined();
    expect([...index.epcis()]).toHaveLength(1_254);
  });

  test('a new one has the départements of its members, and no population before a source gives one', () => {
    const index = mapWith({
      groupings: said('banatic', '2027-01-01', { '000000109': { name: 'CC nouvelle', nature: 'CC' } }),
      members: member('000000109', belleIle),
    });
    expect(index.epciBySiren('000000109')).toEqual({
      siren: '000000109',
      name: 'CC nouvelle',
      department: '56',
      region: '53',
      population: undefined,
    });
  });

  test('a joint body is no grouping with own taxation: communes stay where they are', () => {
    const index = mapWith({
      groupings: said('banatic', '2027-01-01', { '000000109': { name: 'Syndicat', nature: 'SIVU' } }),
      members: member('000000109', belleIle),
    });
    expect(index.epciBySiren('000000109')).toBeUndefined();
    expect(index.communeByCode('56009')?.epci).toBe('245600465');
  });

  test('of one day, BANATIC is believed before DPNT', () => {
    const index = mapWith({
      members: [
        ...member('200066785', ['56009'], '2027-01-01', 'dpnt'),
        ...member('200067932', ['56009'], '2027-01-01', 'banatic'),
      ],
    });
    expect(index.communeByCode('56009')?.epci).toBe('200067932');
  });
});

test('the package is never changed by what is imported', () => {
  const before = seed.communes.get('56058');
  mapWith({ populations: said('populations', '2026-12-20', { '56058/2024': { municipal: 1 } }) });
  expect(seed.communes.get('56058')).toBe(before);
  expect(indexOf(seed).communeByCode('56058')?.population?.municipal).toBe(3_499);
});
