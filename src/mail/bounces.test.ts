import { hash, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';
import { openStores } from '../storage/storage.ts';
import type { Stores } from '../storage/storage.ts';
import { createFingerprints } from '../config/config.ts';
import {
  createBounces,
  createMailer,
  eraseMailsTo,
  mailHealth,
  noteDeliveryFailure,
  queueMail,
  readDeliveryStatus,
} from './mail.ts';
import type { Mail } from './mail.ts';
import { claimMails } from './queue.ts';
import { wiped } from './secrets.ts';
import { aDeliveryStatus } from './testing/a-delivery-status.ts';
import { aMail, bouncesOfTests } from './testing/a-mail.ts';
import { startMailServer } from './testing/mail-server.ts';
import type { MailServer } from './testing/mail-server.ts';

let stores: Stores;
let dataDir: string;
let server: MailServer;
let now = Date.parse('2026-11-22T10:00:00Z');
const clock = () => new Date(now);
const minute = 60_000;

beforeAll(async () => {
  dataDir = await newMigratedDataDir();
  stores = await openStores({ dataDir, clock });
  server = await startMailServer();
}, 120_000);
afterAll(async () => {
  await server.close();
  await stores.close();
  await rm(dataDir, { recursive: true, force: true });
});
beforeEach(async () => {
  await stores.db.deleteFrom('mail').execute();
  await stores.db.deleteFrom('mail_bounce').execute();
});

const mailer = (smtpUrl: string | undefined = server.url) =>
  createMailer({
    bounces: bouncesOfTests,
    db: stores.db,
    clock,
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    smtpUrl,
    from: 'ne-pas-repondre@connexion.example.fr',
    issuer: new URL('https://connexion.example.fr'),
    production: true,
  });
const queue = (...mails: readonly Mail[]) => queueMail(stores.db, clock(), mails, randomUUID);
const rows = () => stores.db.selectFrom('mail').selectAll().orderBy('recipient').execute();
/** Sends what is due, until nothing of it is claimed any more. */
async function send(settled: (all: Awaited<ReturnType<typeof rows>>) => boolean): Promise<void> {
  const stop = mailer().start();
  await vi.waitFor(async () => expect(settled(await rows())).toBe(true), { timeout: 15_000, interval: 25 });
  await stop();
}
const isOver = ({ next_attempt_at: next }: { readonly next_attempt_at: Date | null }): boolean =>
  next === null;

test('a refusal for good is noted for the address, without the address; « not now » is not', async () => {
  const gone = 'refuse-550@amd-fictif.example';
  await queue(aMail({ to: gone }), aMail({ to: 'refuse-451@amd-fictif.example' }));
  server.deferNext(1);
  await send((all) => all.every(({ last_problem: problem }) => problem !== null));
  expect((await rows()).map(isOver)).toEqual([false, true]);
  expect(await bouncesOfTests.of(stores.db, 'Refuse-550@AMD-fictif.example')).toEqual([
    { at: clock(), code: '550 5.1.1' },
  ]);
  expect(await bouncesOfTests.of(stores.db, 'refuse-451@amd-fictif.example')).toEqual([]);
  expect(JSON.stringify(await stores.db.selectFrom('mail_bounce').selectAll().execute())).not.toContain(
    'fictif',
  );
  expect(await mailHealth(stores.db, clock())).toEqual({ bounced: 1, givenUp: 1, retrying: 1 });
  expect(await eraseMailsTo(stores.db, gone, bouncesOfTests)).toBe(2);
  expect(await bouncesOfTests.of(stores.db, gone)).toEqual([]);
});

test('what bounced is forgotten after 90 days', async () => {
  await queue(aMail({ to: 'refuse-553@amd-fictif.example' }));
  await send((all) => all.every(isOver));
  now += 90 * 24 * 60 * minute - 1;
  await mailer().purge(10);
  expect(await bouncesOfTests.of(stores.db, 'refuse-553@amd-fictif.example')).toHaveLength(1);
  now += 1;
  await mailer().purge(10);
  expect(await bouncesOfTests.of(stores.db, 'refuse-553@amd-fictif.example')).toEqual([]);
});

test('a code is wiped as soon as it left, and arrives whole; other mails stay as they are', async () => {
  const before = server.received.length;
  await queue(aMail({ text: 'Code 12345678', secret: true }), aMail({ to: 'z@amd-fictif.example' }));
  await send((all) => all.every(isOver));
  const [code, other] = await rows();
  expect([code?.text, code?.html, code?.sent_at]).toEqual([wiped.text, wiped.html, clock()]);
  expect(other?.text).toBe(aMail().text);
  const sent = server.received.slice(before).map(({ raw }) => raw);
  expect(sent.filter((raw) => raw.includes('12345678'))).toHaveLength(1);
});

test('a code that nobody could send is wiped and given up after an hour, and not sent later', async () => {
  await queue(aMail({ text: 'Code 12345678', secret: true }), aMail({ to: 'z@amd-fictif.example' }));
  now += 60 * minute - 1;
  const waiting = mailer(undefined);
  expect(await waiting.purge(10)).toBe(0);
  expect((await rows())[0]?.text).toContain('12345678');
  now += 1;
  expect(await claimMails(stores.db, clock(), 10)).toHaveLength(1);
  expect(await waiting.purge(10)).toBe(1);
  expect((await rows())[0]).toMatchObject({
    ...wiped,
    next_attempt_at: null,
    given_up_at: clock(),
    sent_at: null,
  });
  expect(await waiting.purge(10)).toBe(0);
});

test('who bounced cannot be found out without the key: neither from the table, nor under another key', async () => {
  const address = 'refuse-550@amd-fictif.example';
  await queue(aMail({ to: address }));
  await send((all) => all.every(isOver));
  const table = JSON.stringify(await stores.db.selectFrom('mail_bounce').selectAll().execute());
  for (const encoding of ['hex', 'base64url'] as const)
    expect(table).not.toContain(hash('sha256', address, encoding));
  const under = (...keys: string[]) => createBounces(createFingerprints(keys, 'bounces'));
  expect(await under('another').of(stores.db, address)).toEqual([]);
  // A key that was replaced is kept for what it made.
  expect(await under('another', 'key of the tests').of(stores.db, address)).toHaveLength(1);
});

test('a mail that was taken and came back later counts as one that was refused: of its own recipient, once', async () => {
  await queue(aMail({ to: 'Plus-La@amd-fictif.example' }), aMail({ to: 'z@amd-fictif.example' }));
  await send((all) => all.every(isOver));
  const [gone, other] = await rows();
  const [of, ofOther] = server.received.slice(-2).toSorted((one, two) => (one.to < two.to ? -1 : 1));
  const told = async (envelope: string | undefined, recipient: string, status?: string) => {
    const report = aDeliveryStatus({
      ...{ envelope, mail: gone?.id ?? '', recipient },
      ...(status === undefined ? {} : { status }),
    });
    const [failure] = readDeliveryStatus(report);
    return failure && noteDeliveryFailure(stores.db, clock(), failure, bouncesOfTests);
  };
  const address = 'plus-la@amd-fictif.example';
  expect(of?.envelope).toMatch(/^[0-9a-f-]{36}$/u);
  expect(await told(of?.envelope, 'z@amd-fictif.example')).toBeUndefined();
  expect(await told(randomUUID(), address)).toBeUndefined();
  expect(await bouncesOfTests.of(stores.db, address)).toEqual([]);
  expect(await told(of?.envelope, address)).toEqual({ id: gone?.id, about: aMail().about });
  expect(await told(of?.envelope, address)).toBeUndefined();
  expect(await bouncesOfTests.of(stores.db, address)).toEqual([{ at: clock(), code: '550 5.1.1' }]);
  expect(await told(ofOther?.envelope, 'z@amd-fictif.example', '4.4.7')).toMatchObject({ id: other?.id });
  expect(await bouncesOfTests.of(stores.db, 'z@amd-fictif.example')).toEqual([]);
  expect(await mailHealth(stores.db, clock())).toEqual({ bounced: 1, givenUp: 2, retrying: 0 });
});

test('whoever got a mail, or an answer to it, cannot say that it never came: nothing in it is believed', async () => {
  const recipient = 'presidence@amd-fictif.example';
  await queue(aMail({ to: recipient }));
  await send((all) => all.every(isOver));
  const [mail] = await rows();
  const received = server.received.at(-1);
  const known = received?.raw.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/giu) ?? [];
  expect(known).toContain(mail?.id);
  expect(known).not.toContain(received?.envelope);
  for (const number of known)
    for (const envelope of [undefined, number]) {
      const report = aDeliveryStatus({ envelope, mail: number, recipient });
      for (const failure of readDeliveryStatus(report))
        expect(await noteDeliveryFailure(stores.db, clock(), failure, bouncesOfTests)).toBeUndefined();
    }
  expect((await rows())[0]).toMatchObject({ given_up_at: null });
  expect(await bouncesOfTests.of(stores.db, recipient)).toEqual([]);
});

test('a mail that waited since before mails had such a number gets one when it leaves', async () => {
  await queue(aMail());
  await stores.db.updateTable('mail').set({ envelope_id: null }).execute();
  await send((all) => all.every(isOver));
  const [mail] = await rows();
  expect(server.received.at(-1)?.envelope).toBe(mail?.envelope_id);
});
