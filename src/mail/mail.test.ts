import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';
import { startPostgres } from '../../test/support/services.ts';
import { migrate, openStores } from '../storage/storage.ts';
import type { Stores } from '../storage/storage.ts';
import { createMailbox, createMailer, queueMail } from './mail.ts';
import type { Mail } from './mail.ts';
import { aMail, bouncesOfTests } from './testing/a-mail.ts';
import { claimMails } from './queue.ts';
import { startMailServer } from './testing/mail-server.ts';
import type { MailServer } from './testing/mail-server.ts';

const postgres = await startPostgres('Mails, on PostgreSQL');
afterAll(() => postgres?.stop());

const databases: [string, () => Promise<string | undefined>][] = [['PGlite', async () => undefined]];
if (postgres !== undefined) databases.push(['PostgreSQL', () => postgres.createDatabase()]);

describe.each(databases)('mails, on %s', (_name, databaseUrl) => {
  let stores: Stores;
  let dataDir: string;
  let server: MailServer;
  let now = new Date('2026-11-22T10:00:00Z').getTime();
  const clock = () => new Date(now);
  const pass = (minutes: number) => (now += minutes * 60_000);
  let log: { event?: unknown; [field: string]: unknown }[] = [];
  const note = (fields: object) => void log.push({ ...fields });
  const events = () => log.map(({ event }) => event);
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    dataDir = await newMigratedDataDir();
    stores = await openStores({ databaseUrl: await databaseUrl(), dataDir, clock });
    await migrate(stores, 'migrations');
  }, 180_000);
  afterAll(async () => {
    await stores.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    log = [];
    server = await startMailServer();
  });
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
    await server.close();
    await stores.db.deleteFrom('mail').execute();
  });

  const aProcess = (
    changes: {
      readonly smtpUrl?: string | undefined;
      readonly from?: string;
      readonly production?: boolean;
    } = {},
  ) =>
    createMailer({
      bounces: bouncesOfTests,
      db: stores.db,
      clock,
      logger: { info: note, warn: note, error: note },
      smtpUrl: server.url,
      from: 'ne-pas-repondre@connexion.example.fr',
      issuer: new URL('https://connexion.example.fr/api/v2'),
      production: true,
      ...changes,
    });
  const start = (mailer = aProcess()) => {
    stops.push(mailer.start());
    return mailer;
  };
  const queue = (...mails: readonly Mail[]) => queueMail(stores.db, clock(), mails, randomUUID);
  const rows = () => stores.db.selectFrom('mail').selectAll().orderBy('created_at').execute();
  const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 25 });
  const logged = (event: string, count = 1) =>
    until(() => expect(events().filter((each) => each === event)).toHaveLength(count));

  test('a mail goes as text and HTML, says that a machine wrote it, and is named after its row', async () => {
    await queue(aMail());
    start();
    await logged('mail.sent');
    const [row] = await rows();
    expect(server.received).toHaveLength(1);
    const [mail] = server.received;
    expect(mail).toMatchObject({
      from: 'ne-pas-repondre@connexion.example.fr',
      to: ['presidence@amd-fictif.example'],
    });
    expect(mail?.raw).toContain(`Message-ID: <${row?.id ?? ''}@connexion.example.fr>`);
    expect(mail?.raw).toContain('Auto-Submitted: auto-generated');
    expect(mail?.raw).toContain('From: Maillon <ne-pas-repondre@connexion.example.fr>');
    expect(mail?.raw).toContain('To: presidence@amd-fictif.example');
    expect(mail?.raw).toContain('Content-Type: text/plain; charset=utf-8');
    expect(mail?.raw).toContain('Content-Type: text/html; charset=utf-8');
    expect(row).toMatchObject({ attempts: 1, next_attempt_at: null, given_up_at: null, sent_at: clock() });
  });

  test('the log names the mail and what it is about, never the person', async () => {
    await queue(aMail(), aMail({ to: 'refuse-550@amd-fictif.example' }));
    start();
    await logged('mail.sent');
    await logged('mail.given_up');
    expect(JSON.stringify(log)).toContain('registration:D-26-7K3QXWPB');
    expect(JSON.stringify(log)).not.toContain('amd-fictif');
  });

  test('what is rolled back is not sent', async () => {
    const failed = stores.db.transaction().execute(async (trx) => {
      await queueMail(trx, clock(), [aMail()], randomUUID);
      throw new Error('the act failed');
    });
    await expect(failed).rejects.toThrow('the act failed');
    expect(await rows()).toEqual([]);
  });

  test('« not now » (4xx) is tried again a minute later', async () => {
    server.deferNext(1);
    await queue(aMail());
    const mailer = start();
    await logged('mail.retry');
    expect(await rows()).toMatchObject([
      { attempts: 1, sent_at: null, next_attempt_at: new Date(now + 60_000) },
    ]);
    mailer.wake();
    expect(server.received).toEqual([]);
    pass(1);
    mailer.wake();
    await logged('mail.sent');
    expect(server.received).toHaveLength(1);
  });

  test('« never » (5xx) for this address gives up at once', async () => {
    await queue(aMail({ to: 'refuse-550@amd-fictif.example' }));
    start();
    await logged('mail.given_up');
    expect(await rows()).toMatchObject([
      {
        attempts: 1,
        next_attempt_at: null,
        sent_at: null,
        given_up_at: clock(),
      },
    ]);
    expect((await rows())[0]?.last_problem).toContain('550');
  });

  test('a refusal of our own sender address is not the fault of the mail: it is tried again', async () => {
    await queue(aMail());
    start(aProcess({ from: 'stranger@connexion.example.fr' }));
    await logged('mail.retry');
    expect((await rows())[0]?.last_problem).toContain('553');
  });

  test('a server that is down for hours: sent when it is back', async () => {
    const { url } = server;
    await server.close();
    await queue(aMail());
    const mailer = start(aProcess({ smtpUrl: url }));
    await logged('mail.retry', 1);
    for (const [index, minutes] of [1, 5, 15].entries()) {
      pass(minutes);
      mailer.wake();
      await logged('mail.retry', index + 2);
    }
    server = await startMailServer(Number(new URL(url).port));
    pass(60);
    mailer.wake();
    await logged('mail.sent');
    expect(server.received).toHaveLength(1);
    expect(await rows()).toMatchObject([{ attempts: 5 }]);
  });

  test('after a day of attempts it is given up, and says why', async () => {
    const { url } = server;
    await server.close();
    await queue(aMail());
    const mailer = start(aProcess({ smtpUrl: url }));
    for (let attempt = 1; attempt <= 7; attempt += 1) {
      await logged('mail.retry', attempt);
      pass(820);
      mailer.wake();
    }
    await logged('mail.given_up');
    expect(await rows()).toMatchObject([
      {
        attempts: 8,
        next_attempt_at: null,
        given_up_at: clock(),
      },
    ]);
    expect((await rows())[0]?.last_problem).toContain('ECONNREFUSED');
    server = await startMailServer();
  });

  test('two processes share the mails: each goes once', async () => {
    await queue(...Array.from({ length: 20 }, (_, index) => aMail({ to: `p${index}@amd-fictif.example` })));
    start();
    start();
    await logged('mail.sent', 20);
    const recipients = server.received.flatMap(({ to }) => to);
    expect(recipients).toHaveLength(20);
    expect(new Set(recipients).size).toBe(20);
  });

  test('a claimed mail is nobody else’s until the claim ends', async () => {
    await queue(aMail());
    expect(await claimMails(stores.db, clock(), 10)).toHaveLength(1);
    expect(await claimMails(stores.db, clock(), 10)).toEqual([]);
    pass(2);
    expect(await claimMails(stores.db, clock(), 10)).toMatchObject([{ attempts: 2 }]);
  });

  test('a process that dies before it writes « sent » sends twice, under one Message-ID: at least once, not once', async () => {
    await queue(aMail());
    // As if it had died: the mail server has the mail, the row is still claimed.
    const release = Promise.withResolvers<undefined>();
    const reached = Promise.withResolvers<undefined>();
    server.onMessage(() => {
      reached.resolve(undefined);
      return release.promise;
    });
    const stopDying = aProcess().start();
    await reached.promise;
    pass(2);
    server.onMessage(() => Promise.resolve());
    start();
    await logged('mail.sent');
    release.resolve(undefined);
    await stopDying();
    expect(server.received).toHaveLength(2);
    const names = server.received.map(({ raw }) => /^Message-ID: (.*)$/mu.exec(raw)?.[1]);
    expect(new Set(names).size).toBe(1);
    // The late one does not write over what the second wrote.
    expect(await rows()).toMatchObject([{ attempts: 2, sent_at: clock() }]);
  });

  test('a mail that is not plain is refused, and with it all that its caller was writing', async () => {
    await expect(queue(aMail(), aMail({ to: 'a@b.example\r\nBcc: c@d.example' }))).rejects.toThrow();
    expect(await rows()).toEqual([]);
  });

  test('a subject that looks like an encoded word, and a body with a lone dot, arrive as they are', async () => {
    const text = 'avant\n.\nMAIL FROM:<x@y.example>\nFrom ici\n';
    await queue(aMail({ subject: 'Réponse =?utf-8?q?x?=', text }));
    start();
    await logged('mail.sent');
    expect(server.received).toHaveLength(1);
    const raw = server.received[0]?.raw ?? '';
    expect(raw.match(/^Subject:/gmu)).toHaveLength(1);
    expect(raw).not.toContain('Subject: Réponse =?utf-8?q?x?=');
    expect(raw).toMatch(/avant\r\n\.\r\nMAIL FROM:<x@y\.example>\r\nFrom ici/u);
  });

  test('a row that was tampered with is refused rather than sent', async () => {
    await queue(aMail());
    await stores.db.updateTable('mail').set({ recipient: 'a@b.example, c@d.example' }).execute();
    start();
    await logged('mail.given_up');
    expect(server.received).toEqual([]);
  });

  test('without a mail server mails wait, and production says so once', async () => {
    await queue(aMail());
    const mailer = start(aProcess({ smtpUrl: undefined }));
    mailer.wake();
    expect(events()).toEqual(['mail.no_server']);
    expect(await rows()).toMatchObject([{ attempts: 0, sent_at: null, given_up_at: null }]);
    start(aProcess({ smtpUrl: undefined, production: false }));
    expect(events()).toEqual(['mail.no_server']);
  });

  test('mails go 30 days after they were sent or given up; those that wait stay', async () => {
    await queue(aMail(), aMail({ to: 'refuse-550@amd-fictif.example' }));
    const mailer = start();
    await logged('mail.sent');
    await logged('mail.given_up');
    await queueMail(stores.db, new Date('2030-01-01'), [aMail({ subject: 'En attente' })], randomUUID);
    pass(30 * 24 * 60 - 1);
    expect(await mailer.purge(10)).toBe(0);
    pass(1);
    expect(await mailer.purge(1)).toBe(1);
    expect(await mailer.purge(10)).toBe(1);
    expect(await rows()).toMatchObject([{ subject: 'En attente' }]);
  });

  test('the mailbox of development lists the newest first and reads one', async () => {
    await queue(aMail({ subject: 'Premier' }));
    pass(1);
    await queue(aMail({ subject: 'Second' }));
    const mailbox = createMailbox(stores.db);
    const listed = await mailbox.list(10);
    expect(listed.map(({ subject }) => subject)).toEqual(['Second', 'Premier']);
    expect(await mailbox.read(listed[0]?.id ?? '')).toMatchObject({ text: 'Votre demande a été reçue.\n' });
    expect(await mailbox.read(randomUUID())).toBeUndefined();
    expect(await mailbox.read("' or 1=1")).toBeUndefined();
  });
});
