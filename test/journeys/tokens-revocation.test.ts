/**
 * Tokens taken back: by their client (RFC 7009), and because they were presented by another one (RFC 9700 §4.14, ZITADEL
 * CVE-2026-55672). Either way the whole family goes.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { BrokerError } from '../../src/errors/errors.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAnd } from '../replay/support/declarations.ts';
import { extraClient, extraTool } from '../replay/support/extra-clients.ts';
import {
  codeFor,
  expectDead,
  expectGrantRefused,
  refresh,
  revoke,
  tokensFor,
} from '../replay/support/granted.ts';
import { postAs, postForm, redeem, silently, tokensOf, userinfo } from '../replay/support/relying-party.ts';
import type { Tokens } from '../replay/support/relying-party.ts';
import { startTimeout } from './each-backend.ts';

const tool = extraTool('lecteur');
const other = extraTool('autre');
const spa = extraTool('page', { authentication: 'none' });
let world: World;
let browser: Browser;
let tokens: Tokens;

beforeAll(async () => {
  const { dir, remove } = await demoAnd({
    clients: [
      extraClient('lecteur', { refresh_token: 'always' }),
      extraClient('autre', { refresh_token: 'always' }),
      extraClient('page', { token_endpoint_auth_method: 'none', refresh_token: 'always' }),
    ],
  });
  world = await startWorld({ configDir: dir });
  await remove();
}, startTimeout);
afterAll(() => world.close());
beforeEach(async () => {
  browser = createBrowser();
  tokens = await tokensFor(world, browser, tool);
});
afterEach(() => browser.close());

const alive = async (each: Tokens) => (await userinfo(world.issuer, each.access_token)).status === 200;

describe('revocation (RFC 7009 §2)', () => {
  test.each(['refresh_token', 'access_token'] as const)(
    '§2.1: of the %s takes the whole family',
    async (which) => {
      const next = tokensOf(await refresh(world, tool, tokens.refresh_token));
      const answer = await revoke(world, tool, next[which] ?? '');
      expect([answer.status, answer.body]).toEqual([200, '']);
      await expectDead(world, next, tool);
      expect(await alive(tokens)).toBe(false);
    },
  );

  test('§2.1: of a refresh token that was consumed takes the family too', async () => {
    const next = tokensOf(await refresh(world, tool, tokens.refresh_token));
    await revoke(world, tool, tokens.refresh_token ?? '');
    await expectDead(world, next, tool);
  });

  test('leaves the session, the other tools, and the next sign-in alone', async () => {
    const elsewhere = await tokensFor(world, browser, other, { prompt: 'login' });
    await revoke(world, tool, tokens.access_token);
    expect(await alive(elsewhere)).toBe(true);
    expect((await silently(browser, world.issuer, tool)).code).toBeDefined();
  });

  test('a client without secret revokes its own', async () => {
    const own = await tokensFor(world, browser, spa, { prompt: 'login' });
    await revoke(world, spa, own.refresh_token ?? '');
    expect(await alive(own)).toBe(false);
    expectGrantRefused(await refresh(world, spa, own.refresh_token));
  });

  test.each([
    ['of nobody', () => 'a'.repeat(43)],
    ['cut short', () => tokens.access_token.slice(0, -1)],
    ['with a hint that nobody knows', () => tokens.id_token.slice(-43)],
  ])('§2.2: a token %s is 200, and nothing changes', async (_what, token) => {
    const answer = await postAs(tool, `${world.issuer}/token/revocation`, {
      token: token(),
      token_type_hint: 'nonsense',
    });
    expect([answer.status, answer.body]).toEqual([200, '']);
    expect(await alive(tokens)).toBe(true);
  });

  test('§2.1: a token of another client is not revoked, and the answer does not tell that it exists', async () => {
    for (const token of [tokens.access_token, tokens.refresh_token ?? '']) {
      const answer = await revoke(world, other, token);
      expect([answer.status, answer.body]).toEqual([200, '']);
    }
    expect(await alive(tokens)).toBe(true);
    expect((await refresh(world, tool, tokens.refresh_token)).status).toBe(200);
  });

  test('§2.1: without a client, or with a wrong secret, nothing is revoked', async () => {
    const url = `${world.issuer}/token/revocation`;
    expect((await postForm(url, { token: tokens.access_token })).status).toBe(400);
    const wrong = await postAs({ ...tool, secret: 'x'.repeat(43) }, url, { token: tokens.access_token });
    expect([wrong.status, wrong.json['error']]).toEqual([401, 'invalid_client']);
    expect(await alive(tokens)).toBe(true);
  });

  test('§2.2.1: a JWT is unsupported_token_type: it cannot be taken back', async () => {
    const answer = await revoke(world, tool, tokens.id_token);
    expect([answer.status, answer.json['error']]).toEqual([400, 'unsupported_token_type']);
  });

  test.each(['getWithSession', 'deleteIndexed'] as const)(
    '§2.2.1, fosite CVE-2020-15223: when the store does not answer (%s) it is 503, not 200',
    async (method) => {
      const { ephemeral } = world.broker.stores;
      const working = ephemeral[method];
      Object.assign(ephemeral, {
        [method]: () => Promise.reject(new BrokerError('M-STOR-002', { detail: 'refused by the test' })),
      });
      try {
        const answer = await revoke(world, tool, tokens.access_token);
        expect(answer.status).toBe(503);
        expect(answer.body).not.toContain('refused by the test');
      } finally {
        Object.assign(ephemeral, { [method]: working });
      }
    },
  );
});

describe('in foreign hands', () => {
  test('CVE-2026-55672: a refresh token that another client presents ends its family, and that client gets nothing', async () => {
    expectGrantRefused(await refresh(world, other, tokens.refresh_token));
    await expectDead(world, tokens, tool);
  });

  test('one already consumed, too, and within the seconds in which its own client may repeat', async () => {
    const next = tokensOf(await refresh(world, tool, tokens.refresh_token));
    expectGrantRefused(await refresh(world, other, tokens.refresh_token));
    await expectDead(world, next, tool);
  });

  test('CVE-2026-55672: a code that another client presents is spent for its own as well', async () => {
    const { attempt, code } = await codeFor(world, browser, tool, { prompt: 'login' });
    expectGrantRefused(await redeem(world.issuer, attempt, code, {}, other));
    expectGrantRefused(await redeem(world.issuer, attempt, code));
  });

  test('a code already redeemed, presented by another client, takes the tokens that it gave', async () => {
    const { attempt, code } = await codeFor(world, browser, tool, { prompt: 'login' });
    const given = tokensOf(await redeem(world.issuer, attempt, code));
    expectGrantRefused(await redeem(world.issuer, attempt, code, {}, other));
    await expectDead(world, given, tool);
  });

  test('a client that failed to authenticate changes nothing: it has not presented anything', async () => {
    const stranger = { ...other, secret: 'x'.repeat(43) };
    const answer = await refresh(world, stranger, tokens.refresh_token);
    expect([answer.status, answer.json['error']]).toEqual([401, 'invalid_client']);
    expect((await refresh(world, tool, tokens.refresh_token)).status).toBe(200);
  });
});
