import { describe, expect, it } from 'vitest';
import { sireneUnits } from './sirene-units.ts';
import { readLine } from './testing/line.ts';

const unit = {
  siren: '000000109',
  statutDiffusionUniteLegale: 'O',
  dateCreationUniteLegale: '1993-02-14',
  sigleUniteLegale: 'AMD',
  identifiantAssociationUniteLegale: 'W000000101',
  trancheEffectifsUniteLegale: '01',
  etatAdministratifUniteLegale: 'A',
  denominationUniteLegale: 'ASSOCIATION DES MAIRES',
  categorieJuridiqueUniteLegale: '9220',
  activitePrincipaleUniteLegale: '94.99Z',
  nomenclatureActivitePrincipaleUniteLegale: 'NAFRev2',
  nicSiegeUniteLegale: '00009',
  activitePrincipaleNAF25UniteLegale: '94.99Y',
};
const read = (cells: Readonly<Record<string, string>> = {}) => readLine(sireneUnits, { ...unit, ...cells });
const recordOf = (cells: Readonly<Record<string, string>> = {}) => {
  const reading = read(cells);
  const [item] = 'items' in reading ? reading.items : [];
  return item?.kind === 'organization' ? item.record : undefined;
};

describe('a legal unit of the base Sirene', () => {
  it('gives the columns that are kept, and no other', () => {
    expect(sireneUnits.columns).toHaveLength(35);
    expect(recordOf()).toEqual({
      siren: '000000109',
      rna: 'W000000101',
      facts: {
        name: 'ASSOCIATION DES MAIRES',
        acronym: 'AMD',
        legalCategory: '9220',
        unitState: 'A',
        rna: 'W000000101',
        createdOn: '1993-02-14',
        naf: '94.99Z',
        naf25: '94.99Y',
        sizeBand: '01',
        diffusion: 'O',
        headOffice: '00000010900009',
      },
    });
  });

  it('says nothing of what the register leaves empty', () => {
    const record = recordOf({
      sigleUniteLegale: '',
      identifiantAssociationUniteLegale: '',
      trancheEffectifsUniteLegale: '',
      dateCreationUniteLegale: '1900-01-01',
      activitePrincipaleUniteLegale: '913E',
      nomenclatureActivitePrincipaleUniteLegale: 'NAF1993',
      activitePrincipaleNAF25UniteLegale: '',
      nicSiegeUniteLegale: '',
    });
    expect(Object.keys(record?.facts ?? {})).toEqual(['name', 'legalCategory', 'unitState', 'diffusion']);
    expect(record).not.toHaveProperty('rna', expect.anything());
  });

  it('takes a usual name where the register has no other', () => {
    const usual = { denominationUniteLegale: '', denominationUsuelle2UniteLegale: 'COMITE DES FETES' };
    expect(recordOf(usual)?.facts.name).toBe('COMITE DES FETES');
  });

  it('is masked when somebody opposed publication, whether or not the file masks it', () => {
    const masked = { denominationUniteLegale: '[ND]', sigleUniteLegale: '[ND]' };
    for (const cells of [masked, {}]) {
      const facts = recordOf({ ...cells, statutDiffusionUniteLegale: 'P' })?.facts;
      expect(facts).toMatchObject({ legalCategory: '9220', unitState: 'A', diffusion: 'P' });
      expect(facts).not.toHaveProperty('name');
      expect(facts).not.toHaveProperty('acronym');
    }
  });
});

describe('a line about persons', () => {
  const nobody = { denominationUniteLegale: '', sigleUniteLegale: '' };
  it.each([
    [
      'sole trader',
      { ...nobody, categorieJuridiqueUniteLegale: '1000', nomUniteLegale: 'FICTIF' },
      'sole_trader',
    ],
    [
      'sole trader who opposed publication',
      {
        ...nobody,
        categorieJuridiqueUniteLegale: '1000',
        nomUniteLegale: '[ND]',
        statutDiffusionUniteLegale: 'P',
      },
      'sole_trader',
    ],
    ['a name of a person only', { ...nobody, nomUniteLegale: 'FICTIF' }, 'sole_trader'],
    ['a masked name of a person only', { ...nobody, prenom1UniteLegale: '[ND]' }, 'sole_trader'],
    [
      'a trade name of a person',
      { ...nobody, nomUniteLegale: 'FICTIF', denominationUsuelle1UniteLegale: 'LE FOURNIL' },
      'sole_trader',
    ],
    ['joint owners', { categorieJuridiqueUniteLegale: '2110' }, 'natural_person'],
    [
      'purged',
      { ...nobody, unitePurgeeUniteLegale: 'true', categorieJuridiqueUniteLegale: '' },
      'purged_unit',
    ],
  ])('is left out: %s', (_, cells, leftOut) => expect(read(cells)).toEqual({ leftOut }));

  it('is refused without a word of the person when its number is wrong', () => {
    const wrong = { column: 'siren', value: '000000108', reason: 'siren_key' };
    expect(read({ siren: '000000108', nomUniteLegale: 'FICTIF' })).toEqual({ wrong });
  });
});

describe('a wrong value of an essential column refuses the line', () => {
  it.each([
    ['siren', '00000010', 'siren_malformed'],
    ['siren', '000000000', 'siren_key'],
    ['siren', '130025266', 'siren_key'],
    ['siren', '77566343803654.0', 'siren_malformed'],
    ['statutDiffusionUniteLegale', 'N', 'diffusion_unknown'],
    ['statutDiffusionUniteLegale', '', 'diffusion_unknown'],
    ['etatAdministratifUniteLegale', 'F', 'state_unknown'],
    ['categorieJuridiqueUniteLegale', '922', 'legal_category_malformed'],
    ['denominationUniteLegale', '', 'name_missing'],
    ['denominationUniteLegale', 'A'.repeat(301), 'too_long'],
  ])('%s = %j: %s', (column, value, reason) =>
    expect(read({ [column]: value })).toEqual({ wrong: { column, value, reason } }),
  );

  it('whatever else is wrong in it', () =>
    expect(read({ identifiantAssociationUniteLegale: 'W12345', etatAdministratifUniteLegale: 'F' })).toEqual({
      wrong: { column: 'etatAdministratifUniteLegale', value: 'F', reason: 'state_unknown' },
    }));
});

describe('a wrong value of another column is left out, and the line kept', () => {
  it.each([
    ['identifiantAssociationUniteLegale', 'W12345', 'rna_malformed', 'rna'],
    ['trancheEffectifsUniteLegale', '99', 'size_band_unknown', 'sizeBand'],
    ['dateCreationUniteLegale', '2015-02-30', 'date_impossible', 'createdOn'],
    ['activitePrincipaleUniteLegale', '9499Z', 'naf_malformed', 'naf'],
    ['activitePrincipaleNAF25UniteLegale', '94', 'naf_malformed', 'naf25'],
    ['nicSiegeUniteLegale', '00010', 'siret_key', 'headOffice'],
    ['nicSiegeUniteLegale', '9', 'siret_malformed', 'headOffice'],
    ['sigleUniteLegale', 'A'.repeat(301), 'too_long', 'acronym'],
  ])('%s = %j: %s', (column, value, reason, fact) => {
    expect(read({ [column]: value })).toMatchObject({ wrongValues: [{ column, value, reason }] });
    const whole = recordOf();
    const facts = Object.fromEntries(Object.entries(whole?.facts ?? {}).filter(([name]) => name !== fact));
    expect(recordOf({ [column]: value })).toEqual({
      siren: whole?.siren,
      rna: fact === 'rna' ? undefined : whole?.rna,
      facts,
    });
  });

  it('each of them, where there are several', () =>
    expect(read({ sigleUniteLegale: 'A'.repeat(301), trancheEffectifsUniteLegale: '99' })).toMatchObject({
      items: [{ record: { facts: { legalCategory: '9220', unitState: 'A' } } }],
      wrongValues: [{ column: 'sigleUniteLegale' }, { column: 'trancheEffectifsUniteLegale' }],
    }));

  it('unless it is the only name', () => {
    const usual = { denominationUniteLegale: '', denominationUsuelle1UniteLegale: 'A'.repeat(301) };
    expect(read(usual)).toMatchObject({ wrong: { reason: 'name_missing' } });
    const other = { ...usual, denominationUsuelle2UniteLegale: 'COMITE DES FETES' };
    expect(read(other)).toMatchObject({
      items: [{ record: { facts: { name: 'COMITE DES FETES' } } }],
      wrongValues: [{ column: 'denominationUsuelle1UniteLegale', reason: 'too_long' }],
    });
  });
});
