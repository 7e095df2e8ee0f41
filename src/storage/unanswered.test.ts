import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import { openStores } from './storage.ts';
import type { Stores } from './storage.ts';

const postgres = await startPostgres('A database that does not answer');
afterAll(() => postgres?.stop());

/** Between the broker and its database: what was sent on the connections of before is swallowed once it is frozen. */
async function startWay(databaseUrl: string) {
  const { hostname, port: targetPort } = new URL(databaseUrl);
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(targetPort), hostname);
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => open.delete(socket));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = new URL(databaseUrl);
  url.port = String(address.port);
  return {
    url: url.href,
    freeze() {
      for (const socket of open) socket.unpipe();
    },
    close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

if (postgres !== undefined)
  describe('a statement that does not end', () => {
    let way: Awaited<ReturnType<typeof startWay>>;
    let stores: Stores;

    beforeAll(async () => {
      way = await startWay(await postgres.createDatabase());
      const clock = () => new Date();
      stores = await openStores({
        databaseUrl: way.url,
        dataDir: 'unused',
        clock,
        statementsEndWithinMs: 300,
      });
    });
    afterAll(async () => {
      await stores.close();
      way.close();
    });

    const within = async (statement: Promise<unknown>) => {
      const startedAt = performance.now();
      await expect(statement).rejects.toMatchObject({ code: 'M-STOR-001' });
      return performance.now() - startedAt;
    };

    test('is ended by the database, and the next one has its answer', async () => {
      expect(await within(sql`select pg_sleep(20)`.execute(stores.db))).toBeLessThan(5_000);
      expect((await sql`select 1 as one`.execute(stores.db)).rows).toEqual([{ one: 1 }]);
    });

    test('of a database that does not answer any more is left; nobody gets its connection after', async () => {
      await Promise.all([1, 2, 3].map(() => sql`select 1`.execute(stores.db)));
      way.freeze();
      const late = await Promise.all([1, 2, 3].map(() => within(sql`select 1`.execute(stores.db))));
      for (const ms of late) expect(ms).toBeLessThan(5_000);
      expect((await sql`select 1 as one`.execute(stores.db)).rows).toEqual([{ one: 1 }]);
    });

    test('in a transaction is waited for once: not again to take back what was begun', async () => {
      const late = await within(
        stores.db.transaction().execute(async (trx) => {
          await sql`select 1`.execute(trx);
          way.freeze();
          await sql`select 1`.execute(trx);
        }),
      );
      expect(late).toBeLessThan(2_200);
    });
  });
