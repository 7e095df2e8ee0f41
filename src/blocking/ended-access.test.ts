import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';
import { openStores } from '../storage/storage.ts';
import type { Stores } from '../storage/storage.ts';
import { createBlocking } from './blocking.ts';

let dataDir: string;
let stores: Stores;
let now = new Date('2026-11-22T10:00:00Z');
const clock = () => now;
const pass = (seconds: number) => void (now = new Date(now.getTime() + seconds * 1000));

beforeAll(async () => {
  dataDir = await newMigratedDataDir();
  stores = await openStores({ dataDir, clock });
}, 60_000);
afterAll(async () => {
  await stores.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** A process, which has looked at nothing yet. */
function process() {
  const ended: string[] = [];
  const blocking = createBlocking({
    db: stores.db,
    clock,
    logger: { info: () => undefined, error: () => undefined },
    onChanged: () => undefined,
    endAccess: (accountId) => Promise.resolve(void ended.push(accountId)),
    onBlocked: () => Promise.resolve(),
  });
  return async (): Promise<readonly string[]> => {
    ended.length = 0;
    await blocking.watch();
    return [...ended];
  };
}

// One story, told in order.
test('what was open when an account was restored ends in every process, and what is opened later stays', async () => {
  const id = randomUUID();
  await stores.db.insertInto('account').values({ id, created_at: now, blocked_at: null }).execute();
  const look = process();
  expect(await look()).toEqual([]);
  pass(10);
  await stores.db.updateTable('account').set({ access_ended_at: now }).where('id', '=', id).execute();
  pass(10);
  expect(await look()).toEqual([id]);
  pass(120);
  await look();
  pass(20);
  expect(await look()).toEqual([]);
  // A process that starts looks back, not for ever: the person has signed in again since.
  expect(await process()()).toEqual([id]);
  pass(3600);
  expect(await process()()).toEqual([]);
});
