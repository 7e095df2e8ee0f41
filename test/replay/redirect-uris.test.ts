/**
 * Where the browser is sent: to the registered address, byte for byte, or nowhere (RFC 9700 §2.1, §4.1; advisories of
 * other brokers, replayed). Whatever is refused here changes no store.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAnd } from './support/declarations.ts';
import { extraClient, extraTool } from './support/extra-clients.ts';
import { foreignAddresses } from './support/foreign-addresses.ts';
import { addressesOutside, expectRefusalPage } from './support/pages.ts';
import {
  authorizationRequest,
  demoTool,
  postAs,
  redeem,
  send,
  signIn,
  tokensOf,
  toolAnswer,
  untilTool,
} from './support/relying-party.ts';
import type { Changes } from './support/relying-party.ts';
import { storeState } from './support/stores.ts';
import { startUp } from './support/timing.ts';

const tiers = extraTool('tiers');
let world: World;
let browser: Browser;
let before: Awaited<ReturnType<typeof storeState>>;

beforeAll(async () => {
  const { dir, remove } = await demoAnd({ clients: [extraClient('tiers')] });
  world = await startWorld({ configDir: dir });
  await remove();
}, startUp);
afterAll(() => world.close());
beforeEach(async () => {
  browser = createBrowser();
  before = await storeState(world.broker.stores.db);
});
afterEach(() => browser.close());

const ask = (changes: Changes, tool = tiers) => authorizationRequest(world.issuer, tool, changes);
const stop = { redirects: 'manual' } as const;

describe('a redirect URI that is not the registered one stops here', () => {
  test('the table has at least forty spellings, and none is the registered one', () => {
    expect(foreignAddresses.length).toBeGreaterThanOrEqual(40);
    expect(foreignAddresses.map(([, , address]) => address)).not.toContain(tiers.redirectUri);
  });

  test.each(foreignAddresses)('%s: %s', async (_advisory, _trick, address) => {
    const page = await browser.get(ask({ redirect_uri: address }).url, stop);
    expectRefusalPage(page, { status: 400, code: 'M-OIDC-002' });
    expect(addressesOutside(page, [world.tools])).toEqual([]);
    // An error that the tool would get anyway does not open the way either, nor a silent request.
    for (const changes of [{ response_type: 'token' }, { prompt: 'none' }, { code_challenge: undefined }]) {
      const other = await browser.get(ask({ redirect_uri: address, ...changes }).url, stop);
      expectRefusalPage(other, { status: 400, code: 'M-OIDC-002' });
    }
    expect(await storeState(world.broker.stores.db)).toEqual(before);
    expect(await browser.cookies(world.issuer)).toEqual([]);
  });

  test.each([
    'query',
    'fragment',
    'form_post',
    'form_post.jwt',
    'query.jwt',
    'web_message',
    'jwt',
    'unknown',
  ])('CVE-2023-6134, CVE-2024-21637: response_mode=%s does not let a script through', async (mode) => {
    for (const address of ['javascript:alert(1)', 'https://evil.example/cb']) {
      const page = await browser.get(ask({ redirect_uri: address, response_mode: mode }).url, stop);
      expectRefusalPage(page, { status: 400, code: 'M-OIDC-002' });
      expect(page.body).not.toContain('alert(1)');
      expect(addressesOutside(page, [world.tools])).toEqual([]);
    }
  });

  test('the registered address and a foreign one in one request', async () => {
    const evil = `&redirect_uri=${encodeURIComponent('https://evil.example/cb')}`;
    for (const url of [`${ask({}).url}${evil}`, ask({}).url.replace('?', `?${evil.slice(1)}&`)]) {
      const page = await browser.get(url, stop);
      expectRefusalPage(page, { status: 400, code: /M-OIDC-00[23]/ });
      expect(addressesOutside(page, [world.tools])).toEqual([]);
    }
  });

  test('no redirect URI at all: even a client with a single one has to say it', async () => {
    for (const uri of [undefined, '']) {
      expectRefusalPage(await browser.get(ask({ redirect_uri: uri }).url, stop), {
        status: 400,
        code: /M-OIDC-00[23]/,
      });
    }
  });

  test('redirect_uri[] and redirect_uri.0 are other parameters, not lists', async () => {
    for (const name of ['redirect_uri[]', 'redirect_uri.0', 'redirect_uri[0]']) {
      const page = await browser.get(
        ask({ redirect_uri: undefined, [name]: 'https://evil.example/cb' }).url,
        stop,
      );
      expectRefusalPage(page, { status: 400, code: /M-OIDC-00[23]/ });
    }
  });

  test('CVE-2025-8129: nobody is sent back to the Referer', async () => {
    const headers = { referer: 'https://evil.example/', origin: 'https://evil.example' };
    const page = await browser.get(ask({ redirect_uri: 'https://evil.example/cb' }).url, {
      ...stop,
      headers,
    });
    expectRefusalPage(page, { status: 400, code: 'M-OIDC-002' });
    expect(addressesOutside(page, [world.tools])).toEqual([]);
  });

  test('a pushed request is compared as strictly', async () => {
    for (const [, , address] of foreignAddresses.slice(0, 12)) {
      const { nonce, verifier, url } = ask({ redirect_uri: address });
      const fields = { ...Object.fromEntries(new URL(url).searchParams), nonce, code_challenge: verifier };
      const answer = await postAs(tiers, `${world.issuer}/par`, fields);
      expect(answer.status, address).toBe(400);
      expect(answer.json['error'], address).toMatch(/^invalid_(redirect_uri|request)$/);
      expect(answer.json['request_uri']).toBeUndefined();
    }
  });

  test('CVE-2026-7504: a foreign address by POST is refused too', async () => {
    const { search } = new URL(ask({ redirect_uri: 'https://rp.example@@evil.example/cb' }).url);
    const fields = Object.fromEntries(new URLSearchParams(search));
    const page = await browser.post(`${world.issuer}/authorize`, fields);
    expectRefusalPage(page, { status: 400, code: 'M-OIDC-002' });
    expect(page.url.startsWith(world.issuer)).toBe(true);
  });
});

describe('logout sends nobody to a foreign address', () => {
  const foreign = [
    'https://evil.example/',
    'https://rp.example@evil.example/',
    'javascript:alert(1)',
    '//evil.example',
  ];

  test('CVE-2021-29456: without a hint', async () => {
    for (const address of foreign) {
      const query = new URLSearchParams({ post_logout_redirect_uri: address, client_id: 'docs' });
      const page = await browser.get(`${world.issuer}/session/end?${query.toString()}`, stop);
      expectRefusalPage(page, { status: 400, code: 'M-OIDC-005' });
      expect(addressesOutside(page, [world.tools])).toEqual([]);
    }
  });

  test('CVE-2026-41569: with a hint, close to the registered address', async () => {
    const docs = demoTool(world, 'docs');
    const attempt = authorizationRequest(world.issuer, docs);
    const answer = await signIn(browser, attempt, { email: 'agent@etat.example', sub: 'agent-etat' });
    const { id_token: hint } = tokensOf(await redeem(world.issuer, attempt, answer.code ?? ''));
    const right = docs.redirectUri.replace('/callback', '/logout-callback');
    for (const address of [
      ...foreign,
      `${right}/`,
      `${right}?next=1`,
      `${right}.evil.example`,
      right.toUpperCase(),
    ]) {
      const query = new URLSearchParams({ post_logout_redirect_uri: address, id_token_hint: hint });
      const page = await browser.get(`${world.issuer}/session/end?${query.toString()}`, stop);
      expectRefusalPage(page, { status: 400, code: 'M-OIDC-005' });
      expect(addressesOutside(page, [world.tools])).toEqual([]);
    }
    // The session was not touched: the tool still signs in silently.
    const silent = authorizationRequest(world.issuer, docs, { prompt: 'none' });
    const again = await browser.get(silent.url, { redirects: untilTool(docs) });
    expect(toolAnswer(again.location).code).toBeDefined();
  });

  test('other names of a way out are not read', async () => {
    for (const name of [
      'rd',
      'next',
      'url',
      'return',
      'returnTo',
      'redirect',
      'redirect_uri',
      'target',
      'continue',
    ]) {
      for (const path of ['/', '/aide', '/session/end', '/authorize', '/interaction/x', '/callback/demo']) {
        const answer = await send(`${world.issuer}${path}?${name}=https%3A%2F%2Fevil.example%2F`);
        expect(answer.headers['location'] ?? '', `${path} ${name}`).not.toContain('evil.example');
        expect(answer.headers['refresh']).toBeUndefined();
      }
    }
  });
});
