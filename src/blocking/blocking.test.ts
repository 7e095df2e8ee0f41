import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';
import { createRevokedMemberships } from '../identity/identity.ts';
import { parseSiret } from '../organizations/organizations.ts';
import { openStores } from '../storage/storage.ts';
import type { Stores } from '../storage/storage.ts';
import { createBlocking, hasBlockReason } from './blocking.ts';
import type { Blocking, BlockRequest } from './blocking.ts';

let dataDir: string;
let stores: Stores;
let now: Date;
let ended: string[];
let account: string;
const clock = () => now;

/** A process, which has looked at nothing yet. */
const process = (): Blocking =>
  createBlocking({
    db: stores.db,
    clock,
    logger: { info: () => undefined, error: () => undefined },
    sessionSeconds: 12 * 3600,
    onChanged: () => undefined,
    endAccess: (accountId) => {
      ended.push(accountId);
      return Promise.resolve();
    },
    onBlocked: () => Promise.resolve(),
  });
const request = (change: Partial<BlockRequest> = {}): BlockRequest => ({
  act: 'block',
  accountId: account,
  reason: 'Téléphone volé',
  actor: { kind: 'command_line', user: 'root' },
  ...change,
});
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );

beforeAll(async () => {
  dataDir = await newMigratedDataDir();
  stores = await openStores({ dataDir, clock });
}, 60_000);
afterAll(async () => {
  await stores.close();
  await rm(dataDir, { recursive: true, force: true });
});
beforeEach(async () => {
  now = new Date('2026-11-22T10:00:00Z');
  ended = [];
  account = randomUUID();
  await stores.db.insertInto('account').values({ id: account, created_at: now, blocked_at: null }).execute();
});

describe('an act', () => {
  test('is written with who and why, once, and undone by another', async () => {
    const blocking = process();
    const twice = await Promise.all([
      codeOf(blocking.change(request())),
      codeOf(process().change(request({ reason: 'Autre' }))),
    ]);
    expect(twice.toSorted()).toEqual(['M-ACCT-004', 'done']);
    expect(await blocking.of(account)).toMatchObject({ blockedAt: now, by: 'command_line:root' });
    expect(ended).toEqual([account]);
    expect(await codeOf(blocking.change(request({ act: 'unblock' })))).toBe('M-ACCT-006');
    now = new Date(now.getTime() + 60_000);
    await blocking.change(request({ act: 'unblock', reason: 'Retrouvé\nhier' }));
    expect(await blocking.of(account)).toEqual({
      accountId: account,
      blockedAt: undefined,
      by: undefined,
      reason: undefined,
    });
    expect(await codeOf(blocking.change(request({ act: 'unblock' })))).toBe('M-ACCT-004');
    const acts = await stores.db
      .selectFrom('audit_entry')
      .select(['act', 'detail'])
      .where('subject', '=', `account:${account}`)
      .orderBy('seq')
      .execute();
    expect(acts.map(({ act }) => act)).toEqual(['account.block', 'account.unblock']);
    expect(acts[1]?.detail).toContain('Retrouvé hier');
  });

  test.each(['', 'x', '../1', randomUUID()])('on nobody (%j) is refused', async (accountId) => {
    expect(await codeOf(process().change(request({ accountId })))).toBe('M-DATA-001');
  });

  test('on one’s own account is refused, and an erasure is never undone', async () => {
    const actor = {
      kind: 'operator',
      id: 'anne',
      givenName: 'Anne',
      usualName: 'Roux',
      capacity: 'agente',
      organization: 'DINUM',
      accountId: account,
    } as const;
    expect(await codeOf(process().change(request({ actor })))).toBe('M-ACCT-005');
    expect((await process().of(account))?.blockedAt).toBeUndefined();
    await stores.db.updateTable('account').set({ blocked_at: now }).where('id', '=', account).execute();
    await stores.db
      .insertInto('erasure')
      .values({ account_id: account, erased_at: now, kept: '[]' })
      .execute();
    expect(await codeOf(process().change(request({ act: 'unblock' })))).toBe('M-DATA-001');
    // Whose end was told by the erasure.
    await process().watch();
    expect(ended).not.toContain(account);
  });

  test('needs a reason that can be read', () => {
    expect(['', '  \n', 'x'.repeat(501)].map(hasBlockReason)).toEqual([false, false, false]);
    expect(hasBlockReason('Téléphone volé')).toBe(true);
  });
});

describe('another process', () => {
  test('sees it at its next look, and again for two hours: a sign-in under way may still end', async () => {
    const other = process();
    await other.watch();
    await process().change(request());
    ended = [];
    const times = () => ended.filter((one) => one === account).length;
    await other.watch();
    expect(times()).toBe(1);
    now = new Date(now.getTime() + 119 * 60_000);
    await other.watch();
    await other.watch();
    expect(times()).toBe(3);
    now = new Date(now.getTime() + 2 * 60_000);
    await other.watch();
    await other.watch();
    expect(times()).toBe(4);
  });

  test('that was down for a week finds it when it starts', async () => {
    await process().change(request());
    now = new Date(now.getTime() + 7 * 24 * 3600_000);
    ended = [];
    await process().watch();
    expect(ended).toContain(account);
  });

  test('refuses each decision, for every organization, from 30 s ago at most', async () => {
    const siret = parseSiret('13002526500013');
    if (siret === undefined) throw new Error('samples');
    const revoked = createRevokedMemberships({ db: stores.db, clock, ttlMs: 60_000 });
    expect(await revoked.isRevoked(account, siret)).toBe(false);
    await process().change(request());
    expect(await revoked.isRevoked(account, siret)).toBe(false);
    now = new Date(now.getTime() + 30_000);
    expect(await revoked.isRevoked(account, siret)).toBe(true);
    now = new Date(now.getTime() + 30_000);
    await process().change(request({ act: 'unblock' }));
    revoked.forget(account);
    expect(await revoked.isRevoked(account, siret)).toBe(false);
  });
});
