import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';
import { createSignInUses, openStores, purgeSignInUses, signInUsesOf } from './storage.ts';
import type { SignInUse, SignInUses, Stores } from './storage.ts';

let dataDir: string;
let stores: Stores;
let uses: SignInUses;
const now = new Date('2026-11-22T10:00:00Z');
const [somebody, blocked] = [randomUUID(), randomUUID()];
const use = (change: Partial<SignInUse> = {}) => ({
  accountId: somebody,
  clientId: 'docs',
  siret: '13002526500013',
  day: '2026-11-22',
  browser: 'Firefox',
  system: '',
  claims: ['email', 'sub'],
  lastAt: now,
  ...change,
});

beforeAll(async () => {
  dataDir = await newMigratedDataDir();
  stores = await openStores({ dataDir, clock: () => now });
  uses = createSignInUses({ db: stores.db, logger: { warn: () => undefined } });
  await stores.db
    .insertInto('account')
    .values([
      { id: somebody, created_at: now, blocked_at: null },
      { id: blocked, created_at: now, blocked_at: now },
    ])
    .execute();
}, 60_000);
afterAll(async () => {
  await uses.stop();
  await stores.close();
  await rm(dataDir, { recursive: true, force: true });
});

test('a line a day for each tool, browser and organization; nothing of who is blocked or gone', async () => {
  const later = new Date(now.getTime() + 1000);
  uses.note(use());
  uses.note(use({ lastAt: later, claims: ['sub'] }));
  uses.note(use({ clientId: 'tchap' }));
  uses.note(use({ accountId: blocked }));
  uses.note(use({ accountId: randomUUID() }));
  await uses.flush();
  // Another process, about a moment before.
  uses.note(use({ lastAt: now, claims: ['sub'] }));
  await uses.flush();
  expect(await signInUsesOf(stores.db, somebody, 10)).toEqual([
    { ...use({ lastAt: later, claims: ['sub'] }), times: 3 },
    { ...use({ clientId: 'tchap' }), times: 1 },
  ]);
  expect(await signInUsesOf(stores.db, somebody, 1)).toHaveLength(1);
  expect(await signInUsesOf(stores.db, blocked, 10)).toEqual([]);
});

test('goes after a year', async () => {
  const at = (day: string) => () => new Date(`${day}T10:00:02Z`);
  expect(await purgeSignInUses(stores.db, at('2027-11-21'), 100)).toBe(0);
  expect(await purgeSignInUses(stores.db, at('2027-11-22'), 1)).toBe(1);
  expect(await purgeSignInUses(stores.db, at('2027-11-22'), 100)).toBe(1);
});
