import { rm } from 'node:fs/promises';
import { sql } from 'kysely';
import type { KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';
import { parsePolicy } from '../eligibility/eligibility.ts';
import { openStores } from '../storage/storage.ts';
import type { Stores } from '../storage/storage.ts';
import { createRightsWatch } from './rights-watch.ts';

let stores: Stores;
let dataDir: string;
let now: number;
const clock = () => new Date(now);
const pass = (seconds: number) => (now += seconds * 1000);

beforeAll(async () => {
  dataDir = await newMigratedDataDir();
  stores = await openStores({ dataDir, clock });
}, 180_000);
afterAll(async () => {
  await stores.close();
  await rm(dataDir, { recursive: true, force: true });
});

const [first, second] = ['000000406', '000000109'];
beforeEach(async () => {
  now = new Date('2026-11-23T09:00:00Z').getTime();
  await stores.db.deleteFrom('approval').execute();
  await stores.db.deleteFrom('organization').execute();
  await sql`delete from right_changed`.execute(stores.db);
  await approval('one', { siren: first });
  await approval('two', { siren: second });
  await approval('three', { siren: second, service_id: 'tchap', ends_on: '2026-11-23' });
});

const approval = (id: string, change: object) =>
  stores.db
    .insertInto('approval')
    .values({
      id,
      siren: first,
      service_id: 'docs',
      level: 'member',
      ground: 'operator_doctrine',
      reason: 'x',
      starts_on: '2026-01-01',
      ends_on: '2027-12-31',
      status: 'active',
      decided_by: '{}',
      decided_on: '2026-01-01',
      origin: 'configuration',
      updated_at: new Date('2026-01-01'),
      ...change,
    })
    .execute();
const organization = (siren: string, change: object = {}) =>
  stores.db
    .insertInto('organization')
    .values({
      siren,
      name: 'X',
      legal_category: '9220',
      unit_state: 'A',
      rna: null,
      created_on: null,
      commune_code: null,
      declared_population: null,
      qualifications: '[]',
      suspended_at: null,
      source: 'x',
      source_date: '2026-01-01',
      updated_at: clock(),
      ...change,
    })
    .execute();
const change = (id: string, values: object) =>
  stores.db.updateTable('approval').set(values).where('id', '=', id).execute();
const watch = async () => {
  const made = createRightsWatch({ db: stores.db, clock });
  await made.look();
  return made;
};

test('nothing has ended when a process starts, long after the last change', async () => {
  expect(await createRightsWatch({ db: stores.db, clock }).look()).toEqual([]);
});

test('what ended in the month before it started has: changed, gone or over, whoever was there to see it', async () => {
  await change('one', { status: 'suspended' });
  await stores.db.deleteFrom('approval').where('id', '=', 'two').execute();
  now = new Date('2026-12-20T09:00:00Z').getTime();
  await approval('long ago', { siren: '130025265', ends_on: '2026-11-15' });
  await organization('552081317', { suspended_at: new Date('2026-12-01') });
  const [found, expected] = [
    await createRightsWatch({ db: stores.db, clock }).look(),
    [
      { siren: first, service: 'docs' },
      { siren: second, service: 'docs' },
      { siren: second, service: 'tchap' },
      { siren: '552081317' },
    ],
  ];
  expect(found).toHaveLength(expected.length);
  expect(found).toEqual(expect.arrayContaining(expected));
});

test('what a policy let go on for a while ends with that while, and not before it is over', async () => {
  const month = parsePolicy({
    service: 'tchap',
    version: 1,
    valid_from: '2026-01-01',
    guards: [],
    rules: [
      {
        id: 'approved',
        if: { approval: { service: 'tchap', status: 'active' } },
        allow: { level: 'member', entitlements: [] },
        basis: 'approval',
        grace: { days: 30, level: 'guest' },
      },
    ],
    default: { deny: 'approval_missing' },
  });
  await change('three', { lapses: true });
  const policies = () => new Map([['tchap', [month]]]);
  const { look } = createRightsWatch({ db: stores.db, clock, policies });
  const right = { siren: second, service: 'tchap' };
  await look();
  const seen: string[] = [];
  for (const day of ['2026-11-24', '2026-11-25', '2026-12-23', '2026-12-24', '2026-12-25']) {
    now = new Date(`${day}T09:00:00Z`).getTime();
    if ((await look()).length > 0) seen.push(day);
  }
  // When members become guests, and at the end.
  expect(seen).toEqual(['2026-11-24', '2026-12-24']);
  now = new Date('2026-12-24T09:00:00Z').getTime();
  expect(await createRightsWatch({ db: stores.db, clock, policies }).look()).toContainEqual(right);
});

test('it reads what changed, and never again what did not', async () => {
  for (let count = 0; count < 50; count += 1)
    await approval(`more-${count}`, { siren: `${100000000 + count}` });
  const read: number[] = [];
  const counting: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      read.push(result.rows.length);
      return result;
    },
  };
  const { look } = createRightsWatch({ db: stores.db.withPlugin(counting), clock });
  await look();
  await change('more-1', { status: 'suspended' });
  expect(await look()).toEqual([{ siren: '100000001', service: 'docs' }]);
  expect(read.length).toBeGreaterThan(5);
  expect(Math.max(...read)).toBeLessThan(5);
});

test('what another transaction changed is seen when it ends, however late', async () => {
  const { look } = await watch();
  await sql`insert into right_changed (siren, service_id, level, xid) values
    ('130025265', 'docs', 'member', (pg_snapshot_xmin(pg_current_snapshot())::text::bigint + 1000)::text::xid8)`.execute(
    stores.db,
  );
  expect(await look()).toEqual([{ siren: '130025265', service: 'docs' }]);
  // Still not before the oldest transaction under way; known all the same.
  pass(61);
  expect(await look()).toEqual([]);
});

test.each<[string, () => Promise<unknown>]>([
  ['suspended, whatever its date says', () => change('one', { status: 'suspended' })],
  ['withdrawn: the row is gone', () => stores.db.deleteFrom('approval').where('id', '=', 'one').execute()],
  ['shortened', () => change('one', { ends_on: '2026-11-22' })],
  ['put off', () => change('one', { starts_on: '2026-11-24' })],
  ['given to another service', () => change('one', { service_id: 'tchap' })],
  ['reduced to guests', () => change('one', { level: 'guest' })],
  [
    'of an organization that has ceased',
    () => stores.db.updateTable('organization').set({ unit_state: 'C' }).where('siren', '=', first).execute(),
  ],
])('a right has ended when its approval is %s', async (_what, happens) => {
  await organization(first);
  const { look } = await watch();
  await happens();
  expect(await look()).toEqual([{ siren: first, service: 'docs' }]);
});

test('it ends with its last day, at midnight in Paris', async () => {
  const { look } = await watch();
  now = new Date('2026-11-23T22:59:59Z').getTime();
  expect(await look()).toEqual([]);
  pass(1);
  expect(await look()).toEqual([{ siren: second, service: 'tchap' }]);
});

test('an organization that is suspended loses everything, approved or not', async () => {
  await organization('130025265');
  const { look } = await watch();
  await stores.db.updateTable('organization').set({ suspended_at: clock() }).execute();
  expect(await look()).toEqual([{ siren: '130025265' }]);
});

test('another approval for the same service goes on', async () => {
  await approval('again', { siren: first });
  const { look } = await watch();
  await change('one', { status: 'suspended' });
  expect(await look()).toEqual([]);
});

test('it is asked about again for a minute, then no more', async () => {
  const { look } = await watch();
  await change('one', { status: 'suspended' });
  for (const seconds of [0, 20, 20, 20]) {
    pass(seconds);
    expect(await look()).toEqual([{ siren: first, service: 'docs' }]);
  }
  pass(20);
  expect(await look()).toEqual([]);
});

test('a look that fails is made again from the same point', async () => {
  let isDown = false;
  const made = createRightsWatch({
    db: stores.db,
    clock: () => {
      if (isDown) throw new Error('down');
      return clock();
    },
  });
  await made.look();
  await change('one', { status: 'suspended' });
  isDown = true;
  await expect(made.look()).rejects.toThrow('down');
  isDown = false;
  expect(await made.look()).toEqual([{ siren: first, service: 'docs' }]);
});
