import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parseSiret } from '../organizations/organizations.ts';
import type { Siret } from '../organizations/organizations.ts';
import { migrate, openStores } from '../storage/storage.ts';
import type { Stores } from '../storage/storage.ts';
import { createAccounts } from './accounts.ts';
import { subjectsOf } from './account-state.ts';
import { actedFor } from './acted-for.ts';
import { createDeclaredMemberships } from './declared-memberships.ts';
import type { Accounts, AssertedIdentity } from './accounts.ts';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';

const clock = () => new Date('2026-11-22T10:00:00Z');

function siret(digits: string): Siret {
  const parsed = parseSiret(digits);
  if (parsed === undefined) throw new Error(`not a SIRET: ${digits}`);
  return parsed;
}

const nantes = siret('21440109300015');
const dinum = siret('13002526500013');

function asserted(change: Partial<AssertedIdentity> = {}): AssertedIdentity {
  return {
    idp: 'demo',
    issuer: 'https://idp.example',
    subject: 'sub-1',
    email: 'agent@commune.example',
    emailDomain: 'commune.example',
    emailVerified: true,
    claims: { given_name: 'Camille', usual_name: 'Martin' },
    siret: nantes,
    acr: 'eidas1',
    idpAcr: 'eidas1',
    amr: ['pwd'],
    authTime: clock(),
    link: { level: 'moderated', method: 'proof_received' },
    ...change,
  };
}

describe('an account is (upstream issuer, upstream sub)', () => {
  let stores: Stores;
  let accounts: Accounts;
  let dataDir: string;

  /** As `apply` writes it: what is declared of people is about those of the issuer that it names. */
  const declareProvider = (issuer: string) =>
    stores.db
      .insertInto('declared_object')
      .values({
        kind: 'identity_provider',
        id: 'demo',
        document: JSON.stringify({ id: 'demo', issuer }),
        digest: issuer,
        updated_at: clock(),
      })
      .onConflict((conflict) =>
        conflict.columns(['kind', 'id']).doUpdateSet((eb) => ({ document: eb.ref('excluded.document') })),
      )
      .execute();

  beforeAll(async () => {
    dataDir = await newMigratedDataDir();
    stores = await openStores({ dataDir, clock });
    await migrate(stores, 'migrations');
    accounts = createAccounts({ db: stores.db, clock, randomId: randomUUID });
    await declareProvider('https://idp.example');
  });

  afterAll(async () => {
    await stores.close();
    await rm(dataDir, { recursive: true });
  });

  test('the same identity is the same account, whatever its address becomes', async () => {
    const first = await accounts.signIn(asserted());
    const second = await accounts.signIn(asserted({ email: 'autre@commune.example' }));
    expect(second.accountId).toBe(first.accountId);
    expect(second.id).not.toBe(first.id);
  });

  test('the same address from another subject, or from another issuer, is another account', async () => {
    const first = await accounts.signIn(asserted());
    const otherSubject = await accounts.signIn(asserted({ subject: 'sub-2' }));
    const otherIssuer = await accounts.signIn(asserted({ issuer: 'https://other.example' }));
    expect(new Set([first.accountId, otherSubject.accountId, otherIssuer.accountId]).size).toBe(3);
  });

  test('somebody is who the identity provider says, only under the issuer that it has now', async () => {
    const { accountId } = await accounts.signIn(
      asserted({ subject: 'operator', issuer: 'https://former.example' }),
    );
    const { idp } = asserted();
    expect(await subjectsOf(stores.db, accountId, { id: idp, issuer: 'https://former.example' })).toEqual([
      'operator',
    ]);
    expect(await subjectsOf(stores.db, accountId, { id: idp, issuer: 'https://now.example' })).toEqual([]);
    expect(await subjectsOf(stores.db, accountId, undefined)).toEqual([]);
  });

  test('fifty first sign-ins at once make one account and leave none behind', async () => {
    const before = await stores.db.selectFrom('account').select('id').execute();
    const all = await Promise.all(
      Array.from({ length: 50 }, () => accounts.signIn(asserted({ subject: 'racer' }))),
    );
    expect(new Set(all.map((each) => each.accountId)).size).toBe(1);
    const after = await stores.db.selectFrom('account').select('id').execute();
    expect(after.length).toBe(before.length + 1);
  });

  test('a person who changes organization keeps no membership of the former', async () => {
    await accounts.signIn(asserted({ subject: 'mover' }));
    const moved = await accounts.signIn(asserted({ subject: 'mover', siret: dinum }));
    expect(moved.memberships.map((each) => each.siret)).toEqual([dinum]);
    // What the provider says is of that sign-in: nobody else says for whom they act.
    expect(await accounts.actsForSome(moved)).toBe(false);
  });

  test('memberships that an operator declared are added to the one that the IdP asserts', async () => {
    await stores.db
      .insertInto('declared_membership')
      .values({
        idp_id: 'demo',
        subject: 'mayor',
        siret: '00000010900009',
        level: 'moderated',
        method: 'mandate',
        verified_at: new Date('2026-01-05T00:00:00Z'),
      })
      .execute();
    const signIn = await accounts.signIn(asserted({ subject: 'mayor' }));
    expect(await accounts.actsForSome(signIn)).toBe(true);
    expect(await accounts.actsForSome({ ...signIn, idp: 'other' })).toBe(false);
    expect(signIn.memberships).toEqual([
      { siret: nantes, level: 'moderated', method: 'proof_received', verifiedAt: 1795341600, origin: 'idp' },
      {
        siret: '00000010900009',
        level: 'moderated',
        method: 'mandate',
        verifiedAt: 1767571200,
        origin: 'declared',
      },
    ]);
  });

  test('a declared membership stands until it is withdrawn, for whoever holds the account', async () => {
    const declared = createDeclaredMemberships({ db: stores.db, clock, ttlMs: 0 });
    const { accountId } = await accounts.signIn(asserted({ subject: 'mayor' }));
    const association = siret('00000010900009');
    expect((await declared.linkOf(accountId, association))?.level).toBe('moderated');
    expect((await declared.linkOf(accountId, dinum))?.level).toBeUndefined();
    // Joined here as well: the best of what stands, and once one is withdrawn what is left.
    const about = { account_id: accountId, siren: association.slice(0, 9), siret: association };
    const dates = { since: clock(), verified_at: clock(), asked_at: clock(), changed_at: clock() };
    await stores.db
      .insertInto('joined_membership')
      .values({
        ...{ ...about, ...dates, id: randomUUID(), state: 'active', level: 'email_domain', method: 'test' },
        ...{ is_external: false, rule: 'join.v1/test' },
      })
      .execute();
    expect((await declared.linkOf(accountId, association))?.level).toBe('moderated');
    await stores.db.deleteFrom('declared_membership').where('subject', '=', 'mayor').execute();
    expect((await declared.linkOf(accountId, association))?.level).toBe('email_domain');
    await stores.db.updateTable('joined_membership').set({ level: 'official_source' }).execute();
    expect((await declared.linkOf(accountId, association))?.level).toBe('official_source');
    await stores.db.deleteFrom('joined_membership').execute();
    expect((await declared.linkOf(accountId, association))?.level).toBeUndefined();
  });

  describe('an identity provider whose name was given to another issuer', () => {
    const association = siret('00000010900009');
    const before = asserted({ subject: 'same-sub' });
    const after = asserted({ subject: 'same-sub', issuer: 'https://successor.example' });

    beforeAll(async () => {
      const { db } = stores;
      await db
        .insertInto('declared_membership')
        .values({
          ...{ idp_id: 'demo', subject: 'same-sub', siret: association, level: 'moderated' },
          ...{ method: 'mandate', verified_at: clock() },
        })
        .execute();
    });
    afterEach(() => declareProvider('https://idp.example'));

    const sirets = async (who: AssertedIdentity) =>
      (await accounts.signIn(who)).memberships.map((each) => each.siret);
    const stands = async (who: AssertedIdentity) => {
      const declared = createDeclaredMemberships({ db: stores.db, clock, ttlMs: 0 });
      return (await declared.linkOf((await accounts.signIn(who)).accountId, association)) !== undefined;
    };

    test('what is declared there is about people of its present issuer: nobody of another one has it', async () => {
      expect([await sirets(before), await stands(before)]).toEqual([[nantes, association], true]);
      // By a process that has not seen yet what was declared.
      expect([await sirets(after), await stands(after)]).toEqual([[nantes], false]);
      await declareProvider('https://successor.example');
      expect([await sirets(before), await stands(before)]).toEqual([[nantes], false]);
    });

    test('nor is the former person declared to act for the organization any more', async () => {
      const { accountId } = await accounts.signIn(before);
      await stores.db.deleteFrom('membership').where('account_id', '=', accountId).execute();
      const asked = { accounts: [accountId], sirens: ['000000109'] };
      expect(await actedFor(stores.db, asked)).toEqual([{ accountId, siren: '000000109' }]);
      await declareProvider('https://successor.example');
      expect(await actedFor(stores.db, asked)).toEqual([]);
    });
  });

  test('a blocked account does not sign in', async () => {
    const signIn = await accounts.signIn(asserted({ subject: 'blocked' }));
    await stores.db
      .updateTable('account')
      .set({ blocked_at: clock() })
      .where('id', '=', signIn.accountId)
      .execute();
    await expect(accounts.signIn(asserted({ subject: 'blocked' }))).rejects.toMatchObject({
      code: 'M-UPST-016',
    });
  });
});
