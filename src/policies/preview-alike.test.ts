import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase } from '../declarations/testing/database.ts';
import { parsePolicy } from '../eligibility/eligibility.ts';
import { document } from '../eligibility/testing/arbitraries.ts';
import {
  isSiren,
  isSiret,
  loadPublicServiceExceptions,
  loadTerritories,
  statementSchema,
  statementsText,
} from '../organizations/organizations.ts';
import type { Statement, Statements } from '../organizations/organizations.ts';
import type { Stores } from '../storage/storage.ts';
import { previewPolicy } from './preview.ts';
import type { Counts } from './preview.ts';
import { plainPreview } from './testing/plain-preview.ts';

const now = new Date('2026-11-22T10:00:00Z');
const territories = loadTerritories();
const exceptions = loadPublicServiceExceptions();

const withKey = (stem: string, isRight: (text: string) => boolean): string =>
  Array.from({ length: 10 }, (_, key) => `${stem}${key}`).find(isRight) ?? '';
const siretOf = (siren: string): string => withKey(`${siren}0001`, isSiret);
const invented = Array.from({ length: 150 }, (_, index) => withKey(String(90_000_000 + index), isSiren));
const [someone = '', numbered = '', placed = ''] = invented;

const said = (facts: object, more: object = {}): Statement =>
  statementSchema.parse({ facts, asOf: '2026-10-01', ...more });

interface Row {
  readonly siren?: string;
  readonly statements: Statements;
  readonly legal_category: string | null;
  readonly unit_state: 'A' | 'C';
  readonly created_on: string | null;
  readonly declared_population: number | null;
  readonly qualifications: string;
  readonly suspended_at: Date | null;
  readonly state: 'A' | 'F';
  readonly commune_code: string | null;
  readonly naf: string | null;
  readonly approval?: 'active' | 'suspended' | 'ended';
}

/** Organizations that differ from a usual one, and from each other, by one thing: whatever is not looked at shows. */
function around(legalCategory: string): readonly Row[] {
  const facts = { legalCategory, unitState: 'A', createdOn: '2001-01-01', name: 'Unread' };
  const usual: Row = {
    statements: { sirene: said(facts) },
    legal_category: legalCategory,
    unit_state: 'A',
    created_on: '2001-01-01',
    declared_population: null,
    qualifications: '[]',
    suspended_at: null,
    state: 'A',
    commune_code: '56260',
    naf: '94.99Z',
  };
  const stated = (more: object): Row => ({ ...usual, statements: { sirene: said({ ...facts, ...more }) } });
  const stateless = { legalCategory, createdOn: '2001-01-01' };
  const corrected = { type: 'company' };
  const other = legalCategory === '9220' ? '5710' : '9220';
  const two = (sirene: string, api: string): Statements => ({
    sirene: said(facts, { asOf: sirene }),
    api_sirene: said({ ...facts, legalCategory: other }, { asOf: api }),
  });
  const numbers = [
    [...territories.communes()].flatMap(({ siren }) => siren ?? []).slice(0, 3),
    [...territories.epcis()].map(({ siren }) => siren).slice(0, 2),
    [...exceptions.excluded].slice(0, 1),
    [...exceptions.lolf].slice(0, 1),
    [...exceptions.whitelist].slice(0, 1),
    [numbered],
  ].flat();
  return [
    usual,
    usual,
    stated({ name: 'Unread too' }),
    stated({ unitState: 'C' }),
    stated({ createdOn: '2026-06-01' }),
    stated({ publicService: { public: true, facets: ['local'] } }),
    stated({ publicService: { public: false, facets: [] } }),
    stated({ successor: someone }),
    { ...usual, statements: { sirene: said(stateless) } },
    { ...usual, statements: { sirene: said({ ...stateless, dissolvedOn: '2020-01-01' }) } },
    { ...usual, statements: { configuration: said({ ...facts, population: 10 }) } },
    { ...usual, statements: { configuration: said({ ...facts, population: 20_000 }) } },
    { ...usual, statements: two('2026-09-01', '2026-10-01') },
    { ...usual, statements: two('2026-10-01', '2026-09-01') },
    { ...usual, statements: two('2026-10-01', '2026-10-01') },
    { ...usual, statements: { sirene: said(facts), operator: said(corrected) } },
    { ...usual, statements: { sirene: said(facts), operator: said({ commune: '44109' }) } },
    { ...usual, statements: { sirene: said(facts), operator: said({ commune: '75056' }) } },
    { ...usual, statements: {} },
    { ...usual, statements: {}, unit_state: 'C' },
    { ...usual, statements: {}, legal_category: other },
    { ...usual, statements: {}, created_on: '2026-06-01' },
    { ...usual, state: 'F' },
    { ...usual, suspended_at: now },
    { ...usual, declared_population: 3000 },
    { ...usual, declared_population: 4000 },
    { ...usual, qualifications: '[{"id":"rup","startsOn":"2026-01-01","endsOn":null}]' },
    { ...usual, qualifications: '[{"id":"rup","startsOn":"2027-01-01","endsOn":null}]' },
    { ...usual, naf: '84.11Z' },
    ...['44109', '75056', '85113', '00000', null].map((commune_code) => ({ ...usual, commune_code })),
    ...(['active', 'suspended', 'ended'] as const).map((approval) => ({ ...usual, approval })),
    // A number is borne once: by the first of the three that come to it.
    ...numbers.map((siren) => ({ ...usual, siren })),
  ];
}

let stores: Stores;
beforeAll(async () => {
  stores = await openTestDatabase();
  const all = ['9220', '7210', '7120'].flatMap(around);
  const borne = new Set<string>([someone]);
  const free = invented.filter((siren) => siren !== numbered).values();
  const rows = all.map((row) => {
    const own = row.siren !== undefined && !borne.has(row.siren) ? row.siren : undefined;
    const siren = own ?? free.next().value ?? '';
    borne.add(siren);
    return { ...row, siren };
  });
  await stores.db
    .insertInto('organization')
    .values(
      rows.map((row, index) => ({
        siren: row.siren,
        name: `Organization ${index}`,
        legal_category: row.legal_category,
        unit_state: row.unit_state,
        rna: null,
        created_on: row.created_on,
        declared_population: row.declared_population,
        qualifications: row.qualifications,
        suspended_at: row.suspended_at,
        statements: statementsText(row.statements),
        source: 'test',
        source_date: '2026-11-01',
        updated_at: now,
      })),
    )
    .execute();
  await stores.db
    .insertInto('establishment')
    .values(
      rows.map(({ siren, state, commune_code, naf }) => ({
        siret: siretOf(siren),
        siren,
        state,
        commune_code,
        naf,
        head_office: true,
        source: 'sirene',
      })),
    )
    .execute();
  await stores.db
    .insertInto('approval')
    .values(
      rows.flatMap(({ siren, approval }, index) =>
        approval === undefined
          ? []
          : {
              id: `a${index}`,
              siren,
              service_id: 'docs',
              level: 'member' as const,
              ground: 'operator_doctrine',
              reason: 'test',
              starts_on: '2026-01-01',
              ends_on: approval === 'ended' ? '2026-11-10' : '2028-12-31',
              status: approval === 'suspended' ? ('suspended' as const) : ('active' as const),
              lapses: true,
              decided_by: '{}',
              decided_on: '2026-01-01',
              origin: 'configuration',
              updated_at: now,
            },
      ),
    )
    .execute();
}, 180_000);
afterAll(() => stores.close());

/** Whatever a policy can read of an organization. */
const conditions: readonly object[] = [
  { 'org.active': true },
  { 'org.suspended': true },
  { 'org.public_service': true },
  { 'org.category': 'association' },
  { 'org.type': { in: ['local_authority.commune', 'company'] } },
  { 'org.sector': 'private_law' },
  { 'org.legal_category': '9220' },
  { 'org.facets': 'state' },
  { 'org.facets': 'local' },
  { 'org.qualifications': 'rup' },
  { 'org.department': { in: ['44', '75'] } },
  { 'org.region': '53' },
  { 'org.commune': '56260' },
  { 'org.naf': '9499Z' },
  { 'org.siren': { in: [someone, numbered] } },
  { 'org.siret': siretOf(placed) },
  { 'org.population': { gte: 3500 } },
  { 'org.population': { lt: 500, measure: 'totale' } },
  { 'org.epci.population': { lt: 15_000 } },
  { not: { 'org.epci.population': { lt: 15_000 } } },
  { 'org.age_days': { lt: 365 } },
  { approval: { service: 'docs', status: 'active' } },
  { approval: { service: 'docs', status: 'expired' } },
];
const alone = (condition: object) => ({
  service: 'docs',
  version: 1,
  valid_from: '2026-01-01',
  guards: [],
  rules: [{ id: 'alone', if: condition, allow: { level: 'guest', entitlements: [] }, basis: 'open' }],
  default: { deny: 'not_eligible' },
});

async function expectAlike(before: object | undefined, after: object, batchSize: number): Promise<void> {
  const versions = { before: before && parsePolicy(before), after: parsePolicy({ ...after, version: 2 }) };
  const needs = { db: stores.db, territories, exceptions, now };
  const plain = await plainPreview(versions, needs);
  const { organizations, byCategory, listed } = await previewPolicy(versions, { ...needs, batchSize });
  expect(organizations).toEqual(plain.organizations);
  expect(flat(byCategory)).toEqual(plain.categories);
  for (const verdict of ['gains', 'loses', 'changes'] as const)
    expect(listed[verdict]).toEqual(plain.listed[verdict]);
}

it.each(conditions)('comes to what asking about each organization comes to: %j', async (condition) => {
  await expectAlike(undefined, alone(condition), 1000);
});

it('comes to the same whatever the policies, and the size of the batches', async () => {
  await fc.assert(fc.asyncProperty(document, document, fc.constantFrom(40, 1000), expectAlike), {
    numRuns: 10,
  });
}, 120_000);

const flat = (all: readonly { readonly category: string; readonly counts: Counts }[]) =>
  Object.fromEntries(
    all.flatMap(({ category, counts }) =>
      Object.entries(counts)
        .filter(([, count]) => count > 0)
        .map(([verdict, count]) => [`${category} ${verdict}`, count]),
    ),
  );
