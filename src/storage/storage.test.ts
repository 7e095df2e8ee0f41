import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newDataDir, startPostgres, startRedis } from '../../test/support/services.ts';
import { artifactsOf, randomId } from './conformance-artifacts.ts';
import { describeStores } from './conformance.ts';
import type { Backend } from './conformance.ts';
import { aliasPrefix, hashId } from './keys.ts';
import { migrate, openStores } from './storage.ts';
import type { EphemeralStore, Stores, Write } from './storage.ts';

const migrations = join(import.meta.dirname, '../../migrations');

async function dumpSql({ db }: Stores): Promise<string> {
  const grants = await db.selectFrom('oidc_grant').selectAll().execute();
  const tokens = await db.selectFrom('oidc_refresh_token').selectAll().execute();
  return JSON.stringify([grants, tokens]);
}

/** The in-process store cannot be listed: what was ever written to it is kept here. */
function recorded(store: EphemeralStore): { store: EphemeralStore; written: string[] } {
  const written: string[] = [];
  return {
    written,
    store: {
      ...store,
      async pipeline(writes: readonly Write[]) {
        written.push(...writes.map((each) => Object.values(each).join(' ')));
        return store.pipeline(writes);
      },
      async set(key, value, ttl) {
        written.push(`${key} ${value}`);
        await store.set(key, value, ttl);
      },
    },
  };
}

async function scan(redis: Redis): Promise<string> {
  const keys = await redis.keys('*');
  const values = await Promise.all(
    keys.map(async (key) =>
      (await redis.type(key)) === 'zset'
        ? (await redis.zrange(key, '0', '-1')).join(' ')
        : await redis.get(key),
    ),
  );
  return [...keys, ...values].join('\n');
}

describe('PGlite and the in-process store', () => {
  let backend: Backend;
  let dataDir: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    dataDir = await newDataDir();
    let now = new Date('2026-11-22T10:00:00Z').getTime();
    const clock = () => new Date(now);
    const moveClock = (seconds: number) => {
      now += seconds * 1000;
    };
    const stores = await openStores({ dataDir, clock });
    close = stores.close;
    await migrate(stores, migrations);
    const { store, written } = recorded(stores.ephemeral);
    backend = {
      stores: { ...stores, ephemeral: store },
      clock,
      moveClock,
      pass: async (seconds) => moveClock(seconds),
      dump: async () => `${written.join('\n')}\n${await dumpSql(stores)}`,
    };
  });

  afterAll(async () => {
    await close();
    await rm(dataDir, { recursive: true });
  });

  describeStores(() => backend, { virtualTime: true });
});

const suite = 'Storage on PostgreSQL and Redis';
const postgres = await startPostgres(suite);
const redisServer = await startRedis(suite);

afterAll(async () => {
  await postgres?.stop();
  await redisServer?.stop();
});

if (postgres !== undefined && redisServer !== undefined) {
  describe('PostgreSQL and Redis', () => {
    let backend: Backend;
    let redis: Redis;
    let close: () => Promise<void>;

    beforeAll(async () => {
      let moved = 0;
      const clock = () => new Date(Date.now() + moved);
      const stores = await openStores({
        databaseUrl: await postgres.createDatabase(),
        redisUrl: redisServer.url,
        dataDir: 'unused',
        clock,
      });
      close = stores.close;
      await migrate(stores, migrations);
      redis = new Redis(redisServer.url);
      backend = {
        stores,
        clock,
        moveClock: (seconds) => {
          moved += seconds * 1000;
        },
        pass: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
        dump: async () => `${await scan(redis)}\n${await dumpSql(stores)}`,
      };
    });

    afterAll(async () => {
      redis.disconnect();
      await close();
    });

    describeStores(() => backend, { virtualTime: false });

    test('Redis keeps an artifact for its time to live and 15 seconds, an alias for 15, and every key expires', async () => {
      const { adapter, save } = artifactsOf(backend);
      const session = { uid: randomId(), accountId: 'account' };
      const [former, next] = [await save('Session', session, 60), randomId()];
      await adapter('Session').destroy(former);
      await save('Session', { ...session, jti: next }, 60);
      const access = await save('AccessToken', { grantId: 'grant' }, 100);
      const left = async (key: string) => (await redis.pttl(key)) / 1000;
      const sids = [`o:Se:${hashId(next)}`, `o:u:${hashId(session.uid)}`];
      for (const [keys, seconds] of [
        [sids, 75],
        [[aliasPrefix + hashId(former)], 15],
        [[`o:At:${hashId(access)}`, `o:g:${hashId('grant')}`], 115],
      ] as const) {
        for (const key of keys) {
          expect(await left(key), key).toBeGreaterThan(seconds - 5);
          expect(await left(key), key).toBeLessThanOrEqual(seconds);
        }
      }
      for (const key of await redis.keys('*')) expect(await redis.ttl(key), key).toBeGreaterThan(-1);
    });
  });
}
