import { describe, expect, it } from 'vitest';
import { sireneEstablishments } from './sirene-establishments.ts';
import { readLine } from './testing/line.ts';

const site = {
  siren: '000000109',
  nic: '00009',
  siret: '00000010900009',
  statutDiffusionEtablissement: 'O',
  dateCreationEtablissement: '1993-02-14',
  trancheEffectifsEtablissement: '01',
  etablissementSiege: 'true',
  codePostalEtablissement: '56000',
  codeCommuneEtablissement: '56260',
  etatAdministratifEtablissement: 'A',
  denominationUsuelleEtablissement: 'MAISON DES MAIRES',
  activitePrincipaleEtablissement: '94.99Z',
  nomenclatureActivitePrincipaleEtablissement: 'NAFRev2',
  activitePrincipaleNAF25Etablissement: '94.99Y',
};
const read = (cells: Readonly<Record<string, string>> = {}) =>
  readLine(sireneEstablishments, { ...site, ...cells });
const recordOf = (cells: Readonly<Record<string, string>> = {}) => {
  const reading = read(cells);
  const [item] = 'items' in reading ? reading.items : [];
  return item?.kind === 'establishment' ? item.record : undefined;
};

describe('an establishment of the base Sirene', () => {
  it('gives the columns that are kept, and no other', () => {
    expect(sireneEstablishments.columns).toHaveLength(54);
    expect(recordOf()).toEqual({
      siret: '00000010900009',
      state: 'A',
      headOffice: true,
      communeCode: '56260',
      postalCode: '56000',
      naf: '94.99Z',
      naf25: '94.99Y',
      sizeBand: '01',
      usualName: 'MAISON DES MAIRES',
      createdOn: '1993-02-14',
      diffusion: 'O',
    });
  });

  it('has no place and no name when somebody opposed publication, whether or not the file masks them', () => {
    const masked = { codePostalEtablissement: '[ND]', denominationUsuelleEtablissement: '[ND]' };
    for (const cells of [masked, {}])
      expect(recordOf({ ...cells, statutDiffusionEtablissement: 'P' })).toMatchObject({
        siret: '00000010900009',
        diffusion: 'P',
        communeCode: undefined,
        postalCode: undefined,
        usualName: undefined,
      });
  });

  it.each([
    ['Corsica', '2A004', '2A004'],
    ['an arrondissement of Paris', '75101', '75101'],
    ['an arrondissement of Lyon', '69381', '69381'],
    ['overseas', '97411', '97411'],
    ['Wallis-et-Futuna', '98613', '98613'],
    ['Monaco: a country', '99138', undefined],
    ['abroad', '', undefined],
  ])('is in %s', (_, code, expected) =>
    expect(recordOf({ codeCommuneEtablissement: code })).toMatchObject({ communeCode: expected }),
  );

  it.each(['35600000000048', '35600000049837'])('of La Poste has a key of its own: %s', (siret) => {
    const cells = { siren: '356000000', nic: siret.slice(9), siret };
    expect(recordOf(cells)?.siret).toBe(siret);
  });
});

describe('a wrong value of an essential column refuses the line', () => {
  it.each([
    ['siret', '00000020800009', 'siret_of_another_unit'],
    ['siret', '00000010900010', 'siret_key'],
    ['siret', '1,30025E+13', 'siret_malformed'],
    ['statutDiffusionEtablissement', 'N', 'diffusion_unknown'],
    ['etatAdministratifEtablissement', 'C', 'state_unknown'],
    ['etablissementSiege', 'vrai', 'boolean_unknown'],
    ['etablissementSiege', '', 'boolean_unknown'],
  ])('%s = %j: %s', (column, value, reason) =>
    expect(read({ [column]: value })).toEqual({ wrong: { column, value, reason } }),
  );
});

describe('a wrong value of another column is left out, and the line kept', () => {
  it.each([
    ['codeCommuneEtablissement', '20004', 'commune_malformed', 'communeCode'],
    ['codeCommuneEtablissement', '751056', 'commune_malformed', 'communeCode'],
    ['codePostalEtablissement', '5600', 'postcode_malformed', 'postalCode'],
    ['dateCreationEtablissement', '0001-01-01x', 'date_impossible', 'createdOn'],
    ['trancheEffectifsEtablissement', '1', 'size_band_unknown', 'sizeBand'],
    ['activitePrincipaleEtablissement', '9499Z', 'naf_malformed', 'naf'],
    ['denominationUsuelleEtablissement', 'A'.repeat(301), 'too_long', 'usualName'],
  ])('%s = %j: %s', (column, value, reason, member) => {
    expect(read({ [column]: value })).toMatchObject({ wrongValues: [{ column, value, reason }] });
    expect(recordOf({ [column]: value })).toEqual({ ...recordOf(), [member]: undefined });
  });
});
