import type { Server } from 'node:http';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { freePort, newDataDir, startPostgres, startRedis } from '../../test/support/services.ts';
import { migrate, openStores } from './storage.ts';
import type { Stores } from './storage.ts';
import { createBrowser, createLibrary, tokensSchema } from './testing/minimal-provider.ts';
import type { Tokens } from './testing/minimal-provider.ts';

async function tokensFrom(response: Response): Promise<Tokens> {
  const body: unknown = await response.json();
  expect(body).toMatchObject({ token_type: 'Bearer' });
  return tokensSchema.parse(body);
}

function describeFlow(
  open: () => Promise<Stores>,
  expected: { readonly redis: boolean; readonly dump?: () => Promise<string> },
): void {
  let stores: Stores;
  let server: Server;
  let issuer: string;

  beforeAll(async () => {
    stores = await open();
    const port = await freePort();
    issuer = `http://127.0.0.1:${port}`;
    const library = createLibrary(issuer, stores);
    await new Promise<void>((resolve) => {
      server = library.listen(port, '127.0.0.1', resolve);
    });
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await stores.close();
  });

  test('a code flow with userinfo and refresh stays within its store work', async () => {
    const browser = createBrowser(issuer);
    const work: Record<string, [redis: number, sql: number]> = {};
    async function measured<T>(name: string, request: Promise<T>): Promise<T> {
      const before = stores.statistics();
      const result = await request;
      const after = stores.statistics();
      work[name] = [after.redisRoundTrips - before.redisRoundTrips, after.sql - before.sql];
      return result;
    }
    const warmUp = createBrowser(issuer);
    await warmUp.redeem(await warmUp.signIn(warmUp.authorizeUrl));

    const interaction = await measured('authorize', browser.visit(browser.authorizeUrl));
    const resume = await measured('interaction', browser.visit(interaction));
    const callback = await measured('resume', browser.visit(resume));
    const tokens = await tokensFrom(await measured('token', browser.redeem(browser.codeOf(callback))));
    const userinfo = await measured('userinfo', browser.userinfo(tokens.access_token));
    expect(await userinfo.json()).toEqual({ sub: 'account-1', name: 'Camille' });
    const again = await measured('refresh', browser.refresh(tokens.refresh_token));
    const { access_token } = await tokensFrom(again);
    const sso = await measured('single sign-on', browser.visit(browser.authorizeUrl));
    expect(browser.codeOf(sso)).not.toBe('');
    expect((await browser.userinfo(access_token)).status).toBe(200);

    const redis = (trips: number) => (expected.redis ? trips : 0);
    expect(work).toEqual({
      authorize: [redis(1), 0],
      interaction: [redis(2), 0],
      resume: [redis(2), 1],
      token: [redis(2), 2],
      userinfo: [redis(1), 1],
      refresh: [redis(2), 4],
      'single sign-on': [redis(2), 1],
    });
  });

  test('fifty redemptions of one code give one answer, and what it gave is dead (RFC 6749 §4.1.2)', async () => {
    const browser = createBrowser(issuer);
    const code = await browser.signIn(browser.authorizeUrl);
    const answers = await Promise.all(Array.from({ length: 50 }, () => browser.redeem(code)));
    const given = answers.filter(({ status }) => status === 200);
    expect(given).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(49);
    for (const answer of given) {
      const tokens = await tokensFrom(answer);
      expect((await browser.userinfo(tokens.access_token)).status).toBe(401);
      expect((await browser.refresh(tokens.refresh_token)).status).toBe(400);
    }
  });

  test('twenty refreshes with one token give one answer, and that family lives', async () => {
    const browser = createBrowser(issuer);
    const { refresh_token } = await tokensFrom(
      await browser.redeem(await browser.signIn(browser.authorizeUrl)),
    );
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser.refresh(refresh_token)));
    const [given, ...others] = answers.filter(({ status }) => status === 200);
    expect(others).toEqual([]);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(19);
    if (given === undefined) throw new Error('no refresh succeeded');
    const next = await tokensFrom(given);
    expect((await browser.refresh(refresh_token)).status).toBe(400);
    expect((await browser.userinfo(next.access_token)).status).toBe(200);
    expect((await browser.refresh(next.refresh_token)).status).toBe(200);
  });

  test('a revoked refresh token takes its family with it', async () => {
    const browser = createBrowser(issuer);
    const tokens = await tokensFrom(await browser.redeem(await browser.signIn(browser.authorizeUrl)));
    expect((await browser.post('/token/revocation', { token: tokens.refresh_token })).status).toBe(200);
    expect((await browser.userinfo(tokens.access_token)).status).toBe(401);
    expect((await browser.refresh(tokens.refresh_token)).status).toBe(400);
  });

  test('a pushed request serves one sign-in, and no bearer value is ever stored', async () => {
    const browser = createBrowser(issuer);
    const pushed = z
      .object({ request_uri: z.string() })
      .parse(await (await browser.post('/request', browser.request)).json());
    const start = `${issuer}/auth?${new URLSearchParams({ client_id: 'docs', request_uri: pushed.request_uri }).toString()}`;
    const secrets = [pushed.request_uri.split(':').at(-1) ?? ''];
    async function nothingStored(): Promise<void> {
      const content = await expected.dump?.();
      if (content === undefined) return;
      expect(content).toMatch(/o:\w\w:/);
      for (const secret of [...secrets, ...browser.seen])
        if (secret !== '') expect(content).not.toContain(secret);
    }
    const interaction = await browser.visit(start);
    await nothingStored();
    const resume = await browser.visit(interaction);
    await nothingStored();
    const code = browser.codeOf(await browser.visit(resume));
    secrets.push(code);
    await nothingStored();
    const tokens = await tokensFrom(await browser.redeem(code));
    secrets.push(tokens.access_token, tokens.refresh_token);
    await nothingStored();
    expect(new URL(await browser.visit(start)).searchParams.get('error')).toBe('invalid_request_uri');
    const prompted = await browser.visit(`${browser.authorizeUrl}&prompt=login`);
    await nothingStored();
    await browser.visit(await browser.visit(prompted));
    await nothingStored();
    expect(browser.seen.length).toBeGreaterThan(5);
  });
}

const migrations = join(import.meta.dirname, '../../migrations');
const clock = () => new Date();

describe('oidc-provider on PGlite and the in-process store', () => {
  let dataDir: string;
  afterAll(() => rm(dataDir, { recursive: true }));
  describeFlow(
    async () => {
      dataDir = await newDataDir();
      const stores = await openStores({ dataDir, clock });
      await migrate(stores, migrations);
      return stores;
    },
    { redis: false },
  );
});

const suite = 'oidc-provider on PostgreSQL and Redis';
const postgres = await startPostgres(suite);
const redisServer = await startRedis(suite);

afterAll(async () => {
  await postgres?.stop();
  await redisServer?.stop();
});

if (postgres !== undefined && redisServer !== undefined) {
  describe('oidc-provider on PostgreSQL and Redis', () => {
    const redis = new Redis(redisServer.url);
    let stores: Stores;
    afterAll(() => redis.disconnect());
    describeFlow(
      async () => {
        const databaseUrl = await postgres.createDatabase();
        stores = await openStores({ databaseUrl, redisUrl: redisServer.url, dataDir: 'unused', clock });
        await migrate(stores, migrations);
        return stores;
      },
      {
        redis: true,
        async dump() {
          const keys = await redis.keys('*');
          const strings = await Promise.all(
            keys.map(async (key) => ((await redis.type(key)) === 'string' ? redis.get(key) : '')),
          );
          const grants = await stores.db.selectFrom('oidc_grant').selectAll().execute();
          const tokens = await stores.db.selectFrom('oidc_refresh_token').selectAll().execute();
          return [...keys, ...strings, JSON.stringify([grants, tokens])].join('\n');
        },
      },
    );
  });
}
