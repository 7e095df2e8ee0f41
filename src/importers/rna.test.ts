import { describe, expect, it } from 'vitest';
import { rnaImport } from './rna-import.ts';
import { rnaWaldec } from './rna-waldec.ts';
import { readLine } from './testing/line.ts';
import type { Importer } from './importer.ts';

const association = {
  id: 'W000000101',
  date_creat: '1993-02-14',
  date_disso: '0001-01-01',
  groupement: 'S',
  titre: 'ASSOCIATION DES MAIRES',
  titre_court: 'AMD',
  adrs_codeinsee: '56260',
  siteweb: 'www.amd.example',
  publiweb: '1',
  position: 'A',
  maj_time: '2020-02-12 09:14:30',
};
const older = {
  id: '561P0561001234',
  id_ex: '0561001234',
  date_creat: '1987-03-12',
  groupement: 'U',
  titre: 'SOCIÉTÉ DE PÉTANQUE',
  position: 'A',
  maj_time: '2008-01-15',
};
const record = (importer: Importer, cells: Readonly<Record<string, string>>) => {
  const reading = readLine(importer, cells);
  const [item] = 'items' in reading ? reading.items : [];
  return item?.kind === 'organization' ? item.record : undefined;
};
const read = (cells: Readonly<Record<string, string>> = {}) =>
  readLine(rnaWaldec, { ...association, ...cells });
const factsOf = (cells: Readonly<Record<string, string>> = {}) =>
  record(rnaWaldec, { ...association, ...cells })?.facts;

describe('an association of the RNA', () => {
  it('lives by its number, without a SIREN and without a category of INSEE', () => {
    expect(rnaWaldec.columns).toHaveLength(39);
    expect(record(rnaWaldec, association)).toEqual({
      siren: undefined,
      rna: 'W000000101',
      facts: {
        name: 'ASSOCIATION DES MAIRES',
        acronym: 'AMD',
        unitState: 'A',
        rna: 'W000000101',
        createdOn: '1993-02-14',
        commune: '56260',
        publicUtility: false,
        grouping: 'simple',
        website: 'https://www.amd.example',
      },
    });
  });

  it.each([
    ['a SIRET', '00000010900009', '000000109', '00000010900009'],
    ['a SIREN', '000000109', '000000109', undefined],
    ['zeros', '000000000', undefined, undefined],
    ['a wrong key', '00000010900010', undefined, undefined],
    ['words', 'en cours', undefined, undefined],
  ])('may give the number of its legal unit: %s', (_, siret, siren, headOffice) => {
    const found = record(rnaWaldec, { ...association, siret });
    expect(found?.siren).toBe(siren);
    expect(found?.facts.headOffice).toBe(headOffice);
  });

  it.each([
    ['dissolved', { position: 'D', date_disso: '2019-06-30' }, '2019-06-30'],
    ['dissolved, nobody said when', { position: 'D' }, '2020-02-12'],
    ['suppressed', { position: 'S' }, '2020-02-12'],
  ])('%s: ceased, on that day or before', (_, cells, dissolvedOn) =>
    expect(factsOf(cells)).toMatchObject({ unitState: 'C', dissolvedOn }),
  );

  it('active again is not dissolved, whatever date is left', () =>
    expect(factsOf({ date_disso: '2019-06-30' })).not.toHaveProperty('dissolvedOn'));

  it.each([
    ['S', 'simple'],
    ['U', 'union'],
    ['F', 'federation'],
    ['', undefined],
  ])('grouping %j', (groupement, grouping) => expect(factsOf({ groupement })?.grouping).toBe(grouping));

  it.each([
    ['20000000123', true],
    ['00000000000', false],
    ['', false],
  ])('of public utility, number %j: %s', (number, expected) =>
    expect(factsOf({ rup_mi: number })?.publicUtility).toBe(expected),
  );

  it.each([
    ['the title again', 'association des maires'],
    ['a title cut by the ministry', 'ASSOCIATION DES M...'],
    ['nothing', ''],
  ])('has no acronym when the short title is %s', (_, short) =>
    expect(factsOf({ titre_court: short })).not.toHaveProperty('acronym'),
  );

  it('has no acronym when the short title is a long one cut at 38 letters', () => {
    const titre = 'UNION DÉPARTEMENTALE DES ASSOCIATIONS DE MAIRES';
    expect(factsOf({ titre, titre_court: titre.slice(0, 38) })).not.toHaveProperty('acronym');
  });

  it('has an acronym that begins like its title', () =>
    expect(factsOf({ titre: 'AMD SECTION DE VANNES', titre_court: 'AMD' })?.acronym).toBe('AMD'));

  it.each([
    ['without consent', { publiweb: '0' }],
    ['that is a mailbox', { siteweb: 'camille.fictif@orange.fr' }],
    ['that is none', { siteweb: 'néant' }],
  ])('has no website %s', (_, cells) => expect(factsOf(cells)).not.toHaveProperty('website'));

  it.each([
    ['id', '', 'rna_malformed'],
    ['id', 'X751245606', 'rna_malformed'],
    ['titre', ' ', 'name_missing'],
    ['position', '', 'state_unknown'],
  ])('is refused for %s = %j: %s', (column, value, reason) =>
    expect(read({ [column]: value })).toEqual({ wrong: { column, value, reason } }),
  );

  it.each([
    ['groupement', 'X', 'grouping_unknown', 'grouping'],
    ['date_creat', '2011-04-31', 'date_impossible', 'createdOn'],
    ['date_disso', '2011-04-31', 'date_impossible', 'dissolvedOn'],
    ['adrs_codeinsee', '20004', 'commune_malformed', 'commune'],
    ['titre_court', 'A'.repeat(301), 'too_long', 'acronym'],
  ])('is kept without a wrong %s = %j: %s', (column, value, reason, fact) => {
    expect(read({ [column]: value })).toMatchObject({ wrongValues: [{ column, value, reason }] });
    const facts = Object.fromEntries(Object.entries(factsOf() ?? {}).filter(([name]) => name !== fact));
    expect(factsOf({ [column]: value })).toEqual(facts);
  });
});

describe('an association without activity since 2009', () => {
  it('lives by its old number', () => {
    expect(rnaImport.columns).toHaveLength(23);
    expect(record(rnaImport, older)).toEqual({
      siren: undefined,
      rna: '0561001234',
      facts: {
        name: 'SOCIÉTÉ DE PÉTANQUE',
        unitState: 'A',
        rna: '0561001234',
        createdOn: '1987-03-12',
        publicUtility: false,
        grouping: 'union',
      },
    });
  });

  it('lives by its new number where it has one', () =>
    expect(record(rnaImport, { ...older, id: 'W000000120' })?.rna).toBe('W000000120'));

  it('is refused when neither number is one', () =>
    expect(readLine(rnaImport, { ...older, id: '491P0491', id_ex: '0491' })).toEqual({
      wrong: { column: 'id', value: '491P0491', reason: 'rna_malformed' },
    }));
});

describe('what the RNA says of persons', () => {
  it.each(['dir_civilite', 'observation', 'adrg_declarant', 'adrg_libvoie', 'adrs_libvoie', 'objet'])(
    '%s is out of reach',
    (column) => expect([...rnaWaldec.required, ...(rnaWaldec.optional ?? [])]).not.toContain(column),
  );
  it.each(['dir_civilite', 'observation', 'adr1', 'adr2', 'adr3', 'objet', 'siteweb'])(
    '%s of the older file is out of reach',
    (column) => expect([...rnaImport.required, ...(rnaImport.optional ?? [])]).not.toContain(column),
  );
});
