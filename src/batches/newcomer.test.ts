import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ownColumns } from '../importers/importers.ts';
import type { OwnCells } from '../importers/importers.ts';
import { parseSiren } from '../organizations/organizations.ts';
import type { FoundOrganization } from '../register/register.ts';
import { cellWords } from './cell-words.ts';
import { compareFacts } from './compare-facts.ts';
import { readOwn } from './own-cells.ts';
import type { Cells } from './read-list.ts';
import { whomOf } from './whom.ts';

const siret = '00000705400018';
const siren = siret.slice(0, 9);
const held: FoundOrganization = {
  id: '000000109',
  siren: parseSiren('000000109'),
  rna: undefined,
  name: 'Association des maires',
  acronym: undefined,
  type: 'association.declared',
  active: true,
  communeCode: '56260',
  communeName: 'Vannes',
  department: '56',
  createdOn: undefined,
  siret: undefined,
};
const enough: OwnCells = { legal_category: '9260', head_office: 'oui', establishment_state: 'A' };

function whom(own: OwnCells, change: Partial<Cells> = {}) {
  const cells: Cells = { identifier: siret, name: 'Musique', email: '', endsOn: '', own, ...change };
  return whomOf(cells, {
    organizations: new Map([
      ['000000109', [held]],
      ['W000000104', [held]],
      ['AM-METZ-1-1', [held]],
    ]),
    communeOf: (code) => (code === '57631' ? { name: 'Sarreguemines', department: '57' } : undefined),
  });
}

describe('a line about an organization that no register holds', () => {
  test('brings it, with what the line says of it', () => {
    expect(
      whom({ ...enough, commune: '57631', local_register: 'AM-SARREGUEMINES-1-2', parent: 'W000000104' }),
    ).toMatchObject({
      organization: {
        id: siren,
        siret,
        name: 'Musique',
        type: 'association.local_law',
        active: true,
        communeName: 'Sarreguemines',
        department: '57',
      },
      newcomer: { numbers: [siren, 'AM-SARREGUEMINES-1-2'], unread: [] },
    });
  });

  test('goes without what is wrong and not essential, and says so', () => {
    expect(whom({ ...enough, website: 'javascript:x' }).newcomer?.unread).toEqual([
      'website website_malformed',
    ]);
  });

  test.each<[string, OwnCells, Partial<Cells>, string, string | undefined]>([
    ['says nothing of it', {}, {}, 'unknown', undefined],
    ['says numbers only', { siren, siret }, {}, 'unknown', undefined],
    ['miscopies a number', { ...enough, siret: '00000705400017' }, {}, 'cell_wrong', 'siret siret_key'],
    ['names a postcode', { ...enough, commune: 'Metz' }, {}, 'cell_wrong', 'commune commune_malformed'],
    [
      'is of no court',
      { ...enough, commune: '44109', local_register: 'AM-METZ-1-9' },
      {},
      'cell_wrong',
      'commune local_register_elsewhere',
    ],
    ['runs', { ...enough, name: '=cmd' }, {}, 'cell_wrong', 'name formula'],
    ['names nobody', enough, { name: '' }, 'cell_wrong', 'name name_missing'],
    [
      'does not say what it is',
      { head_office: 'oui', establishment_state: 'A' },
      {},
      'lacking',
      'legal_category',
    ],
    ['has a SIREN only', { legal_category: '9260' }, { identifier: siren }, 'lacking', 'siret'],
    ['has no SIREN', { legal_category: '9260' }, { identifier: 'AM-METZ-2-2' }, 'no_siren', undefined],
    ['is another site', { ...enough, head_office: 'non' }, {}, 'not_head_office', undefined],
    ['is closed', { ...enough, establishment_state: 'F' }, {}, 'closed_in_list', undefined],
    ['has ceased', { ...enough, state: 'C' }, {}, 'closed_in_list', undefined],
    ['is dissolved', { ...enough, dissolved_on: '2020-01-01' }, {}, 'closed_in_list', undefined],
    ['is a person', { ...enough, legal_category: '1000' }, {}, 'natural_person', undefined],
    ['is nothing', { ...enough, legal_category: '9999' }, {}, 'category_unknown', '9999'],
    // What it is would open tools that the lot does not name.
    ['is a commune', { ...enough, legal_category: '7210' }, {}, 'public_body', undefined],
    ['is an order', { ...enough, legal_category: '8450' }, {}, 'public_body', undefined],
    ['says that it is public', { ...enough, public: 'oui', facets: 'spa' }, {}, 'public_body', undefined],
    [
      'has numbers of two',
      { ...enough, siren: '000000208' },
      {},
      'cell_wrong',
      'siret siret_of_another_unit',
    ],
    [
      'has two numbers',
      { ...enough, siret, rna: 'W000000105' },
      { identifier: 'W000000106' },
      'identifiers_differ',
      undefined,
    ],
  ])('is left out when it %s', (_what, own, change, reason, about) => {
    expect(whom(own, change)).toEqual({ reason, ...(about !== undefined && { about }) });
  });
});

describe('a line about an organization that a register holds', () => {
  test.each<[string, OwnCells, Partial<Cells>]>([
    ['by its SIREN', enough, { identifier: '000000109' }],
    ['by its RNA number', enough, { identifier: 'W000000104' }],
    ['by its court', enough, { identifier: 'AM-METZ-1-1' }],
    ['by another number of the line', { ...enough, rna: 'W000000104' }, { identifier: '000000109' }],
  ])('is about it, whatever else it says: %s', (_what, own, change) => {
    expect(whom(own, change)).toEqual({ organization: held });
  });

  test('is left out when its numbers are those of several', () => {
    expect(whom({ ...enough, rna: 'W000000104' })).toEqual({
      organization: held,
      reason: 'identifiers_differ',
    });
  });

  test('says otherwise than the register, whose word counts', () => {
    const cells: Cells = {
      identifier: '000000109',
      name: '',
      email: '',
      endsOn: '',
      own: {
        legal_category: '9220',
        state: 'A',
        public_utility: 'oui',
        website: 'https://a.example',
        head_office: '?',
      },
    };
    const facts = { legalCategory: '9220', unitState: 'A', publicUtility: false } as const;
    expect(compareFacts(cells, '000000109', facts)).toEqual({
      differs: [
        { column: 'public_utility', typed: 'oui', held: 'non' },
        { column: 'website', typed: 'https://a.example', held: undefined },
      ],
      unread: [],
    });
    expect(compareFacts({ ...cells, own: { state: 'fermée' } }, '000000109', facts)).toEqual({
      reason: 'cell_wrong',
      about: 'state state_unknown',
    });
  });
});

test('every mistake of such a line has its words, in French too', () => {
  const cell = fc.oneof(
    fc.constantFrom('', '1', '=x', 'AM-METZ-1-2', '000000109', '9260', 'oui', 'W000000104', '57463'),
    fc.constantFrom('00000010900009', '000000108', '00000010900008', '2020-02-30', 'a@b@c', 'x'.repeat(400)),
  );
  const lines = fc.dictionary(fc.constantFrom(...ownColumns), cell, { noNullPrototype: true });
  fc.assert(
    fc.property(lines, (typed) => {
      const read = readOwn(typed);
      const problems =
        'reason' in read ? [read.reason === 'cell_wrong' ? read.about : undefined] : read.unread;
      for (const problem of problems) {
        if (problem === undefined) continue;
        expect(cellWords(problem, 'fr').split(' » : ')[1]).not.toBe(`${problem.split(' ')[1] ?? ''}.`);
      }
    }),
    { numRuns: 2_000 },
  );
});
