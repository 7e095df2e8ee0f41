/**
 * Codes and refresh tokens: each is worth something once, to its client, and there is no other way to a token (RFC 6749
 * §10, RFC 9700 §2.2 and §4.14; advisories of other brokers, replayed).
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAnd } from './support/declarations.ts';
import { extraClient, extraTool } from './support/extra-clients.ts';
import { codeFor, expectDead, expectGrantRefused, refresh, tokensFor } from './support/granted.ts';
import { demoTool, postAs, redeem, send, tokensOf, userinfo } from './support/relying-party.ts';
import type { Changes, Tool } from './support/relying-party.ts';
import { storeState } from './support/stores.ts';
import { backToNow, later, startUp } from './support/timing.ts';

const tiers = extraTool('tiers');
const optional = extraTool('optionnel');
let world: World;
let docs: Tool;
let tchap: Tool;
let browser: Browser;

beforeAll(async () => {
  const { dir, remove } = await demoAnd({
    clients: [
      extraClient('tiers', { refresh_token: 'always' }),
      extraClient('optionnel', { pkce: 'optional' }),
    ],
  });
  world = await startWorld({ configDir: dir });
  await remove();
  docs = demoTool(world, 'docs');
  tchap = demoTool(world, 'tchap');
}, startUp);
afterAll(async () => {
  backToNow();
  await world.close();
});
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

const state = () => storeState(world.broker.stores.db);

describe('a code', () => {
  test.each<readonly [string, Changes]>([
    ['CVE-2023-48228: without verifier', { code_verifier: undefined }],
    ['CVE-2023-48228: with an empty verifier', { code_verifier: '' }],
    ['CVE-2023-48228: with another verifier', { code_verifier: 'x'.repeat(43) }],
    ['RFC 6749 §4.1.3: with another redirect URI', { redirect_uri: 'http://localhost:1/docs/callback' }],
    [
      'RFC 6749 §4.1.3: with the redirect URI and a slash',
      { redirect_uri: 'http://localhost:1/docs/callback/' },
    ],
  ])('%s', async (_name, changes) => {
    const { attempt, code } = await codeFor(world, browser, docs);
    const before = await state();
    expectGrantRefused(await redeem(world.issuer, attempt, code, changes));
    expect(await state()).toEqual(before);
  });

  test('CVE-2023-48228: the challenge is not the verifier', async () => {
    const { attempt, code } = await codeFor(world, browser, docs);
    const challenge = new URL(attempt.url).searchParams.get('code_challenge') ?? '';
    expectGrantRefused(await redeem(world.issuer, attempt, code, { code_verifier: challenge }));
  });

  test('CVE-2024-23647: issued without challenge, it is not redeemed with a verifier', async () => {
    const { attempt, code } = await codeFor(world, browser, optional, {
      code_challenge: undefined,
      code_challenge_method: undefined,
    });
    expectGrantRefused(await redeem(world.issuer, attempt, code));
    expect((await redeem(world.issuer, attempt, code, { code_verifier: undefined })).status).toBe(200);
  });

  test('CVE-2026-55672, CVE-2026-28513: right code and wrong client, wrong code and right client, both wrong', async () => {
    const { attempt, code } = await codeFor(world, browser, docs);
    const before = await state();
    expectGrantRefused(await redeem(world.issuer, attempt, `${code.slice(0, -1)}_`));
    expectGrantRefused(await redeem(world.issuer, attempt, 'a'.repeat(43), {}, tchap));
    const wrongSecret = await redeem(world.issuer, attempt, code, {}, { ...docs, secret: tchap.secret });
    expect([wrongSecret.status, wrongSecret.json['error']]).toEqual([401, 'invalid_client']);
    expect(await state()).toEqual(before);
    // In the hands of another client it has leaked, and is worth nothing to anybody any more.
    expectGrantRefused(await redeem(world.issuer, attempt, code, {}, tchap));
    expectGrantRefused(await redeem(world.issuer, attempt, code));
  });

  test('CVE-2026-27840: cut short, lengthened, or in other letters, it is another one', async () => {
    const { attempt, code } = await codeFor(world, browser, docs);
    const others = [
      ...Array.from({ length: code.length }, (_, cut) => code.slice(0, cut)),
      ...[
        code.slice(1),
        `${code}a`,
        ` ${code}`,
        `${code} `,
        `${code}\u0000`,
        code.toUpperCase(),
        `${code}.${code}`,
      ],
    ];
    for (const other of others) {
      const answer = await redeem(world.issuer, attempt, other);
      expect(answer.status, other).toBe(400);
      expect(answer.json['error'], other).toMatch(/^invalid_(grant|request)$/);
    }
    expect((await redeem(world.issuer, attempt, code)).status).toBe(200);
  });

  test('CVE-2026-53518: redeemed fifty times at once, it serves once, and what it gave is taken back', async () => {
    const { attempt, code } = await codeFor(world, browser, docs);
    const answers = await Promise.all(Array.from({ length: 50 }, () => redeem(world.issuer, attempt, code)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    for (const lost of answers.filter(({ status }) => status !== 200)) expectGrantRefused(lost);
    // RFC 6749 §10.5: several attempts to redeem a code revoke what it gave.
    expectGrantRefused(await redeem(world.issuer, attempt, code));
    await Promise.all(won.map((answer) => expectDead(world, tokensOf(answer), docs)));
  });

  test('RFC 9700 §2.1.1: it lives one minute', async () => {
    const { attempt, code } = await codeFor(world, browser, docs);
    later(61);
    expectGrantRefused(await redeem(world.issuer, attempt, code));
  });
});

describe('a refresh token', () => {
  test('CVE-2026-55672: another client cannot use it, and its family ends', async () => {
    for (const other of [tchap, tiers]) {
      const tokens = await tokensFor(world, browser, docs, { prompt: 'login' });
      expectGrantRefused(await refresh(world, other, tokens.refresh_token));
      await expectDead(world, tokens, docs);
    }
  });

  test('Keycloak #46054, Hydra #3604: twenty refreshes at once get one answer, none fails, one family lives', async () => {
    const { refresh_token: token } = await tokensFor(world, browser, docs);
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(world, docs, token)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    for (const answer of answers.slice(0, 1)) {
      const next = tokensOf(answer);
      expect((await userinfo(world.issuer, next.access_token)).status).toBe(200);
      expect((await refresh(world, docs, next.refresh_token)).status).toBe(200);
    }
  });

  test('Keycloak #50999: rotated three times in a second, the first one is refused; later it ends the family', async () => {
    const first = await tokensFor(world, browser, docs);
    const second = tokensOf(await refresh(world, docs, first.refresh_token));
    const third = tokensOf(await refresh(world, docs, second.refresh_token));
    expectGrantRefused(await refresh(world, docs, first.refresh_token));
    later(11);
    expectGrantRefused(await refresh(world, docs, first.refresh_token));
    await expectDead(world, third, docs);
  });

  test('CVE-2026-27840: cut short it is another one, and the real one is not used up', async () => {
    const { refresh_token: token = '' } = await tokensFor(world, browser, docs);
    for (const other of [token.slice(0, -1), token.slice(0, 20), token.slice(1), `${token}a`, '']) {
      const answer = await refresh(world, docs, other);
      expect(answer.status, other).toBe(400);
      expect(answer.json['error'], other).toMatch(/^invalid_(grant|request)$/);
    }
    expect((await refresh(world, docs, token)).status).toBe(200);
  });

  test('CVE-2024-52287: it gives no scope that the code had not, and a narrower one stays narrow', async () => {
    const { refresh_token: token } = await tokensFor(world, browser, docs, { scope: 'openid email' });
    expectGrantRefused(await refresh(world, docs, token, { scope: 'openid email siret' }), 'invalid_scope');
    const narrow = tokensOf(await refresh(world, docs, token, { scope: 'openid' }));
    expect(Object.keys((await userinfo(world.issuer, narrow.access_token)).json)).not.toContain('email');
  });
});

describe('ways to a token that do not exist', () => {
  test.each([
    ['password', 'RFC 9700 §2.4'],
    ['client_credentials', 'CVE-2024-52287'],
    ['implicit', 'RFC 9700 §2.1.2'],
    ['urn:ietf:params:oauth:grant-type:device_code', 'CVE-2024-38371'],
    ['urn:ietf:params:oauth:grant-type:token-exchange', 'GHSA-7qjx-gp9h-65qj'],
    ['urn:ietf:params:oauth:grant-type:jwt-bearer', 'RFC 7523'],
    ['urn:openid:params:grant-type:ciba', 'CIBA'],
    ['AUTHORIZATION_CODE', 'letter case'],
    ['__proto__', 'prototype'],
  ])('grant_type=%s (%s)', async (grant) => {
    const before = await state();
    const fields = { grant_type: grant, username: 'agent', password: 'secret', scope: 'openid' };
    const answer = await postAs(docs, `${world.issuer}/token`, fields);
    expect(answer.status).toBe(400);
    expect(answer.json['error']).toMatch(/^(unsupported_grant_type|unauthorized_client)$/);
    expect(await state()).toEqual(before);
  });

  test('no grant type, two grant types, JSON, GET', async () => {
    const url = `${world.issuer}/token`;
    expectGrantRefused(await postAs(docs, url, {}), 'invalid_request');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const twice = `client_id=docs&client_secret=${docs.secret}&grant_type=refresh_token&grant_type=authorization_code&code=a`;
    expectGrantRefused(await send(url, { method: 'POST', headers: form, body: twice }), 'invalid_request');
    const json = await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"grant_type":"refresh_token"}',
    });
    expectGrantRefused(json, 'invalid_request');
    expect((await send(`${url}?grant_type=refresh_token`)).status).toBe(405);
  });
});
