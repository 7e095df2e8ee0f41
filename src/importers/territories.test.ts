import { describe, expect, it } from 'vitest';
import { banatic } from './banatic.ts';
import { communes } from './communes.ts';
import { dpnt } from './dpnt.ts';
import type { Item, Reading } from './importer.ts';
import { populations } from './populations.ts';
import { readDated, readLine } from './testing/line.ts';

const keysOf = (reading: Reading): readonly string[] =>
  records(reading).map((item) => (item.kind === 'record' ? item.key : ''));

const records = (reading: Reading): readonly Item[] => ('items' in reading ? reading.items : []);

describe('the code of communes', () => {
  const commune = (cells: Readonly<Record<string, string>>): Reading =>
    readLine(communes, { TYPECOM: 'COM', COM: '56260', REG: '53', DEP: '56', LIBELLE: 'Vannes', ...cells });

  it.each([
    ['a commune', {}, '56260', { name: 'Vannes', kind: 'commune', department: '56', region: '53' }],
    [
      'one of Corsica',
      { COM: '2A004', REG: '94', DEP: '2A', LIBELLE: 'Ajaccio' },
      '2A004',
      { name: 'Ajaccio', kind: 'commune', department: '2A', region: '94' },
    ],
    [
      'one of Mayotte',
      { COM: '97611', REG: '06', DEP: '976', LIBELLE: 'Mamoudzou' },
      '97611',
      { name: 'Mamoudzou', kind: 'commune', department: '976', region: '06' },
    ],
    [
      'an arrondissement',
      { TYPECOM: 'ARM', COM: '75101', REG: '11', DEP: '75', LIBELLE: 'Paris 1er', COMPARENT: '75056' },
      '75101',
      { name: 'Paris 1er', kind: 'arrondissement', department: '75', region: '11', current: '75056' },
    ],
    [
      'a delegated commune, whose département INSEE leaves empty',
      { TYPECOM: 'COMD', COM: '56064', REG: '', DEP: '', LIBELLE: 'Glénac', COMPARENT: '56061' },
      '56064',
      { name: 'Glénac', kind: 'delegated', current: '56061' },
    ],
  ])('%s', (_, cells, key, record) =>
    expect(commune(cells)).toEqual({ items: [{ kind: 'record', shelf: 'commune', key, record }] }),
  );

  it('leaves out the delegated commune that has kept the code of the new one', () =>
    expect(commune({ TYPECOM: 'COMD', COMPARENT: '56260' })).toEqual({ leftOut: 'code_of_current_commune' }));

  it.each([
    ['TYPECOM', 'COMX', 'commune_kind_unknown'],
    ['COM', '20004', 'commune_malformed'],
    ['COM', '', 'commune_malformed'],
    ['DEP', '20', 'department_malformed'],
    ['DEP', '', 'department_malformed'],
    ['LIBELLE', ' ', 'name_missing'],
  ])('refuses %s = %j: %s', (column, value, reason) =>
    expect(commune({ [column]: value })).toMatchObject({ wrong: { column, reason } }),
  );

  it('leaves out a wrong region, and keeps the commune', () =>
    expect(commune({ REG: 'Bretagne' })).toMatchObject({
      items: [{ key: '56260', record: { name: 'Vannes', kind: 'commune', department: '56' } }],
      wrongValues: [{ column: 'REG', value: 'Bretagne', reason: 'region_malformed' }],
    }));

  it('refuses what is part of a commune and does not say of which', () =>
    expect(commune({ TYPECOM: 'COMA' })).toMatchObject({
      wrong: { column: 'COMPARENT', reason: 'commune_parent_missing' },
    }));
});

describe('populations of INSEE', () => {
  const population = (cells: Readonly<Record<string, string>>): Reading =>
    readLine(populations, { COM: '56260', PMUN: '55790', PTOT: '57000', ...cells });

  it('are records of their census year', () =>
    expect(population({})).toEqual({
      items: [
        {
          kind: 'record',
          shelf: 'population',
          key: '56260/2023',
          record: { municipal: 55_790, total: 57_000 },
        },
      ],
    }));

  it('of nobody are zero, not nothing', () =>
    expect(population({ COM: '55039', PMUN: '0', PTOT: '0' })).toMatchObject({
      items: [{ record: { municipal: 0, total: 0 } }],
    }));

  it.each([
    ['PMUN', '', 'inhabitants_malformed'],
    ['PMUN', '-1', 'inhabitants_malformed'],
    ['PMUN', '1e3', 'inhabitants_malformed'],
    ['PTOT', '55789', 'total_under_municipal'],
    ['COM', 'Vannes', 'commune_malformed'],
  ])('are refused for %s = %j: %s', (column, value, reason) =>
    expect(population({ [column]: value })).toEqual({ wrong: { column, value, reason } }),
  );

  it('leave out a wrong total, and keep the municipal count', () =>
    expect(population({ PTOT: 'n.d.' })).toMatchObject({
      items: [{ record: { municipal: 55_790 } }],
      wrongValues: [{ column: 'PTOT', value: 'n.d.', reason: 'inhabitants_malformed' }],
    }));

  it('say their census year by the name of a renamed file', () =>
    expect(populations.dateOf?.('donnees_communes_2023.csv')).toBe('2026-01-01'));
});

describe('the perimeter of groupings', () => {
  const line = {
    dept: '56',
    siren: '245600465',
    raison_sociale: 'CC de Belle Ile en Mer',
    nature_juridique: 'CC',
    nb_membres: '4',
    total_pop_tot: '5 727',
    total_pop_mun: '5 594',
    insee: '56152',
    siren_membre: '215601527',
    nom_membre: 'Le Palais',
    'ptot_<year>': '2\u00a0631',
    'pmun_<year>': '2\u202f576',
  };
  const perimeter = (cells: Readonly<Record<string, string>> = {}, year = '2025'): Reading =>
    readDated(banatic, { ...line, ...cells }, { yearOf: () => year });

  it('says who belongs to what, and the inhabitants of both: numbers with spaces, edition by the year of the column', () =>
    expect(perimeter()).toEqual({
      items: [
        {
          kind: 'record',
          shelf: 'grouping',
          key: '245600465',
          record: { name: 'CC de Belle Ile en Mer', nature: 'CC', department: '56' },
        },
        {
          kind: 'record',
          shelf: 'grouping_member',
          key: '245600465/56152',
          record: { name: 'Le Palais', siren: '215601527', commune: '56152' },
        },
        {
          kind: 'record',
          shelf: 'population',
          key: '245600465/2022',
          record: { municipal: 5594, total: 5727 },
        },
        { kind: 'record', shelf: 'population', key: '56152/2022', record: { municipal: 2576, total: 2631 } },
      ],
    }));

  it('has members that are groupings themselves: known by their SIREN', () =>
    expect(keysOf(perimeter({ nature_juridique: 'SMF', insee: '', siren_membre: '244400610' }))).toEqual([
      '245600465',
      '245600465/244400610',
      '245600465/2022',
    ]));

  it.each([
    ['siren', '245600466', 'siren_key'],
    ['insee', '20004', 'commune_malformed'],
    ['nom_membre', '', 'name_missing'],
    ['nature_juridique', '', 'nature_missing'],
  ])('refuses %s = %j: %s', (column, value, reason) =>
    expect(perimeter({ [column]: value })).toEqual({ wrong: { column, value, reason } }),
  );

  it.each([
    ['pmun_<year>', 'n.d.', 'inhabitants_malformed', '56152/2022'],
    ['total_pop_mun', 'n.d.', 'inhabitants_malformed', '245600465/2022'],
  ])('leaves out %s = %j: %s, and keeps who belongs to what', (column, value, reason, without) => {
    const reading = perimeter({ [column]: value });
    expect(reading).toMatchObject({ wrongValues: [{ column, value, reason }] });
    expect(keysOf(reading)).toEqual(keysOf(perimeter()).filter((key) => key !== without));
  });

  it('leaves out the SIREN of a member that has a code of its own, and refuses a member without either', () => {
    expect(perimeter({ siren_membre: '1' })).toMatchObject({ wrongValues: [{ column: 'siren_membre' }] });
    expect(keysOf(perimeter({ siren_membre: '1' }))).toEqual(keysOf(perimeter()));
    expect(perimeter({ siren_membre: '1', insee: '' })).toMatchObject({
      wrong: { reason: 'member_missing' },
    });
  });
});

describe('DPNT', () => {
  const line = {
    type: 'commune',
    siret: '21440109300015',
    siren: '214401093',
    libelle: 'Nantes',
    population: '327734',
    code_insee: '44109',
    epci_siren: '244400404',
    departement_code_insee: '44',
    region_code_insee: '52',
    adresse_messagerie: 'contact@nantes.example',
    site_internet: 'https://www.nantes.example/',
  };
  const territory = (cells: Readonly<Record<string, string>> = {}): Reading =>
    readLine(dpnt, { ...line, ...cells });

  it('states name, place, mailbox and website, and the map: never an establishment, never a legal category', () =>
    expect(territory()).toEqual({
      items: [
        {
          kind: 'organization',
          record: {
            siren: '214401093',
            facts: {
              name: 'Nantes',
              headOffice: '21440109300015',
              commune: '44109',
              population: 327_734,
              website: 'https://www.nantes.example',
              contactEmail: 'contact@nantes.example',
            },
          },
        },
        {
          kind: 'record',
          shelf: 'commune',
          key: '44109',
          record: { name: 'Nantes', kind: 'commune', department: '44', region: '52', siren: '214401093' },
        },
        {
          kind: 'record',
          shelf: 'grouping_member',
          key: '244400404/44109',
          record: { name: 'Nantes', siren: '214401093', commune: '44109' },
        },
        { kind: 'record', shelf: 'population', key: '44109/2023', record: { municipal: 327_734 } },
      ],
    }));

  it('of the first half of a year passes for the edition before: the file does not say which it copies', () =>
    expect(records(readDated(dpnt, line, { asOf: '2026-02-01' })).at(-1)).toMatchObject({
      key: '44109/2022',
    }));

  it('a commune without grouping belongs to none', () =>
    expect(JSON.stringify(territory({ epci_siren: '' }))).not.toContain('grouping_member'));

  it('a mailbox or website that is none costs the line nothing', () => {
    const [organization] = records(territory({ adresse_messagerie: 'à venir', site_internet: 'à venir' }));
    expect(organization).toMatchObject({ record: { facts: { name: 'Nantes' } } });
    expect(JSON.stringify(organization)).not.toContain('venir');
  });

  it('municipal arrondissements are no legal persons', () =>
    expect(territory({ type: 'arrondissement', siren: '' })).toEqual({
      leftOut: 'municipal_arrondissement',
    }));

  // In the files of 2026: their town halls are establishments of Paris, Lyon and Marseille, and bear those SIREN.
  it.each([
    ['217500016', 'Paris Centre', '75101'],
    ['217500016', 'Paris 20e Arrondissement', '75120'],
    ['216901231', 'Lyon 9e Arrondissement', '69389'],
    ['211300553', 'Marseille 15e et 16e arrondissements', '13215'],
  ])('nor when they pass for communes: %s, %s', (siren, libelle, code) =>
    expect(territory({ siret: '', siren, libelle, code_insee: code })).toEqual({
      leftOut: 'municipal_arrondissement',
    }),
  );

  it.each(['75056', '69123', '13055', '69390', '13217', '75121'])('but %s is none of them', (code) =>
    expect(records(territory({ code_insee: code }))).toHaveLength(4),
  );

  it.each([
    ['type', 'canton', 'territory_kind_unknown'],
    ['siren', '214401094', 'siren_key'],
    ['siret', '20004697700019', 'siret_of_another_unit'],
    ['code_insee', '', 'commune_malformed'],
  ])('refuses %s = %j: %s', (column, value, reason) =>
    expect(territory({ [column]: value })).toEqual({ wrong: { column, value, reason } }),
  );

  it.each([
    ['population', 'inconnue', 'inhabitants_malformed'],
    ['siret', '1', 'siret_malformed'],
    ['epci_siren', '1', 'siren_malformed'],
    ['departement_code_insee', '20', 'department_malformed'],
  ])('leaves out %s = %j: %s, and keeps the territory', (column, value, reason) => {
    const reading = territory({ [column]: value });
    expect(reading).toMatchObject({ wrongValues: [{ column, value, reason }] });
    // As if the file had nothing there.
    expect(records(reading)).toEqual(records(territory({ [column]: '' })));
  });
});
