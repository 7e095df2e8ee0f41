import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';
import { startPostgres } from '../../test/support/services.ts';
import { createGuardedFetch } from '../http/http.ts';
import { migrate, openStores } from '../storage/storage.ts';
import type { Stores } from '../storage/storage.ts';
import type { MessageOf } from './deliver.ts';
import { createLogouts, recentDeliveries } from './logout.ts';
import type { Logouts } from './logout.ts';
import { createQueue } from './queue.ts';
import { startReceiver } from './testing/receiver.ts';
import type { Receiver } from './testing/receiver.ts';

const suite = 'Logouts told to tools, on PostgreSQL';
const postgres = await startPostgres(suite);
afterAll(() => postgres?.stop());

const databases: [string, () => Promise<string | undefined>][] = [['PGlite', async () => undefined]];
if (postgres !== undefined) databases.push(['PostgreSQL', () => postgres.createDatabase()]);

describe.each(databases)('logouts told to tools, on %s', (_name, databaseUrl) => {
  let stores: Stores;
  let dataDir: string;
  let receiver: Receiver;
  let now = new Date('2026-11-22T10:00:00Z').getTime();
  const clock = () => new Date(now);
  const pass = (seconds: number) => (now += seconds * 1000);
  let log: { event?: unknown; [field: string]: unknown }[] = [];
  const note = (fields: object) => void log.push({ ...fields });
  const events = () => log.map(({ event }) => event);
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    dataDir = await newMigratedDataDir();
    stores = await openStores({ databaseUrl: await databaseUrl(), dataDir, clock });
    await migrate(stores, 'migrations');
    receiver = await startReceiver();
  }, 180_000);
  afterAll(async () => {
    await receiver.close();
    await stores.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  beforeEach(() => {
    log = [];
  });
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
    await stores.db.deleteFrom('logout_delivery').execute();
  });

  const pathOf = (clientId: string) => `/${clientId}/backchannel`;
  const messageOf: MessageOf = async ({ clientId, accountId, sid }) => ({
    uri: receiver.origin + pathOf(clientId),
    token: `${clientId} ${accountId} ${String(sid)}`,
  });
  const aProcess = (message: MessageOf = messageOf, timeoutMs = 4_000): Logouts =>
    createLogouts({
      db: stores.db,
      clock,
      randomId: randomUUID,
      fetch: createGuardedFetch({ allowLoopback: true, timeoutMs, maxBytes: 1_000 }),
      logger: { info: note, warn: note, error: note },
      messageOf: message,
    });
  const start = (logouts = aProcess()): Logouts => {
    stops.push(logouts.start());
    return logouts;
  };
  const departure = (clientId: string, accountId = 'a1') => ({
    clientId,
    uri: receiver.origin + pathOf(clientId),
    accountId,
    sid: 's1',
    reason: 'signed_out' as const,
  });
  /** Names of tools that no other test uses. */
  const tool = (name: string) => `${name}-${randomUUID().slice(0, 8)}`;
  const records = () => recentDeliveries(stores.db, { failedOnly: false, limit: 100 });
  const settled = () =>
    vi.waitFor(async () => expect((await records()).map(({ state }) => state)).not.toContain('waiting'), {
      timeout: 15_000,
      interval: 50,
    });

  test('a tool is told at once, by a form, and the record says so', async () => {
    const id = tool('docs');
    await start().enqueue(departure(id));
    await settled();
    expect(receiver.at(pathOf(id))).toEqual([
      {
        path: pathOf(id),
        contentType: 'application/x-www-form-urlencoded',
        token: `${id} a1 s1`,
      },
    ]);
    expect(await records()).toEqual([
      {
        createdAt: clock(),
        clientId: id,
        reason: 'signed_out',
        state: 'delivered',
        attempts: 1,
        lastStatus: 200,
        lastProblem: undefined,
      },
    ]);
    expect(events()).toEqual(['backchannel.delivered']);
    expect(JSON.stringify(log)).not.toContain(`${id} a1 s1`);
  });

  test('all tools of a session are written in one statement', async () => {
    const logouts = aProcess();
    const before = stores.statistics().sql;
    await Promise.all(['a', 'b', 'c'].map((id) => logouts.enqueue(departure(id))));
    expect(stores.statistics().sql - before).toBe(1);
    expect(await records()).toHaveLength(3);
    await logouts.enqueue();
    expect(await records()).toHaveLength(3);
  });

  test('what cannot be written is not promised', async () => {
    const logouts = aProcess();
    const refused = await logouts
      .enqueue({ ...departure('docs'), accountId: 'nul\u0000' })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Error);
    await logouts.enqueue(departure('docs'));
    expect(await records()).toHaveLength(1);
  });

  test('a tool that fails is told again, later and later; nobody is waited for in between', async () => {
    const id = tool('flaky');
    receiver.answer(pathOf(id), 503);
    const logouts = start();
    await logouts.enqueue(departure(id));
    const attempts = async (count: number) => {
      await vi.waitFor(() => expect(receiver.at(pathOf(id))).toHaveLength(count), 5_000);
      await vi.waitFor(async () => expect((await records())[0]?.attempts).toBe(count), 5_000);
      await vi.waitFor(() => expect(events()).toHaveLength(count), 5_000);
    };
    await attempts(1);
    expect(await records()).toMatchObject([{ state: 'waiting', lastStatus: 503, lastProblem: 'HTTP 503' }]);
    pass(4);
    logouts.wake();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(receiver.at(pathOf(id))).toHaveLength(1);
    pass(1);
    logouts.wake();
    await attempts(2);
    receiver.answer(pathOf(id), 204);
    pass(30);
    logouts.wake();
    await attempts(3);
    await settled();
    expect(events()).toEqual(['backchannel.retry', 'backchannel.retry', 'backchannel.delivered']);
    expect(await records()).toMatchObject([{ state: 'delivered', attempts: 3, lastStatus: 204 }]);
  });

  test.each([
    ['refuses the token (400)', 400, 1, 'HTTP 400'],
    ['sends elsewhere (302): not followed, tried again for a day', 302, 9, 'redirection 302'],
    ['is not there yet (404)', 404, 9, 'HTTP 404'],
  ])('a tool that %s', async (_what, status, count, problem) => {
    const id = tool('odd');
    receiver.answer(pathOf(id), status);
    const logouts = start();
    await logouts.enqueue(departure(id));
    for (let turn = 1; turn <= count; turn += 1) {
      await vi.waitFor(() => expect(events()).toHaveLength(turn), 5_000);
      pass(6 * 3600);
      if (turn < count) now = Math.min(now, (await dueAt()) ?? now);
      logouts.wake();
    }
    await settled();
    expect(receiver.at(pathOf(id))).toHaveLength(count);
    expect(receiver.at('/elsewhere')).toEqual([]);
    const [record] = await records();
    expect(record).toMatchObject({ state: 'given up', attempts: count });
    expect(record?.lastProblem).toContain(problem);
    expect(events().at(-1)).toBe('backchannel.given_up');
  });

  /** Epoch milliseconds of the next attempt of the one delivery. */
  async function dueAt(): Promise<number | undefined> {
    const row = await stores.db.selectFrom('logout_delivery').select('next_attempt_at').executeTakeFirst();
    return row?.next_attempt_at?.getTime();
  }

  test('a tool that does not answer in time delays no other', async () => {
    const [slow, quick] = [tool('slow'), tool('quick')];
    const release = Promise.withResolvers<number>();
    receiver.answer(pathOf(slow), () => release.promise);
    const logouts = start(aProcess(messageOf, 300));
    await logouts.enqueue(departure(slow), departure(quick));
    await vi.waitFor(() => expect(receiver.at(pathOf(quick))).toHaveLength(1), 5_000);
    await vi.waitFor(() => expect(events()).toContain('backchannel.retry'), 5_000);
    release.resolve(200);
    const record = (await records()).find(({ clientId }) => clientId === slow);
    expect(record).toMatchObject({ state: 'waiting', lastStatus: undefined });
    expect(record?.lastProblem).toContain('no answer in time');
  });

  test('two processes tell each tool once', async () => {
    const ids = Array.from({ length: 40 }, () => tool('many'));
    const [one, other] = [start(), start()];
    await one.enqueue(...ids.map((id) => departure(id)));
    other.wake();
    await settled();
    for (const id of ids) expect(receiver.at(pathOf(id)), id).toHaveLength(1);
  });

  test('what a process wrote and did not deliver before it stopped, the next one delivers', async () => {
    const id = tool('later');
    await aProcess().enqueue(departure(id));
    expect(receiver.at(pathOf(id))).toEqual([]);
    start();
    await settled();
    expect(receiver.at(pathOf(id))).toHaveLength(1);
  });

  test('a process that dies in the middle of a delivery is replaced when its claim ends', async () => {
    const id = tool('claimed');
    const queue = createQueue({ db: stores.db, clock, randomId: randomUUID });
    await queue.add([departure(id)]);
    expect(await queue.claim(10)).toHaveLength(1);
    const logouts = start();
    pass(29);
    logouts.wake();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(receiver.at(pathOf(id))).toEqual([]);
    pass(1);
    logouts.wake();
    await settled();
    expect(receiver.at(pathOf(id))).toHaveLength(1);
    expect(await records()).toMatchObject([{ attempts: 2, state: 'delivered' }]);
  });

  test('who comes back after its claim was taken over does not undo what was done', async () => {
    const queue = createQueue({ db: stores.db, clock, randomId: randomUUID });
    await queue.add([departure('docs')]);
    const [late] = await queue.claim(1);
    pass(30);
    const [taken] = await queue.claim(1);
    if (late === undefined || taken === undefined) throw new Error('nothing was claimed');
    const at = clock();
    const done = { given_up_at: null, next_attempt_at: null, last_problem: null };
    await queue.settle(taken, { ...done, delivered_at: at, last_status: 200 });
    await queue.settle(late, { ...done, delivered_at: null, next_attempt_at: at, last_status: 503 });
    expect(await records()).toMatchObject([{ state: 'delivered', lastStatus: 200 }]);
  });

  test('a tool that is no longer declared is given up; a token that cannot be made is tried again', async () => {
    const [gone, sealed] = [tool('gone'), tool('sealed')];
    const logouts = start(
      aProcess(async ({ clientId }) => {
        if (clientId === gone) return undefined;
        throw new Error('no suitable encryption key found');
      }),
    );
    await logouts.enqueue(departure(gone), departure(sealed));
    await vi.waitFor(() => expect(events()).toHaveLength(2), 5_000);
    expect(receiver.received.map(({ path }) => path)).not.toContain(pathOf(gone));
    const failed = await recentDeliveries(stores.db, { failedOnly: true, limit: 10 });
    expect(failed.find(({ clientId }) => clientId === gone)).toMatchObject({ state: 'given up' });
    expect(failed.find(({ clientId }) => clientId === sealed)).toMatchObject({
      state: 'waiting',
      lastProblem: 'no token: no suitable encryption key found',
    });
  });

  test('records leave after 30 days', async () => {
    const logouts = aProcess();
    await logouts.enqueue(departure('old'));
    pass(29 * 24 * 3600);
    await logouts.enqueue(departure('new'));
    expect(await logouts.purge(10)).toBe(0);
    pass(24 * 3600);
    expect(await logouts.purge(10)).toBe(1);
    expect((await records()).map(({ clientId }) => clientId)).toEqual(['new']);
  });
});
