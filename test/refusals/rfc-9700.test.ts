/**
 * The current practice (RFC 9700), section by section: what is shown here is what no other test shows.
 *
 * Elsewhere: §2.1 and §4.1 test/replay/redirect-uris.test.ts; §2.1.1, §4.5 and §4.8 rfc-7636.test.ts,
 * test/replay/tokens.test.ts, test/journeys/requests-protected.test.ts; §2.2.1 and §4.10 rfc-9449.test.ts, rfc-8705.test.ts;
 * §2.2.2 and §4.14 test/journeys/refresh.test.ts, tokens-same-refresh.test.ts, tokens-lifetimes.test.ts; §2.3 and §4.9
 * rfc-9068.test.ts; §2.4 test/replay/tokens.test.ts; §2.5 rfc-7523.test.ts; §2.6 test/journeys/discovery.test.ts,
 * test/replay/cors.test.ts; §4.4 test/replay/upstream-answers.test.ts, rfc-9207.test.ts; §4.7
 * test/replay/upstream-callbacks.test.ts; §4.12 and §4.16 test/replay/answers.test.ts; §4.13
 * test/journeys/client-authentication-certificates.test.ts, test/replay/headers.test.ts.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { someOfEach } from '../replay/support/endpoints.ts';
import { agent, codeFor, refresh } from '../replay/support/granted.ts';
import { addressesOutside, expectRefusalPage } from '../replay/support/pages.ts';
import {
  authorizationRequest,
  claimsOf,
  postAs,
  redeem,
  send,
  signIn,
  toolAnswer,
  tokensOf,
  untilTool,
  userinfo,
} from '../replay/support/relying-party.ts';
import { startUp } from '../replay/support/timing.ts';
import { startRefusalWorld } from './support/refusal-world.ts';
import type { RefusalWorld } from './support/refusal-world.ts';

let all: RefusalWorld;
let browser: Browser;

beforeAll(async () => {
  all = await startRefusalWorld();
}, startUp);
afterAll(() => all.world.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

describe('what comes through the browser', () => {
  test.each(['token', 'id_token', 'id_token token', 'code token', 'code id_token', 'code id_token token'])(
    'RFC 9700 §2.1.2: no token does: response_type=%s',
    async (response_type) => {
      const attempt = authorizationRequest(all.world.issuer, all.tiers, { response_type });
      const page = await browser.get(attempt.url, { redirects: untilTool(all.tiers) });
      const url = new URL(page.location ?? '');
      // Whoever asks for a token reads the fragment (OAuth 2.0 Multiple Response Type Encoding Practices §2.1).
      const answer = new URLSearchParams(url.hash === '' ? url.search : url.hash.slice(1));
      expect(answer.get('error')).toBe('unsupported_response_type');
      expect([...answer.keys()].sort()).toEqual(['error', 'error_description', 'iss', 'state']);
    },
  );

  test('RFC 9700 §4.11: no address of the request leads away from here', async () => {
    const evil = encodeURIComponent('https://evil.example/');
    const names = [
      'url',
      'next',
      'rd',
      'return',
      'return_to',
      'redirect',
      'redirect_url',
      'continue',
      'goto',
    ];
    for (const path of someOfEach(all.world)) {
      const more = names.map((name) => `${name}=${evil}`).join('&');
      const url = `${all.world.issuer}${path}${path.includes('?') ? '&' : '?'}${more}`;
      const answer = await send(url, { headers: { accept: 'text/html' } });
      expect(String(answer.headers['location'] ?? ''), path).not.toContain('evil.example');
      expect(addressesOutside({ ...answer, url }).join(' '), path).not.toContain('evil.example');
      expect(String(answer.headers['refresh'] ?? ''), path).toBe('');
    }
  });

  test('RFC 9700 §4.17: no answer is posted to a window', async () => {
    const attempt = authorizationRequest(all.world.issuer, all.tiers, { response_mode: 'web_message' });
    const page = await browser.get(attempt.url, { redirects: untilTool(all.tiers) });
    expect(page.body).not.toContain('postMessage');
    expect(toolAnswer(page.location).error).toBe('unsupported_response_mode');
  });
});

test('RFC 9700 §2.1, RFC 8252 §7.3: the loopback address of a native tool has any port, and no other freedom', async () => {
  const ask = async (redirect_uri: string) => {
    const { url } = authorizationRequest(all.world.issuer, all.natif, { redirect_uri, prompt: 'none' });
    return browser.get(url, { redirects: 'manual' });
  };
  for (const address of ['http://127.0.0.1/cb', 'http://127.0.0.1:51234/cb']) {
    const { location = '' } = await ask(address);
    expect(location.startsWith(`${address}?`)).toBe(true);
    expect(toolAnswer(location).error).toBe('login_required');
  }
  for (const address of [
    'http://127.0.0.1:51234/',
    'http://127.0.0.1:51234/cb?x=1',
    'http://127.0.0.1:51234@evil.example/cb',
    'http://127.0.0.2:51234/cb',
    'http://localhost:51234/cb',
    'https://127.0.0.1:51234/cb',
  ])
    expectRefusalPage(await ask(address), { status: 400, code: /M-OIDC-/ });
});

describe('what is kept apart', () => {
  test('RFC 9700 §2.3: a token that was narrowed stays narrow', async () => {
    const { attempt, code } = await codeFor(all.world, browser, all.tiers);
    const { refresh_token: wide } = tokensOf(await redeem(all.world.issuer, attempt, code));
    const { access_token: token } = tokensOf(await refresh(all.world, all.tiers, wide, { scope: 'openid' }));
    const { json } = await userinfo(all.world.issuer, token);
    expect(json['sub']).toBeDefined();
    expect(json['email']).toBeUndefined();
  });

  test('RFC 9700 §4.15: no client gets a token of its own, whose subject could be taken for a person', async () => {
    const answer = await postAs(all.tiers, `${all.world.issuer}/token`, {
      grant_type: 'client_credentials',
      scope: 'openid',
    });
    expect(answer.status).toBe(400);
    expect(answer.json['access_token']).toBeUndefined();
    const { attempt, code } = await codeFor(all.world, browser, all.tiers);
    const { sub } = claimsOf(tokensOf(await redeem(all.world.issuer, attempt, code)).id_token);
    // Nobody would declare a client of such a name: a hash in full.
    expect(sub).toMatch(/^[\w-]{32,}$/);
  });
});

test('RFC 9700 §4.2.4, §4.3.2: neither code, token, verifier nor secret is in the log', async () => {
  const attempt = authorizationRequest(all.world.issuer, all.tiers);
  const { code = '' } = await signIn(browser, attempt, agent);
  const first = tokensOf(await redeem(all.world.issuer, attempt, code));
  const second = tokensOf(await refresh(all.world, all.tiers, first.refresh_token));
  await userinfo(all.world.issuer, second.access_token);
  // Refused, which is when logs say most.
  await redeem(all.world.issuer, attempt, code);
  await refresh(all.world, all.tiers, second.refresh_token);
  const log = all.world.log.join('\n');
  expect(log).toContain('tiers');
  const given = [first, second].flatMap((each) => [
    each.access_token,
    each.id_token,
    each.refresh_token ?? '',
  ]);
  for (const secret of [code, attempt.verifier, attempt.state, attempt.nonce, all.tiers.secret, ...given]) {
    expect(secret.length).toBeGreaterThan(20);
    expect(log).not.toContain(secret);
  }
});
