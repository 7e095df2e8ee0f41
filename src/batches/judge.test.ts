import { describe, expect, test } from 'vitest';
import { parseCommuneCode, parseRna, parseSiren } from '../organizations/organizations.ts';
import type { FoundOrganization } from '../register/register.ts';
import type { ApprovalHeld } from '../registrations/registrations.ts';
import type { BatchDecision } from './decision.ts';
import { judge } from './judge.ts';
import type { Judging, Known } from './judge.ts';
import { numberOf } from './own-cells.ts';
import type { Cells } from './read-list.ts';

const siren = '000000109';
const vannes = parseCommuneCode('56260');
const today = '2026-11-23';
const decision: BatchDecision = {
  services: ['docs'],
  level: 'member',
  ground: 'public_service_mission',
  conditions: [],
  startsOn: '2026-11-01',
  endsOn: '2028-12-31',
  text: 'Association départementale de maires.',
  rule: 'Règle publiée le 2 mars 2026',
};
const organization: FoundOrganization = {
  id: siren,
  siren: parseSiren(siren),
  rna: undefined,
  name: 'ASSOCIATION DES MAIRES ET PRESIDENTS D’EPCI DU MORBIHAN',
  acronym: 'AMPM',
  type: 'association.declared',
  active: true,
  communeCode: '56260',
  communeName: 'Vannes',
  department: '56',
  createdOn: undefined,
  siret: undefined,
};
const held: ApprovalHeld = {
  id: 'd-26-7k3qxwpb-docs',
  siren,
  service: 'docs',
  level: 'member',
  ground: 'public_service_mission',
  reason: 'x',
  startsOn: '2026-01-01',
  endsOn: '2028-12-31',
  status: 'active',
  decidedOn: '2026-01-01',
  origin: 'registration',
};
const cells: Cells = { identifier: siren, name: '', email: '', endsOn: '' };

interface Case {
  readonly cells?: Partial<Cells>;
  readonly found?: readonly FoundOrganization[];
  readonly held?: readonly Partial<ApprovalHeld>[];
  readonly examined?: string;
  readonly askedBy?: boolean;
  readonly sirens?: readonly string[];
  readonly within?: boolean | Judging['within'];
  readonly decision?: Partial<BatchDecision>;
}

function judged(one: Case, ...before: readonly Partial<Cells>[]) {
  const known: Known = {
    organizations: new Map([
      [siren, one.found ?? [organization]],
      ['W561234567', one.found ?? [organization]],
    ]),
    place: ({ id, department }) => ({ department, organizations: [id] }),
    held: new Map([[siren, (one.held ?? []).map((right) => ({ ...held, ...right }))]]),
    examined: new Map(
      one.examined === undefined ? [] : [[siren, [{ file: 'D-26-AAAAAAAA', service: one.examined }]]],
    ),
    askedBy: new Set(one.askedBy === true ? [siren] : []),
    homonyms: new Map([[siren, 2]]),
    communeOf: (code) => (code === '57463' ? { name: 'Metz', department: '57' } : undefined),
    facts: new Map([[siren, { acronym: 'AMPM', commune: vannes }]]),
    files: new Map(),
  };
  const asked: Judging = {
    decision: { ...decision, ...one.decision },
    today,
    people: [{ sirens: [...(one.sirens ?? [])] }],
    within: typeof one.within === 'function' ? one.within : () => one.within !== false,
  };
  const lines = [...before, one.cells ?? {}].map((typed, index) => ({
    line: index + 2,
    cells: { ...cells, ...typed },
  }));
  return judge(lines, known, asked).at(-1);
}

describe('a line of a lot', () => {
  test.each<[string, Case, string]>([
    ['names an organization without a right', {}, 'new'],
    ['by its SIRET', { cells: { identifier: '000 000 109 00009' } }, 'new'],
    ['by its RNA number', { cells: { identifier: 'w561234567' } }, 'new'],
    ['with a shorter name', { cells: { name: 'Association des maires du Morbihan' } }, 'new'],
    ['with its acronym', { cells: { name: 'ampm' } }, 'new'],
    ['whose right ends before', { held: [{ endsOn: '2027-06-30' }] }, 'changed'],
    ['whose right is less', { held: [{ level: 'guest' }] }, 'changed'],
    ['that has the same right', { held: [{}] }, 'same'],
    ['with an end of its own', { held: [{}], cells: { endsOn: '31/12/2029' } }, 'changed'],
    [
      'that was refused, and granted since',
      { held: [{ endsOn: '2027-06-30' }, { status: 'refused', decidedOn: '2025-01-01' }] },
      'changed',
    ],
    [
      'after what the configuration declares',
      { held: [{ origin: 'configuration', endsOn: '2026-12-31' }], decision: { startsOn: '2027-01-01' } },
      'new',
    ],
  ])('%s', (_what, one, verdict) => {
    expect(judged(one)).toMatchObject({ verdict, homonyms: 2 });
  });

  test.each<[string, Case, string, string | undefined]>([
    ['broken', { cells: { broken: true } }, 'broken', undefined],
    ['empty', { cells: { identifier: ' ' } }, 'identifier_missing', undefined],
    ['=1+1', { cells: { identifier: '=1+1' } }, 'identifier_malformed', undefined],
    ['12', { cells: { identifier: '12' } }, 'identifier_malformed', undefined],
    ['miscopied', { cells: { identifier: '000000108' } }, 'identifier_key', undefined],
    ['an address', { cells: { email: 'a b@c' } }, 'email_malformed', undefined],
    ['no day', { cells: { endsOn: '31/02/2028' } }, 'end_malformed', undefined],
    ['over', { cells: { endsOn: '2026-11-22' } }, 'end_order', undefined],
    ['too long', { cells: { endsOn: '2031-11-24' } }, 'end_far', undefined],
    ['unknown', { found: [] }, 'unknown', undefined],
    ['of several', { found: [organization, { ...organization, id: 'W1' }] }, 'several', undefined],
    ['elsewhere', { within: false, cells: { name: 'X' } }, 'out_of_perimeter', undefined],
    ['closed', { found: [{ ...organization, active: false }] }, 'ceased', undefined],
    [
      'without SIREN',
      { found: [{ ...organization, siren: undefined, rna: parseRna('W561234567') }] },
      'no_siren',
      undefined,
    ],
    [
      'of another département',
      { cells: { name: 'Association des maires du Finistère' } },
      'name_differs',
      organization.name,
    ],
    ['one’s own', { sirens: [siren] }, 'own_organization', undefined],
    ['asked for oneself', { askedBy: true }, 'own_organization', undefined],
    ['examined', { examined: 'docs' }, 'under_examination', 'D-26-AAAAAAAA'],
    ['suspended', { held: [{ status: 'suspended' }] }, 'suspended_before', 'docs'],
    ['refused', { held: [{ status: 'refused' }] }, 'refused_before', 'docs'],
    ['declared', { held: [{ origin: 'configuration', level: 'guest' }] }, 'held_by_configuration', 'docs'],
    ['more already', { held: [{ endsOn: '2029-01-01' }] }, 'less_than_held', 'docs'],
    ['member already', { held: [{}], decision: { level: 'guest' } }, 'less_than_held', 'docs'],
    [
      'of two files',
      { held: [{ level: 'guest' }, { level: 'guest', id: 'd-26-bbbbbbbb-docs' }] },
      'several_rights',
      'docs',
    ],
  ])('is left out: %s', (_what, one, reason, about) => {
    expect(judged(one)).toMatchObject({ verdict: 'wrong', reason, about, changes: [] });
  });

  test('is left out when the organization stands above, whatever its number is there', () => {
    expect(judged({ cells: { identifier: 'W561234567' } }, {})).toMatchObject({
      reason: 'twice',
      about: '2',
    });
  });

  test('shows nothing of what lies out of the perimeter', () => {
    const line = judged({ within: false, cells: { name: 'Autre', email: 'x' } });
    expect(line).toMatchObject({ outside: true, homonyms: 0 });
    expect(line).not.toHaveProperty('organization');
  });

  test('brings nobody to the register for who may not, nor by the federation that it names itself', () => {
    const own = { legal_category: '9260', head_office: 'oui', establishment_state: 'A', parent: siren };
    const typed = { identifier: '00000705400018', name: 'Musique', own: { ...own, commune: '57463' } };
    const entering = (within: Judging['within']) => judged({ cells: typed, within });
    expect(entering(({ department }) => department === '57')).toMatchObject({
      verdict: 'new_organization',
      place: { department: '57', organizations: ['000007054'], enters: true },
    });
    const refused = { verdict: 'wrong', reason: 'entry_out_of_perimeter', outside: true };
    expect(entering(({ enters }) => enters !== true)).toMatchObject(refused);
    expect(entering(({ organizations }) => organizations.includes(siren))).toMatchObject(refused);
  });

  test('grants the services that are not held, from the day of the decision at the earliest', () => {
    const line = judged({ held: [{}], decision: { services: ['docs', 'tchap'] } });
    expect(line).toMatchObject({
      verdict: 'new',
      changes: [{ service: 'tchap', before: undefined, after: { startsOn: today, endsOn: '2028-12-31' } }],
    });
  });
});

test('La Poste is a number too', () => {
  expect(numberOf('356 000 000 00048')).toEqual({ number: '356000000' });
});
