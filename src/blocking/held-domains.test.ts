import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';
import { openStores } from '../storage/storage.ts';
import type { Stores } from '../storage/storage.ts';
import { createBlocking, giveBackDomain, heldDomains, holdDomain } from './blocking.ts';
import type { DomainRequest } from './blocking.ts';

let dataDir: string;
let stores: Stores;
let now = new Date('2026-11-22T10:00:00Z');
const clock = () => now;
const pass = (seconds: number) => void (now = new Date(now.getTime() + seconds * 1000));
const actor = { kind: 'command_line', user: 'root' } as const;
const request = (domain: string): DomainRequest => ({ domain, reason: 'Messagerie piratée', actor });

beforeAll(async () => {
  dataDir = await newMigratedDataDir();
  stores = await openStores({ dataDir, clock });
}, 60_000);
afterAll(async () => {
  await stores.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function account(): Promise<string> {
  const id = randomUUID();
  await stores.db.insertInto('account').values({ id, created_at: now, blocked_at: null }).execute();
  return id;
}
async function member(email: string): Promise<string> {
  const id = await account();
  const times = { first_seen_at: now, last_seen_at: now };
  const siret = '13002526500013';
  await stores.db
    .insertInto('membership')
    .values({
      id: randomUUID(),
      account_id: id,
      siren: siret.slice(0, 9),
      siret,
      idp_id: 'demo',
      origin: 'idp',
      level: 'moderated',
      method: 'idp',
      email,
      email_verified: true,
      ...times,
    })
    .execute();
  return id;
}
async function partner(...addresses: readonly string[]): Promise<string> {
  const [id, partnerId] = [await account(), randomUUID()];
  const { db } = stores;
  await db
    .insertInto('partner')
    .values({ id: partnerId, given_name: 'Ada', usual_name: 'M', created_at: now })
    .execute();
  for (const [index, address] of addresses.entries())
    await db
      .insertInto('partner_address')
      .values({
        id: randomUUID(),
        partner_id: partnerId,
        address,
        spelling: address.toLowerCase(),
        comparable: address.toLowerCase(),
        proven_at: now,
        is_primary: index === 0,
      })
      .execute();
  const identity = { idp_id: 'maillon', issuer: 'https://x.example', subject: partnerId, account_id: id };
  await db
    .insertInto('identity')
    .values({ ...identity, created_at: now, last_seen_at: now })
    .execute();
  return id;
}

/** Somebody who acts for an organization since a code was read in this mailbox of it. */
async function joined(contact: string): Promise<string> {
  const id = await account();
  const siret = '13002526500013';
  const times = { since: now, verified_at: now, asked_at: now, changed_at: now };
  await stores.db
    .insertInto('joined_membership')
    .values({
      id: randomUUID(),
      account_id: id,
      siren: siret.slice(0, 9),
      siret,
      state: 'active',
      level: 'moderated',
      method: 'official_contact_code',
      is_external: false,
      rule: 'join.v1/official_code',
      address: 'camille@libre.example',
      contact,
      ...times,
    })
    .execute();
  return id;
}

/** A process, which has looked at nothing yet. */
function process() {
  const ended: string[] = [];
  const blocking = createBlocking({
    db: stores.db,
    clock,
    logger: { info: () => undefined, error: () => undefined },
    sessionSeconds: 12 * 3600,
    onChanged: () => undefined,
    endAccess: (accountId) => Promise.resolve(void ended.push(accountId)),
    onBlocked: () => Promise.resolve(),
  });
  return async (): Promise<readonly string[]> => {
    ended.length = 0;
    await blocking.watch();
    return ended.toSorted();
  };
}

// One story, told in order.
test('every account to which an address there leads loses what it has open, in each process, and no other', async () => {
  const theirs = [
    await member('Agent@Mairie.example'),
    await member('agent@mail.mairie.example'),
    await partner('camille@libre.example', 'tresorier@mairie.example'),
    await joined('contact@mairie.example'),
  ].toSorted();
  await member('agent@xmairie.example');
  await member('mairie.example@autre.example');
  await partner('camille@autre.example');
  await joined('contact@autre.example');
  const [one, other] = [process(), process()];
  expect([await one(), await other()]).toEqual([[], []]);

  expect(await holdDomain({ db: stores.db, clock }, request('mairie.example'))).toBe(4);
  expect(await heldDomains(stores.db)).toEqual([
    { domain: 'mairie.example', since: now, by: 'command_line:root', reason: 'Messagerie piratée' },
  ]);
  expect([await one(), await other()]).toEqual([theirs, theirs]);
  // Whoever was signing in meanwhile has ended some minutes later; a process that starts finds what it missed.
  pass(240);
  expect(await one()).toEqual(theirs);
  pass(3600);
  expect(await one()).toEqual(theirs);
  pass(3600);
  expect(await one()).toEqual([]);
  expect(await process()()).toEqual(theirs);

  await giveBackDomain({ db: stores.db, clock }, request('mairie.example'));
  expect([await one(), await process()()]).toEqual([[], []]);
});

test('of two who hold or give back one domain at once, one does', async () => {
  const work = (act: typeof holdDomain | typeof giveBackDomain) =>
    Promise.allSettled([1, 2].map(() => act({ db: stores.db, clock }, request('asso.example'))));
  const done = (all: readonly PromiseSettledResult<unknown>[]) =>
    all.filter(({ status }) => status === 'fulfilled').length;
  expect(done(await work(holdDomain))).toBe(1);
  expect(done(await work(giveBackDomain))).toBe(0);
  pass(60);
  expect(done(await work(giveBackDomain))).toBe(1);
});
