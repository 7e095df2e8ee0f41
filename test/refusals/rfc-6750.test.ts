/** Bearer tokens: how userinfo is asked, and each way of being refused there (RFC 6750 §2, §3). */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { revoke, tokensFor } from '../replay/support/granted.ts';
import { postForm, send, userinfo } from '../replay/support/relying-party.ts';
import type { Answer } from '../replay/support/relying-party.ts';
import { backToNow, later, startUp } from '../replay/support/timing.ts';
import { startRefusalWorld } from './support/refusal-world.ts';
import type { RefusalWorld } from './support/refusal-world.ts';

let all: RefusalWorld;
let browser: Browser;
let endpoint: string;

beforeAll(async () => {
  all = await startRefusalWorld();
  endpoint = `${all.world.issuer}/userinfo`;
}, startUp);
afterAll(async () => {
  backToNow();
  await all.world.close();
});
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

/** Every challenge of an answer: one for each way of sending a token (RFC 9110 §11.6.1). */
const challenges = (answer: Answer): string => [answer.headers['www-authenticate'] ?? []].flat().join(', ');

function expectChallenge(answer: Answer, status: number, error: string): void {
  expect(answer.status).toBe(status);
  expect(challenges(answer)).toMatch(/^Bearer realm="/);
  expect(challenges(answer)).toContain(`error="${error}"`);
  expect(answer.json['sub']).toBeUndefined();
}

describe('§2 how a token is sent', () => {
  test('RFC 6750 §2.1: in the header, the word Bearer in any case', async () => {
    const { access_token: token } = await tokensFor(all.world, browser, all.tiers);
    for (const word of ['Bearer', 'bearer', 'BEARER'])
      expect((await send(endpoint, { headers: { authorization: `${word} ${token}` } })).status).toBe(200);
  });

  test('RFC 6750 §2.2: in a form', async () => {
    const { access_token: token } = await tokensFor(all.world, browser, all.tiers);
    expect((await postForm(endpoint, { access_token: token })).status).toBe(200);
  });

  test('RFC 6750 §2.3: never in the address, which is logged', async () => {
    const { access_token: token } = await tokensFor(all.world, browser, all.tiers);
    expect((await send(`${endpoint}?access_token=${token}`)).status).toBeGreaterThanOrEqual(400);
  });

  test('RFC 6750 §2: in two ways at once', async () => {
    const { access_token: token } = await tokensFor(all.world, browser, all.tiers);
    const answer = await postForm(endpoint, { access_token: token }, { authorization: `Bearer ${token}` });
    expectChallenge(answer, 400, 'invalid_request');
  });
});

describe('§3.1 what is answered', () => {
  test('RFC 6750 §3.1: without token, a challenge that says no error', async () => {
    const answer = await send(endpoint);
    expect(answer.status).toBe(401);
    expect(challenges(answer)).toMatch(/^Bearer realm="/);
    expect(challenges(answer)).not.toContain('error=');
  });

  test.each(['Bearer', 'Bearer a b', 'Basic YTpi', 'Token x'])('RFC 6750 §2.1: %j', async (authorization) => {
    const answer = await send(endpoint, { headers: { authorization } });
    expect([400, 401]).toContain(answer.status);
    expect(challenges(answer)).toMatch(/^(?:Bearer|DPoP) /);
  });

  test('RFC 6750 §3.1: of nobody, cut, revoked', async () => {
    const { access_token: token } = await tokensFor(all.world, browser, all.tiers);
    expectChallenge(await userinfo(all.world.issuer, 'x'.repeat(43)), 401, 'invalid_token');
    expectChallenge(await userinfo(all.world.issuer, token.slice(0, -1)), 401, 'invalid_token');
    expect((await revoke(all.world, all.tiers, token)).status).toBe(200);
    expectChallenge(await userinfo(all.world.issuer, token), 401, 'invalid_token');
  });

  test('RFC 6750 §3.1: a refresh token is no access token', async () => {
    const { refresh_token: token = '' } = await tokensFor(all.world, browser, all.tiers);
    expectChallenge(await userinfo(all.world.issuer, token), 401, 'invalid_token');
  });

  test('RFC 6750 §3.1: expired', async () => {
    const { access_token: token } = await tokensFor(all.world, browser, all.tiers);
    later(3700);
    expectChallenge(await userinfo(all.world.issuer, token), 401, 'invalid_token');
  });
});
