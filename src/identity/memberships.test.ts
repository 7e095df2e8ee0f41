import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSiret } from '../organizations/organizations.ts';
import type { Siret } from '../organizations/organizations.ts';
import { migrate, openStores } from '../storage/storage.ts';
import type { Stores } from '../storage/storage.ts';
import { createAccounts } from './accounts.ts';
import type { Accounts, AssertedIdentity } from './accounts.ts';
import { createRevokedMemberships } from './revoked-memberships.ts';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';

let now = new Date('2026-11-22T10:00:00Z');
const clock = () => now;

function siret(digits: string): Siret {
  const parsed = parseSiret(digits);
  if (parsed === undefined) throw new Error(`not a SIRET: ${digits}`);
  return parsed;
}
const nantes = siret('21440109300015');
const association = siret('00000010900009');

const asserted = (change: Partial<AssertedIdentity> = {}): AssertedIdentity => ({
  idp: 'demo',
  issuer: 'https://idp.example',
  subject: 'elu',
  email: 'elu@commune.example',
  emailDomain: 'commune.example',
  emailVerified: true,
  claims: { given_name: 'Camille\u0000', usual_name: ' Martin ' },
  siret: nantes,
  acr: 'eidas1',
  idpAcr: 'eidas1',
  amr: ['pwd'],
  authTime: clock(),
  link: { level: 'moderated', method: 'proof_received' },
  ...change,
});

let stores: Stores;
let accounts: Accounts;
let dataDir: string;
const read: (readonly string[])[] = [];

beforeAll(async () => {
  dataDir = await newMigratedDataDir();
  stores = await openStores({ dataDir, clock });
  await migrate(stores, 'migrations');
  const onRevokedRead = (_accountId: string, sirens: readonly string[]) => void read.push(sirens);
  accounts = createAccounts({ db: stores.db, clock, randomId: randomUUID, onRevokedRead });
  await stores.db
    .insertInto('declared_object')
    .values({
      kind: 'identity_provider',
      id: 'demo',
      document: JSON.stringify({ id: 'demo', issuer: 'https://idp.example' }),
      digest: '',
      updated_at: clock(),
    })
    .execute();
  await stores.db
    .insertInto('declared_membership')
    .values(
      ['00000010900009', '21440109300023'].map((one) => ({
        idp_id: 'demo',
        subject: 'elu',
        siret: one,
        level: 'moderated' as const,
        method: 'mandate',
        verified_at: clock(),
      })),
    )
    .execute();
});
afterAll(async () => {
  await stores.close();
  await rm(dataDir, { recursive: true });
});

const rows = (accountId: string) =>
  stores.db
    .selectFrom('membership')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('siren')
    .execute();

describe('a sign-in writes down for whom the person acts', () => {
  test('once for each legal unit, in the one statement of the sign-in', async () => {
    const before = stores.statistics().sql;
    const { accountId } = await accounts.signIn(asserted());
    expect(stores.statistics().sql - before).toBe(1);
    const first = now;
    now = new Date('2026-12-01T10:00:00Z');
    await accounts.signIn(asserted({ email: 'autre@commune.example' }));
    expect(await rows(accountId)).toMatchObject([
      { siren: '000000109', origin: 'declared', method: 'mandate', email: 'autre@commune.example' },
      {
        siren: '214401093',
        // What the identity provider asserts, over what is declared for another establishment of the same.
        siret: nantes,
        origin: 'idp',
        method: 'proof_received',
        given_name: 'Camille',
        usual_name: 'Martin',
        first_seen_at: first,
        last_seen_at: now,
        revoked_at: null,
        version: 0,
      },
    ]);
  });

  test('somebody blocked leaves none', async () => {
    const { accountId } = await accounts.signIn(asserted({ subject: 'blocked' }));
    await stores.db.deleteFrom('membership').where('account_id', '=', accountId).execute();
    await stores.db.updateTable('account').set({ blocked_at: clock() }).where('id', '=', accountId).execute();
    await expect(accounts.signIn(asserted({ subject: 'blocked' }))).rejects.toMatchObject({
      code: 'M-UPST-016',
    });
    expect(await rows(accountId)).toEqual([]);
  });
});

describe('what was revoked', () => {
  const revoke = (accountId: string, at: Date | null) =>
    stores.db
      .updateTable('membership')
      .set({ revoked_at: at, revoked_by: at === null ? null : 'operator:anne' })
      .where('account_id', '=', accountId)
      .where('siren', '=', '000000109')
      .execute();

  test('a new sign-in reads it and does not bring it back', async () => {
    const { accountId } = await accounts.signIn(asserted());
    expect(read.at(-1)).toEqual([]);
    await revoke(accountId, now);
    await accounts.signIn(asserted());
    expect(read.at(-1)).toEqual(['000000109']);
    expect(await rows(accountId)).toMatchObject([{ revoked_at: now }, { revoked_at: null }]);
    await revoke(accountId, null);
  });

  test('is asked once in 30 s, for one organization and no other; forgotten, it is asked again', async () => {
    const { accountId } = await accounts.signIn(asserted());
    const revoked = createRevokedMemberships({ db: stores.db, clock, ttlMs: 60_000 });
    revoked.remember(accountId, []);
    await revoke(accountId, now);
    const before = stores.statistics().sql;
    expect(await revoked.isRevoked(accountId, association)).toBe(false);
    expect(stores.statistics().sql).toBe(before);
    revoked.forget(accountId);
    expect(await revoked.isRevoked(accountId, association)).toBe(true);
    expect(await revoked.isRevoked(accountId, nantes)).toBe(false);
    expect(stores.statistics().sql).toBe(before + 1);
    await revoke(accountId, null);
    now = new Date(now.getTime() + 30_000);
    expect(await revoked.isRevoked(accountId, association)).toBe(false);
  });

  test('whatever is not known is asked, even with no room to keep it', async () => {
    const { accountId } = await accounts.signIn(asserted());
    const revoked = createRevokedMemberships({ db: stores.db, clock, maximum: 0 });
    await revoke(accountId, now);
    expect(await revoked.isRevoked(accountId, association)).toBe(true);
    // No answer is no yes.
    await expect(revoked.isRevoked('not a uuid', association)).rejects.toThrow();
  });
});
