import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { personRecord } from '../audit/audit.ts';
import { migrate, openStores } from '../storage/storage.ts';
import type { Stores } from '../storage/storage.ts';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';
import { reconcile, reconciliationsOf, undoReconciliation } from './reconcile.ts';

const at = new Date('2026-11-22T10:00:00Z');
const issuer = 'https://idp.example';
let stores: Stores;
let dataDir: string;
/** Of the partner, and of the provider that came later. */
let old: string;
let recent: string;
let subject: string;

beforeAll(async () => {
  dataDir = await newMigratedDataDir();
  stores = await openStores({ dataDir, clock: () => at });
  await migrate(stores, 'migrations');
});
afterAll(async () => {
  await stores.close();
  await rm(dataDir, { recursive: true });
});

async function account(identity: { readonly issuer: string; readonly subject: string }): Promise<string> {
  const id = randomUUID();
  await stores.db.insertInto('account').values({ id, created_at: at, blocked_at: null }).execute();
  await stores.db
    .insertInto('identity')
    .values({ idp_id: 'assoc', ...identity, account_id: id, created_at: at, last_seen_at: at })
    .execute();
  return id;
}

beforeEach(async () => {
  subject = randomUUID();
  old = await account({ issuer: 'https://maillon.example', subject: randomUUID() });
  recent = await account({ issuer, subject });
});

const link = (change: Partial<Parameters<typeof reconcile>[1]> = {}) =>
  reconcile(stores.db, {
    identity: { issuer, subject },
    from: recent,
    to: old,
    at,
    id: randomUUID(),
    ...change,
  });
const separate = (id: string, accountId = old) =>
  undoReconciliation(stores.db, { id, accountId, at, newAccountId: randomUUID() });

async function leadsTo(): Promise<string | undefined> {
  const row = await stores.db
    .selectFrom('identity')
    .select('account_id')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row?.account_id;
}

async function revoke(accountId: string, siren: string): Promise<void> {
  await stores.db
    .insertInto('membership')
    .values({
      account_id: accountId,
      siren,
      siret: `${siren}00015`,
      idp_id: 'assoc',
      origin: 'idp',
      level: 'moderated',
      method: 'attested',
      first_seen_at: at,
      last_seen_at: at,
      revoked_at: at,
      revoked_by: 'operator:anne',
    })
    .execute();
}
const revokedOf = async (accountId: string) =>
  (
    await stores.db
      .selectFrom('membership')
      .select('siren')
      .where('account_id', '=', accountId)
      .where('revoked_at', 'is not', null)
      .execute()
  ).map(({ siren }) => siren);

describe('an identity that is linked', () => {
  test('leads to the account that the person had before', async () => {
    const { id } = await link();
    expect(await leadsTo()).toBe(old);
    expect(await reconciliationsOf(stores.db, old)).toEqual([{ id, idp: 'assoc', at }]);
  });

  test('is in the record of both accounts', async () => {
    await link();
    for (const each of [old, recent]) {
      const acts: string[] = [];
      for await (const { act } of personRecord(stores.db, each)) acts.push(act);
      expect(new Set(acts)).toEqual(new Set(['account.reconcile']));
    }
  });

  test('brings along what an organization took away', async () => {
    await revoke(recent, '214401093');
    await link();
    expect(await revokedOf(old)).toEqual(['214401093']);
  });

  test('is linked once, whoever else tries at the same time', async () => {
    const results = await Promise.allSettled([link(), link(), link()]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await reconciliationsOf(stores.db, old)).toHaveLength(1);
  });
});

describe('nothing is linked', () => {
  test('when the identity stands elsewhere', async () => {
    const other = await account({ issuer, subject: randomUUID() });
    await expect(link({ from: other })).rejects.toMatchObject({ code: 'M-ACCT-002' });
    await expect(link({ to: recent })).rejects.toMatchObject({ code: 'M-ACCT-002' });
    await expect(link({ to: randomUUID() })).rejects.toMatchObject({ code: 'M-ACCT-002' });
    expect(await leadsTo()).toBe(recent);
  });

  test('when one of the two is blocked', async () => {
    await stores.db.updateTable('account').set({ blocked_at: at }).where('id', '=', old).execute();
    await expect(link()).rejects.toMatchObject({ code: 'M-ACCT-002' });
    expect(await leadsTo()).toBe(recent);
  });

  test('when something would be left behind', async () => {
    await stores.db
      .insertInto('identity')
      .values({
        idp_id: 'other',
        issuer: 'https://other.example',
        subject,
        account_id: recent,
        created_at: at,
        last_seen_at: at,
      })
      .execute();
    await expect(link()).rejects.toMatchObject({ code: 'M-ACCT-003' });
    expect(await leadsTo()).toBe(recent);
  });
});

describe('a link that is taken back', () => {
  test('leads to where the identity stood', async () => {
    const { id } = await link();
    expect(await separate(id)).toBe(recent);
    expect(await leadsTo()).toBe(recent);
    expect(await reconciliationsOf(stores.db, old)).toEqual([]);
  });

  test('leads to a new account when the former was erased', async () => {
    const { id } = await link();
    await stores.db.deleteFrom('account').where('id', '=', recent).execute();
    const back = await separate(id);
    expect([old, recent]).not.toContain(back);
    expect(await leadsTo()).toBe(back);
  });

  test('takes what was taken away meanwhile along', async () => {
    const { id } = await link();
    await revoke(old, '214401093');
    await separate(id);
    expect(await revokedOf(recent)).toEqual(['214401093']);
  });

  test('not while the account is blocked: nobody is led out of it', async () => {
    const { id } = await link();
    await stores.db.updateTable('account').set({ blocked_at: at }).where('id', '=', old).execute();
    await expect(separate(id)).rejects.toMatchObject({ code: 'M-ACCT-002' });
    expect(await leadsTo()).toBe(old);
  });

  test('once, and by its own account', async () => {
    const { id } = await link();
    await expect(separate(id, recent)).rejects.toMatchObject({ code: 'M-ACCT-002' });
    await expect(separate('not-an-id')).rejects.toMatchObject({ code: 'M-ACCT-002' });
    expect(await leadsTo()).toBe(old);
    await separate(id);
    await expect(separate(id)).rejects.toMatchObject({ code: 'M-ACCT-002' });
    expect((await link()).idp).toBe('assoc');
  });
});
