import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newMigratedSettings } from '../../test/support/migrated-data-dir.ts';
import { storesOf, type } from './testing/terminal.ts';

const clock = () => new Date('2026-11-22T10:00:00Z');
const id = randomUUID();
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  env = await newMigratedSettings();
  const stores = await storesOf(env, clock);
  await stores.db.insertInto('account').values({ id, created_at: clock(), blocked_at: null }).execute();
  await stores.close();
}, 60_000);
afterAll(() => rm(env['DATA_DIR'] ?? '', { recursive: true, force: true }));

// One story, told in order.
test('maillon account block, and unblock: with a reason, of somebody, once', async () => {
  let now = clock();
  const say = (...words: string[]) => type(['account', ...words], env, { clock: () => now });
  expect(await say('block', id)).toMatchObject({ code: 2 });
  expect((await say('block', id, '--reason', ' ')).err).toContain('--reason says why');
  expect((await say('block', randomUUID(), '--reason', 'Vol')).err).toContain('M-DATA-001');
  const done = await say('block', id, '--reason', 'Vol');
  expect([done.code, done.out]).toEqual([0, expect.stringContaining(`${id} is blocked`)]);
  expect((await say('block', id, '--reason', 'Vol')).err).toContain('M-ACCT-004');
  expect((await say('unblock', id, '--reason', 'Retrouvé')).err).toContain('M-ACCT-006');
  now = new Date(now.getTime() + 60_000);
  expect((await say('unblock', id, '--reason', 'Retrouvé')).out).toContain('may sign in again');
}, 60_000);
