import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { anyMember, decide, parsePolicy } from '../eligibility/eligibility.ts';
import {
  loadTerritories,
  organizationFacts,
  parseCommuneCode,
  sirenOf,
  statementsText,
} from '../organizations/organizations.ts';
import type { Statement, Statements } from '../organizations/organizations.ts';
import { correctableFacts, decidesRights } from './correctable.ts';
import type { CorrectableFact } from './correctable.ts';
import { registered } from './stored-organization.ts';
import { siret } from './testing/samples.ts';

// A correction of a fact that rights follow from waits for a second person: forget one here, and one person opens a service.

const now = new Date('2026-11-22T10:00:00Z');
const asOf = '2026-11-01';

/** Everything that a policy can ask of an organization, with a literal of each. */
const asked = {
  'org.type': 'association.declared',
  'org.category': 'association',
  'org.sector': 'public_law',
  'org.legal_category': '9220',
  'org.public_service': true,
  'org.facets': 'state',
  'org.qualifications': 'tested',
  'org.siren': '130025265',
  'org.siret': '13002526500013',
  'org.population': { lt: 3_500 },
  'org.epci.population': { lt: 3_500 },
  'org.department': '56',
  'org.region': '53',
  'org.commune': '56260',
  'org.naf': '8411Z',
  'org.active': true,
  'org.age_days': { gte: 1 },
  'org.suspended': false,
} as const;

const policy = parsePolicy({
  service: 'docs',
  version: 1,
  valid_from: '2026-01-01',
  guards: [],
  rules: [
    {
      id: 'everything',
      if: { all: Object.entries(asked).map(([name, literal]) => ({ [name]: literal })) },
      allow: { level: 'member', entitlements: ['use'] },
      basis: 'open',
    },
  ],
  default: { deny: 'not_eligible' },
});

/** La Buisse, a commune; what an association says by its number of the RNA is in the statement of the RNA. */
const places = {
  commune: ['21380061800018', '7210', '38061'],
  association: ['00000010900009', '9220', '56260'],
} as const;

/** What every predicate reads of it. */
function read(said: Statements, place: keyof typeof places): readonly unknown[] {
  const [number, legalCategory, communeCode] = places[place];
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
    created_on: '2020-01-01',
    declared_population: null,
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
  const organization = organizationFacts(registered(row, now), loadTerritories());
  const decision = decide(policy, { ...anyMember(now), organization, approvals: [] }, now);
  return decision.trace.flatMap(({ tests }) => tests.map(({ name, value, truth }) => [name, value, truth]));
}

const corrected = (facts: Statement['facts']): Statements => ({ operator: { facts, asOf } });

test('the policy asks for everything that a policy can ask of an organization', () => {
  const table = readFileSync(`${import.meta.dirname}/../eligibility/organization-predicates.ts`, 'utf8');
  const names = new Set(table.match(/(?<=^ {2}')org\.[a-z_.]+(?=': )/gmu));
  expect([...names].toSorted()).toEqual(Object.keys(asked).toSorted());
  expect(read({}, 'association')).toHaveLength(Object.keys(asked).length);
});

const values: Readonly<
  Record<Exclude<CorrectableFact, 'rna'>, readonly [Statement['facts'], keyof typeof places]>
> = {
  name: [{ name: 'AUTRE NOM' }, 'association'],
  type: [{ type: 'state.central' }, 'association'],
  legalCategory: [{ legalCategory: '7210' }, 'association'],
  unitState: [{ unitState: 'C' }, 'association'],
  commune: [{ commune: parseCommuneCode('44109') }, 'association'],
  publicService: [{ publicService: { public: true, facets: ['state'] } }, 'association'],
  population: [{ population: 3_499 }, 'commune'],
};

describe('rights follow from a fact when a predicate reads something else once it is corrected', () => {
  test.each(correctableFacts.flatMap((fact) => (fact === 'rna' ? [] : [fact])))('%s', (fact) => {
    const [facts, place] = values[fact];
    const isRead = JSON.stringify(read(corrected(facts), place)) !== JSON.stringify(read({}, place));
    expect([fact, decidesRights(fact)]).toEqual([fact, isRead]);
  });

  test('the RNA number, which no predicate reads, moves what the RNA says: a dissolution closes an association', () => {
    const rna: Statement = { facts: { name: 'ORGANISATION', dissolvedOn: '2025-01-01' }, asOf };
    const isActive = (said: Statements) =>
      read(said, 'association').find((one) => Array.isArray(one) && one[0] === 'org.active');
    const closed: Statements = { rna, sirene: { facts: { name: 'ORGANISATION' }, asOf } };
    expect(isActive(closed)).toEqual(['org.active', false, false]);
    expect(isActive({})).toEqual(['org.active', true, true]);
    expect(decidesRights('rna')).toBe(true);
  });
});
