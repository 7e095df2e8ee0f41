import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { sql } from 'kysely';
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

type Ended = readonly [accountId: string, openedUntil: Date | undefined];

/** A process, which has looked at nothing yet. */
function process() {
  const ended: Ended[] = [];
  let failing = false;
  const blocking = createBlocking({
    db: stores.db,
    clock,
    logger: { info: () => undefined, error: () => undefined },
    sessionSeconds: 12 * 3600,
    onChanged: () => undefined,
    endAccess: (...asked) =>
      failing
        ? Promise.reject(new Error('Redis is away'))
        : Promise.resolve(void ended.push([asked[0], asked[1]])),
    onBlocked: () => Promise.resolve(),
  });
  return async (fails = false): Promise<readonly Ended[]> => {
    ended.length = 0;
    failing = fails;
    await blocking.watch();
    return [...ended];
  };
}

async function newAccount(): Promise<string> {
  const id = randomUUID();
  await stores.db.insertInto('account').values({ id, created_at: now, blocked_at: null }).execute();
  return id;
}

/** Its owner got it back so many seconds ago, by the clock of the database. */
async function restored(id: string, secondsAgo: number): Promise<Date> {
  const { access_ended_at: at } = await stores.db
    .updateTable('account')
    .set({ access_ended_at: sql<Date>`now() - make_interval(secs => ${secondsAgo})` })
    .where('id', '=', id)
    .returning('access_ended_at')
    .executeTakeFirstOrThrow();
  if (at === null) throw new Error('written');
  return at;
}

// One story, told in order.
test('what was open when an account was restored ends in every process, for as long as a session lives, whatever failed', async () => {
  const id = await newAccount();
  const look = process();
  expect(await look()).toEqual([]);
  const at = await restored(id, 0);
  expect(await look()).toEqual([[id, at]]);
  // Whoever opens something later keeps it: a process that looks again, or that starts, says until when.
  expect(await look()).toEqual([[id, at]]);
  expect(await process()()).toEqual([[id, at]]);
  // Sessions cannot be reached for longer than any look goes back.
  for (let turn = 0; turn < 5; turn += 1) {
    pass(20);
    expect(await look(true)).toEqual([]);
  }
  expect(await look()).toEqual([[id, at]]);
  const later = await restored(id, 11 * 3600);
  expect(await process()()).toEqual([[id, later]]);
  await restored(id, 13 * 3600);
  expect(await look()).toEqual([]);
});

test('an account that is blocked as well loses all that it has open', async () => {
  const id = await newAccount();
  await restored(id, 10);
  await stores.db.updateTable('account').set({ blocked_at: now }).where('id', '=', id).execute();
  expect(await process()()).toEqual([[id, undefined]]);
});
