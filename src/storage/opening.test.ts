import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect, promisify } from 'node:util';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort, startOwnPostgres, startRedis } from '../../test/support/services.ts';
import { createOidcAdapter, migrate, openStores, unitOfWork } from './storage.ts';
import type { StoreOptions, Stores } from './storage.ts';

const clock = () => new Date();
const migrations = join(import.meta.dirname, '../../migrations');

/** How an opening fails: error, and after how long. */
async function failureOf(options: Partial<StoreOptions>, dataDir: string) {
  const started = Date.now();
  const error = await openStores({ dataDir, clock, ...options }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, seconds: (Date.now() - started) / 1000 };
}

describe('opening the stores', () => {
  let dataDir: string;
  let closedPort: number;
  let silentPort: number;
  // It accepts connections and never says a word.
  const silent = createServer();

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'maillon-opening-'));
    [closedPort, silentPort] = [await freePort(), await freePort()];
    await new Promise<void>((resolve) => silent.listen(silentPort, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    silent.close();
    await rm(dataDir, { recursive: true });
  });

  const databaseUrl = (port: number) => `postgres://maillon:s3cret@127.0.0.1:${port}/maillon`;
  const redisUrl = (port: number) => `redis://:s3cret@127.0.0.1:${port}`;

  test.each([
    ['a closed port', () => closedPort],
    ['a server that says nothing', () => silentPort],
  ])('names host and port, within five seconds and without the password: %s', async (_, port) => {
    const [database, redis] = await Promise.all([
      failureOf({ databaseUrl: databaseUrl(port()) }, dataDir),
      failureOf({ redisUrl: redisUrl(port()) }, join(dataDir, 'other')),
    ]);
    expect(database.error).toMatchObject({ code: 'M-STOR-001' });
    expect(redis.error).toMatchObject({ code: 'M-STOR-002' });
    for (const { error, seconds } of [database, redis]) {
      expect(String(error)).toContain(`127.0.0.1:${port()}`);
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('s3cret');
      expect(seconds).toBeLessThan(7);
    }
  });

  test('names a host that does not exist', async () => {
    const { error } = await failureOf(
      { databaseUrl: 'postgres://maillon:s3cret@nowhere.invalid/maillon' },
      dataDir,
    );
    expect(error).toMatchObject({ code: 'M-STOR-001' });
    expect(String(error)).toContain('nowhere.invalid:5432');
  });

  test('keeps what the embedded database holds from one opening to the next, for one process', async () => {
    const first = await openStores({ dataDir, clock });
    expect(first.kind).toEqual({ database: 'pglite', ephemeral: 'memory' });
    expect(await first.health()).toEqual({ database: true, ephemeral: true });
    expect(await migrate(first, migrations)).toContain('0001_initial.sql');
    const { error } = await failureOf({}, dataDir);
    expect(error).toMatchObject({ code: 'M-STOR-001' });
    await first.close();
    const second = await openStores({ dataDir, clock });
    expect(await migrate(second, migrations)).toEqual([]);
    const before = second.statistics().sql;
    await sql`select 1`.execute(second.db);
    expect(second.statistics()).toEqual({ sql: before + 1, redisRoundTrips: 0 });
    await second.close();
    expect((await second.health()).database).toBe(false);
  }, 120_000);
});

const suite = 'Opening and losing PostgreSQL and Redis';
const postgres = await startOwnPostgres(suite);
const redisServer = await startRedis(suite);

afterAll(async () => {
  await postgres?.stop();
  await redisServer?.stop();
});

if (postgres !== undefined && redisServer !== undefined) {
  describe('PostgreSQL and Redis', () => {
    let stores: Stores;
    let databaseUrl: string;

    beforeAll(async () => {
      databaseUrl = await postgres.createDatabase();
      stores = await openStores({ databaseUrl, redisUrl: redisServer.url, dataDir: 'unused', clock });
    });
    afterAll(() => stores.close());

    test('are migrated once by several processes that start at once', async () => {
      const script = `
        const { migrate, openStores } = await import(${JSON.stringify(join(import.meta.dirname, 'storage.ts'))});
        const stores = await openStores({ databaseUrl: ${JSON.stringify(databaseUrl)}, dataDir: '', clock: () => new Date() });
        console.log(JSON.stringify(await migrate(stores, ${JSON.stringify(migrations)})));
        await stores.close();`;
      const run = promisify(execFile);
      const outputs = await Promise.all(
        Array.from({ length: 4 }, () => run(process.execPath, ['--input-type=module', '-e', script])),
      );
      const applied = outputs.flatMap(({ stdout }): unknown => JSON.parse(stdout));
      expect(applied.filter((name) => name === '0001_initial.sql')).toEqual(['0001_initial.sql']);
      expect(await migrate(stores, migrations)).toEqual([]);
    });

    test('are healthy, and say what they are', async () => {
      expect(stores.kind).toEqual({ database: 'postgresql', ephemeral: 'redis' });
      expect(await stores.health()).toEqual({ database: true, ephemeral: true });
    });

    test('a database that does not exist is M-STOR-001', async () => {
      const { error } = await failureOf({ databaseUrl: databaseUrl.replace(/\/\w+$/, '/absent') }, '');
      expect(error).toMatchObject({ code: 'M-STOR-001' });
      expect(String(error)).toContain('database "absent" does not exist');
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('not-a-secret');
    });

    test('a connection lost under a statement is M-STOR-001, and later statements get another one', async () => {
      const killed = sql`select pg_terminate_backend(pg_backend_pid())`.execute(stores.db);
      await expect(killed).rejects.toMatchObject({ code: 'M-STOR-001' });
      await expect.poll(async () => (await stores.health()).database).toBe(true);
      expect((await sql`select 1 as one`.execute(stores.db)).rows).toEqual([{ one: 1 }]);
    });

    test('a mistake in a statement is not', async () => {
      await expect(sql`select 1/0`.execute(stores.db)).rejects.toMatchObject({ code: '22012' });
    });

    // Last: these end the servers.
    test('Redis gone under a request is M-STOR-002 within seconds, and the request rejects', async () => {
      const adapter = createOidcAdapter({ ...stores, clock });
      await redisServer.stop();
      await expect(stores.ephemeral.get('o:x')).rejects.toMatchObject({ code: 'M-STOR-002' });
      const request = unitOfWork(async () => {
        await adapter('Interaction').upsert('id', { returnTo: '/' }, 60);
        return 'answer';
      });
      await expect(request).rejects.toMatchObject({ code: 'M-STOR-002' });
      expect(await stores.health()).toEqual({ database: true, ephemeral: false });
    });

    test('PostgreSQL gone is M-STOR-001', async () => {
      await postgres.stop();
      await expect(sql`select 1`.execute(stores.db)).rejects.toMatchObject({ code: 'M-STOR-001' });
      expect(await stores.health()).toEqual({ database: false, ephemeral: false });
    });
  });
}
