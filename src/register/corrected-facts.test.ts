import { describe, expect, test } from 'vitest';
import { decide, parsePolicy } from '../eligibility/eligibility.ts';
import type { Decision } from '../eligibility/eligibility.ts';
import {
  loadTerritories,
  organizationFacts,
  parseCommuneCode,
  sirenOf,
  statementsText,
} from '../organizations/organizations.ts';
import type { Statement, Statements } from '../organizations/organizations.ts';
import { registered } from './stored-organization.ts';
import { siret } from './testing/samples.ts';

const now = new Date('2026-11-22T10:00:00Z');
const author = { given_name: 'Anne', usual_name: 'Martin', capacity: 'responsable', organization: 'DINUM' };
const correction = { reason: 'arrêté préfectoral vu', author, at: '2026-11-20T09:00:00Z' };
const asOf = '2026-11-01';

const corrected = (facts: Statement['facts']): Statement => ({
  facts,
  // The newest of several corrections: each has its own date.
  asOf: '2026-11-21',
  corrections: Object.fromEntries(Object.keys(facts).map((fact) => [fact, correction])),
});

/** La Buisse, which has exactly 3 500 inhabitants; the grouping of Belle-Île, which has 5 594; an association in Vannes. */
const laBuisse = ['21380061800018', '7210', '38061'] as const;
const belleIle = ['24560046500018', '7346', '56152'] as const;
const association = ['00000010900009', '9220', '56260'] as const;
type Case = typeof laBuisse | typeof belleIle | typeof association;

/** What a policy of one rule decides of the organization, which the register holds with these statements. */
function decided(
  [number, legalCategory, communeCode]: Case,
  condition: object,
  { said = {}, column = null }: { readonly said?: Statements; readonly column?: number | null } = {},
): Decision {
  const one = siret(number);
  const row = {
    siret: one,
    siren: sirenOf(one),
    name: 'ORGANISATION',
    legal_category: legalCategory,
    unit_state: 'A',
    state: 'A',
    rna: null,
    commune_code: communeCode,
    naf: null,
    created_on: null,
    declared_population: column,
    qualifications: '[]',
    suspended_at: null,
    source: 'La colonne',
    source_date: asOf,
    statements: statementsText({
      sirene: { facts: { name: 'ORGANISATION', legalCategory, unitState: 'A' }, asOf },
      ...said,
    }),
    flags: '[]',
    diffusion: 'O',
    establishment_source: 'sirene',
    establishment_source_date: asOf,
    fetched_at: null,
  } as const;
  const policy = parsePolicy({
    service: 'docs',
    version: 1,
    valid_from: '2026-01-01',
    guards: [],
    rules: [{ id: 'only', if: condition, allow: { level: 'member', entitlements: ['use'] }, basis: 'open' }],
    default: { deny: 'not_eligible' },
  });
  return decide(
    policy,
    {
      organization: organizationFacts(registered(row, now), loadTerritories()),
      approvals: [],
      invitations: [],
      user: { emailDomain: 'mairie.example', emailVerified: true, link: 'moderated' },
      auth: { acr: 'eidas1', amr: ['pwd'], idp: 'demo-idp', authTime: now },
      clientId: 'docs',
    },
    now,
  );
}

const population = (decision: Decision) => decision.factsUsed.find(({ name }) => name.endsWith('population'));

describe('the inhabitants that an operator corrected decide, and the decision says who and when', () => {
  const small = { 'org.population': { lt: 3_500 } };

  test.each<[string, Case, object, number, number | null]>([
    ['of a commune', laBuisse, small, 3_499, null],
    ['of a grouping', belleIle, { 'org.population': { lt: 5_594 } }, 5_593, null],
    ['of a grouping, as a grouping', belleIle, { 'org.epci.population': { lt: 5_594 } }, 5_593, null],
    ['of an organization that the configuration gives a population', association, small, 3_499, 12_000],
  ])('%s', (_, organization, condition, inhabitants, column) => {
    expect(decided(organization, condition, { column }).decision).toBe('deny');
    const operator = corrected({ population: inhabitants });
    const decision = decided(organization, condition, { said: { operator }, column });
    expect(decision.decision).toBe('allow');
    expect(population(decision)).toMatchObject({
      value: inhabitants,
      source: 'correction, DINUM',
      asOf: '2026-11-20',
    });
  });

  test('what they count is the municipal population: the total of a corrected one is not known', () => {
    const total = { 'org.population': { lt: 100_000, measure: 'totale' } };
    expect(decided(laBuisse, total).decision).toBe('allow');
    const operator = corrected({ population: 3_499 });
    expect(decided(laBuisse, total, { said: { operator } })).toMatchObject({
      decision: 'deny',
      unknownFacts: ['org.population'],
    });
  });

  test('what registers say of a commune is not what the register of inhabitants says', () => {
    const dpnt: Statement = { facts: { population: 12 }, asOf };
    expect(decided(laBuisse, small, { said: { dpnt } }).decision).toBe('deny');
  });
});

describe('the commune that an operator corrected decides', () => {
  const commune = parseCommuneCode('44109');

  test.each<[string, Case]>([
    ['of an association, whatever its establishment says', association],
    ['of a commune, whatever its number says', laBuisse],
  ])('%s', (_, organization) => {
    const operator = corrected({ commune });
    const inNantes = { all: [{ 'org.commune': '44109' }, { 'org.department': '44' }] };
    expect(decided(organization, inNantes).decision).toBe('deny');
    expect(decided(organization, inNantes, { said: { operator } }).decision).toBe('allow');
    expect(decided(organization, { 'org.region': '52' }, { said: { operator } }).decision).toBe('allow');
  });

  test('of a commune, and its inhabitants stay its own', () => {
    const operator = corrected({ commune });
    const exactly = { 'org.population': { gte: 3_500, lte: 3_500 } };
    expect(decided(laBuisse, exactly, { said: { operator } }).decision).toBe('allow');
  });

  test('a register that names another commune than the establishment decides nothing', () => {
    const rna: Statement = { facts: { commune }, asOf };
    expect(decided(association, { 'org.commune': '56260' }, { said: { rna } }).decision).toBe('allow');
  });
});
