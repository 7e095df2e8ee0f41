/**
 * The OAuth 2.0 Authorization Framework: what the authorization server has to refuse, section by section, and with which
 * code. Redirect URIs have a file of their own (test/replay/redirect-uris.test.ts).
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { codeFor, expectGrantRefused, refresh, tokensFor } from '../replay/support/granted.ts';
import { expectRefusalPage } from '../replay/support/pages.ts';
import {
  authorizationRequest,
  basic,
  postAs,
  postForm,
  redeem,
  send,
  toolAnswer,
  untilTool,
  userinfo,
} from '../replay/support/relying-party.ts';
import type { Answer, Changes } from '../replay/support/relying-party.ts';
import { startUp } from '../replay/support/timing.ts';
import { startRefusalWorld } from './support/refusal-world.ts';
import type { RefusalWorld } from './support/refusal-world.ts';

let all: RefusalWorld;
let browser: Browser;
let token: string;

beforeAll(async () => {
  all = await startRefusalWorld();
  token = `${all.world.issuer}/token`;
}, startUp);
afterAll(() => all.world.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

/** The error that the browser carries back to the tool. */
async function errorOf(changes: Changes, suffix = ''): Promise<string | undefined> {
  const attempt = authorizationRequest(all.world.issuer, all.tiers, changes);
  const page = await browser.get(attempt.url + suffix, { redirects: untilTool(all.tiers) });
  return toolAnswer(page.location).error;
}

/** RFC 6749 §5.2: JSON, not to be cached, one of the codes, a status of 400 or 401, and no markup. */
function expectTokenError(answer: Answer, status: number, error: string): void {
  expect([answer.status, answer.json['error']]).toEqual([status, error]);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.json['access_token']).toBeUndefined();
  expect(answer.json['error_description'] ?? 'none').toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]*$/);
}

describe('§3.1 the authorization endpoint', () => {
  test('RFC 6749 §3.1: a parameter without value counts as absent', async () => {
    expect(await errorOf({ response_type: '' })).toBe('invalid_request');
    expect(await errorOf({ scope: 'openid', prompt: 'none', display: '', acr_values: '' })).toBe(
      'login_required',
    );
  });

  test.each(['scope=openid', 'state=2', 'nonce=2', 'response_type=code', 'code_challenge=x'])(
    'RFC 6749 §3.1: %s twice is refused',
    async (extra) => {
      expect(await errorOf({}, `&${extra}`)).toBe('invalid_request');
    },
  );

  test('RFC 6749 §3.1: a parameter that nobody knows is not looked at', async () => {
    expect(await errorOf({ prompt: 'none', 'urn:nobody': '"><script>' })).toBe('login_required');
  });

  test('RFC 6749 §3.1.1: a response type that nobody knows', async () => {
    expect(await errorOf({ response_type: 'code carrier-pigeon' })).toBe('unsupported_response_type');
  });

  test.each<readonly [string, Changes]>([
    ['RFC 6749 §3.1.2.4: none', { redirect_uri: undefined }],
    ['RFC 6749 §3.1.2.4: another', { redirect_uri: 'https://rp.test/cb/other' }],
    ['RFC 6749 §3.1.2: relative', { redirect_uri: '/cb' }],
    ['RFC 6749 §3.1.2: with a fragment', { redirect_uri: 'https://rp.test/cb#x' }],
  ])('%s: the person is told, the browser goes nowhere', async (_name, changes) => {
    const { url } = authorizationRequest(all.world.issuer, all.tiers, changes);
    expectRefusalPage(await browser.get(url, { redirects: 'manual' }), {
      status: 400,
      code: /M-OIDC-00[23]/,
    });
  });

  test('RFC 6749 §4.1.2.1: a client that may not ask for codes has nowhere to go back to', async () => {
    const { url } = authorizationRequest(all.world.issuer, all.api);
    expectRefusalPage(await browser.get(url, { redirects: 'manual' }), { code: /M-OIDC-00[123]/ });
  });
});

describe('§3.2 the token endpoint', () => {
  test.each(['GET', 'PUT', 'DELETE'] as const)('RFC 6749 §3.2: %s gives nothing', async (method) => {
    const { attempt, code } = await codeFor(all.world, browser, all.tiers);
    const query = new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: all.tiers.redirectUri,
      code_verifier: attempt.verifier,
    });
    const answer = await send(`${token}?${query.toString()}`, {
      method,
      headers: basic(all.tiers.clientId, all.tiers.secret),
    });
    expect(answer.status).toBe(405);
    expect((await redeem(all.world.issuer, attempt, code)).status).toBe(200);
  });

  test('RFC 6749 §3.2: parameters in the address are not read', async () => {
    const { attempt, code } = await codeFor(all.world, browser, all.tiers);
    const query = new URLSearchParams({ code, code_verifier: attempt.verifier });
    const answer = await postAs(all.tiers, `${token}?${query.toString()}`, {
      grant_type: 'authorization_code',
      redirect_uri: all.tiers.redirectUri,
    });
    expectTokenError(answer, 400, 'invalid_request');
  });

  test.each(['grant_type', 'code', 'redirect_uri', 'code_verifier'])(
    'RFC 6749 §3.2: %s twice is refused',
    async (name) => {
      const { attempt, code } = await codeFor(all.world, browser, all.tiers);
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: all.tiers.redirectUri,
        code_verifier: attempt.verifier,
      });
      body.append(name, body.get(name) ?? '');
      const answer = await send(token, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          ...basic(all.tiers.clientId, all.tiers.secret),
        },
        body: body.toString(),
      });
      expectTokenError(answer, 400, 'invalid_request');
    },
  );

  test.each(['application/json', 'multipart/form-data', 'text/plain'])(
    'RFC 6749 §4.1.3: %s is not how parameters are sent',
    async (type) => {
      const answer = await send(token, {
        method: 'POST',
        headers: { 'content-type': type, ...basic(all.tiers.clientId, all.tiers.secret) },
        body: '{"grant_type":"authorization_code"}',
      });
      expectTokenError(answer, 400, 'invalid_request');
    },
  );
});

describe('§4.1.3 and §5.2 the redemption of a code', () => {
  test.each<readonly [string, Changes, string]>([
    ['RFC 6749 §5.2: without code', { code: undefined }, 'invalid_request'],
    ['RFC 6749 §4.1.3: without redirect_uri', { redirect_uri: undefined }, 'invalid_request'],
    [
      'RFC 6749 §4.1.3: with another redirect_uri',
      { redirect_uri: 'https://rp.test/other' },
      'invalid_grant',
    ],
    ['RFC 6749 §5.2: without grant_type', { grant_type: undefined }, 'invalid_request'],
    ['RFC 6749 §5.2: by a grant that nobody knows', { grant_type: 'urn:nobody' }, 'unsupported_grant_type'],
    ['RFC 6749 §4.3: by the password of the person', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['RFC 6749 §4.2: by the implicit grant', { grant_type: 'implicit' }, 'unsupported_grant_type'],
    ['RFC 6749 §4.1.3: of nobody', { code: 'x'.repeat(43) }, 'invalid_grant'],
  ])('%s', async (_name, changes, error) => {
    const { attempt, code } = await codeFor(all.world, browser, all.tiers);
    expectTokenError(await redeem(all.world.issuer, attempt, code, changes), 400, error);
  });

  test('RFC 6749 §4.1.2: a code used twice, and the tokens of the first use die', async () => {
    const { attempt, code } = await codeFor(all.world, browser, all.tiers);
    const first = await redeem(all.world.issuer, attempt, code);
    expectTokenError(await redeem(all.world.issuer, attempt, code), 400, 'invalid_grant');
    expect((await userinfo(all.world.issuer, String(first.json['access_token']))).status).toBe(401);
  });

  test('RFC 6749 §5.2: a grant type that the client may not use', async () => {
    expectTokenError(
      await postAs(all.court, token, { grant_type: 'refresh_token', refresh_token: 'x'.repeat(43) }),
      400,
      'unauthorized_client',
    );
    expectTokenError(
      await postAs(all.api, token, {
        grant_type: 'authorization_code',
        code: 'x',
        redirect_uri: 'https://x',
      }),
      400,
      'unauthorized_client',
    );
  });

  test('RFC 6749 §5.2: who fails with Basic is told to try Basic; nobody else is', async () => {
    const form = { grant_type: 'authorization_code', code: 'x', redirect_uri: 'https://rp.test/cb' };
    const withHeader = await postForm(token, form, basic('tiers', 'x'.repeat(43)));
    expectTokenError(withHeader, 401, 'invalid_client');
    expect(withHeader.headers['www-authenticate']).toMatch(/^Basic /);
    const withBody = await postForm(token, { ...form, client_id: 'tiers', client_secret: 'x'.repeat(43) });
    expectTokenError(withBody, 401, 'invalid_client');
  });
});

describe('§6 refreshing', () => {
  test('RFC 6749 §6: more than was granted', async () => {
    const { refresh_token: held } = await tokensFor(all.world, browser, all.tiers, { scope: 'openid' });
    const answer = await refresh(all.world, all.tiers, held, { scope: 'openid email' });
    expectTokenError(answer, 400, 'invalid_scope');
    expect((await refresh(all.world, all.tiers, held)).status).toBe(200);
  });

  test('RFC 6749 §6: without token, with the token of nobody, with an access token', async () => {
    const { access_token: access } = await tokensFor(all.world, browser, all.tiers);
    expectTokenError(await refresh(all.world, all.tiers, undefined), 400, 'invalid_request');
    expectGrantRefused(await refresh(all.world, all.tiers, 'x'.repeat(43)));
    expectGrantRefused(await refresh(all.world, all.tiers, access));
  });
});
