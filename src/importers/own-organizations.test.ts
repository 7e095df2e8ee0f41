import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownOrganizations } from './own-organizations.ts';
import { readLine } from './testing/line.ts';

const read = (cells: Readonly<Record<string, string>>) =>
  readLine(ownOrganizations, { siren: '000000109', name: 'Association des maires', ...cells });
const itemsOf = (cells: Readonly<Record<string, string>>) => {
  const reading = read(cells);
  return 'items' in reading ? reading.items : [];
};

describe('a line of our own form', () => {
  it('needs one identifier and a name', () =>
    expect(itemsOf({})).toEqual([
      {
        kind: 'organization',
        record: {
          siren: '000000109',
          rna: undefined,
          localRegister: undefined,
          facts: { name: 'Association des maires' },
        },
      },
    ]));

  it('with a SIRET also gives the head office', () =>
    expect(
      itemsOf({
        siren: '',
        siret: '00000010900009',
        head_office: 'oui',
        establishment_state: 'A',
        commune: '56260',
        postal_code: '56000',
      }),
    ).toMatchObject([
      { record: { siren: '000000109', facts: { headOffice: '00000010900009', commune: '56260' } } },
      { record: { siret: '00000010900009', state: 'A', headOffice: true, postalCode: '56000' } },
    ]));

  it('about another site says nothing of the unit', () =>
    expect(
      itemsOf({
        siret: '00000010900009',
        head_office: 'non',
        establishment_state: 'F',
        name: 'Antenne de Lorient',
      }),
    ).toMatchObject([
      { kind: 'establishment', record: { state: 'F', headOffice: false, usualName: 'Antenne de Lorient' } },
    ]));

  // Its row is replaced whole: to guess would open again what INSEE says is closed, or move the head office.
  it.each([
    [{}, 'establishment_state'],
    [{ head_office: 'non', commune: '56260' }, 'establishment_state'],
    [{ establishment_state: 'F' }, 'head_office'],
  ])('with a SIRET is refused when it leaves that establishment to be guessed: %j', (cells, column) =>
    expect(read({ siret: '00000010900009', ...cells })).toEqual({
      wrong: { column, value: '', reason: 'establishment_unsaid' },
    }),
  );

  it('lives by the register of a court of Alsace-Moselle', () =>
    expect(
      itemsOf({ siren: '', local_register: 'AM-METZ-123-45', commune: '57463', legal_category: '9260' }),
    ).toMatchObject([{ record: { localRegister: 'AM-METZ-123-45', facts: { legalCategory: '9260' } } }]));

  it('gives every fact that an operator may state', () =>
    expect(
      itemsOf({
        acronym: 'AMD',
        state: 'C',
        created_on: '1993-02-14',
        dissolved_on: '2026-01-31',
        public_utility: 'oui',
        grouping: 'federation',
        public: 'oui',
        facets: 'spa local',
        parent: 'W000000102',
        website: 'amd.example',
        contact_email: 'contact@AMD.example',
      }),
    ).toMatchObject([
      {
        record: {
          facts: {
            acronym: 'AMD',
            unitState: 'C',
            createdOn: '1993-02-14',
            dissolvedOn: '2026-01-31',
            publicUtility: true,
            grouping: 'federation',
            publicService: { public: true, facets: ['local', 'spa'] },
            parent: 'W000000102',
            website: 'https://amd.example',
            contactEmail: 'contact@amd.example',
          },
        },
      },
    ]));

  it('has no facets when it is not public', () =>
    expect(itemsOf({ public: 'non', facets: 'spa' })).toMatchObject([
      { record: { facts: { publicService: { public: false, facets: [] } } } },
    ]));

  it.each([
    ['1000', 'sole_trader'],
    ['2210', 'natural_person'],
  ])('is no place for persons: %s', (code, leftOut) =>
    expect(read({ legal_category: code })).toEqual({ leftOut }),
  );

  it.each([
    ['siren', '', 'identifier_missing'],
    ['siren', '000000108', 'siren_key'],
    ['siret', '00000020800009', 'siret_of_another_unit'],
    ['rna', 'W1', 'rna_malformed'],
    ['local_register', 'Metz 123/45', 'local_register_malformed'],
    ['name', '', 'name_missing'],
    ['name', '=HYPERLINK("http://mal.example")', 'formula'],
    ['state', 'F', 'state_unknown'],
    ['establishment_state', 'C', 'state_unknown'],
    ['head_office', 'peut-être', 'boolean_unknown'],
    ['commune', '56', 'commune_malformed'],
    ['dissolved_on', '14/02/2026', 'date_impossible'],
    ['public_utility', 'nom', 'boolean_unknown'],
    ['public', 'nom', 'boolean_unknown'],
    ['legal_category', '92', 'legal_category_malformed'],
    ['grouping', 'F', 'grouping_unknown'],
    ['facets', 'europe', 'facet_unknown'],
    ['parent', 'AMF', 'identifier_unknown_kind'],
  ])('is refused for %s = %j: %s', (column, value, reason) =>
    expect(read({ [column]: value })).toEqual({ wrong: { column, value, reason } }),
  );

  it.each([
    ['acronym', '@cmd', 'formula'],
    ['postal_code', '5600', 'postcode_malformed'],
    ['created_on', '14/02/1993', 'date_impossible'],
    ['website', 'javascript:alert(1)', 'website_malformed'],
    ['contact_email', 'a@b@c.fr', 'email_malformed'],
  ])('is kept without a wrong %s = %j: %s', (column, value, reason) =>
    expect(read({ [column]: value })).toEqual({
      items: itemsOf({}),
      wrongValues: [{ column, value, reason }],
    }),
  );

  it('is refused when the court is elsewhere than in Alsace-Moselle', () =>
    expect(read({ siren: '', local_register: 'AM-NANTES-1-2', commune: '44109' })).toEqual({
      wrong: { column: 'commune', value: '44109', reason: 'local_register_elsewhere' },
    }));
});

it('every column of the form is in the guide', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/importing.md'), 'utf8');
  for (const column of ownOrganizations.columns) expect(guide).toContain(`| \`${column}\``);
});
