/**
 * Wrong authorization requests: of an unknown tool, a page of ours; of a known one, an error at its registered address,
 * with state and iss (RFC 6749 §4.1.2.1, RFC 9207, RFC 9700 §4.8). Whatever is refused here changes no store.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { visibleText } from '../support/html-page.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAnd } from './support/declarations.ts';
import { extraClient, extraTool } from './support/extra-clients.ts';
import { expectRefusalPage } from './support/pages.ts';
import { authorizationRequest, demoTool, postAs, toolAnswer, untilTool } from './support/relying-party.ts';
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

describe('an unknown client gets our page, in the language of the person', () => {
  const french = 'Ce service n’est pas connu ici';
  test.each<readonly [string, string, Changes, string]>([
    ['French by default', 'fr', {}, french],
    ['English when asked in the address', 'en', { lang: 'en' }, 'not known here'],
    ['English when the tool asks for it', 'en', { ui_locales: 'en-GB fr' }, 'not known here'],
    ['French when the tool speaks what we do not', 'fr', { ui_locales: 'xx "><script>' }, french],
  ])('%s', async (_name, lang, changes, sentence) => {
    const page = await browser.get(ask({ client_id: 'personne', ...changes }).url, stop);
    expectRefusalPage(page, { status: 400, code: 'M-OIDC-001' });
    expect(page.body).toContain(`<html lang="${lang}"`);
    expect(visibleText(page.body)).toContain(sentence);
    expect(await storeState(world.broker.stores.db)).toEqual(before);
  });

  test.each(['', 'docs ', 'DOCS', 'docs\u0000', '__proto__', 'constructor', 'ｄocs', '../docs', "docs'--"])(
    'client_id %j is nobody',
    async (id) => {
      const page = await browser.get(ask({ client_id: id, redirect_uri: tiers.redirectUri }).url, stop);
      expectRefusalPage(page, { status: 400, code: /M-OIDC-00[13]/ });
    },
  );

  test('two client_id in one request', async () => {
    const page = await browser.get(`${ask({}).url}&client_id=docs`, stop);
    expectRefusalPage(page, { status: 400, code: /M-OIDC-00[13]/ });
  });
});

describe('a wrong request of a known tool goes back to it, with state and iss', () => {
  test.each<readonly [string, string, Changes]>([
    ['CVE-2026-7571: response_type=token', 'unsupported_response_type', { response_type: 'token' }],
    ['response_type=id_token', 'unsupported_response_type', { response_type: 'id_token' }],
    ['response_type=code id_token', 'unsupported_response_type', { response_type: 'code id_token' }],
    ['response_type=none', 'unsupported_response_type', { response_type: 'none' }],
    ['response_type=CODE', 'unsupported_response_type', { response_type: 'CODE' }],
    ['no response_type', 'invalid_request', { response_type: undefined }],
    ['response_mode unknown', 'unsupported_response_mode', { response_mode: 'carrier-pigeon' }],
    ['response_mode=web_message', 'unsupported_response_mode', { response_mode: 'web_message' }],
    ['RFC 9700 §4.8: code_challenge_method=plain', 'invalid_request', { code_challenge_method: 'plain' }],
    ['RFC 9700 §4.8: a method unknown', 'invalid_request', { code_challenge_method: 's256' }],
    ['RFC 9700 §4.8: challenge without method', 'invalid_request', { code_challenge_method: undefined }],
    [
      'CVE-2024-23647: no PKCE',
      'invalid_request',
      { code_challenge: undefined, code_challenge_method: undefined },
    ],
    ['CVE-2024-23647: an empty challenge', 'invalid_request', { code_challenge: '' }],
    ['a challenge too short', 'invalid_request', { code_challenge: 'abc' }],
    ['a challenge with a line break', 'invalid_request', { code_challenge: `${'a'.repeat(42)}\n` }],
    ['CVE-2024-52287: a scope that the client has not', 'invalid_scope', { scope: 'openid siret' }],
    ['a scope with a quote', 'invalid_scope', { scope: 'openid "' }],
    ['no openid in the scope', 'invalid_request', { scope: 'email' }],
    ['prompt=none login', 'invalid_request', { prompt: 'none login' }],
    ['prompt unknown', 'invalid_request', { prompt: 'eligibility' }],
    ['max_age negative', 'invalid_request', { max_age: '-1' }],
    ['max_age not a number', 'invalid_request', { max_age: '1e400' }],
    ['claims that are no JSON', 'invalid_request', { claims: '{' }],
    ['claims that are a list', 'invalid_request', { claims: '[]' }],
    [
      'an essential acr that is not a list',
      'invalid_request',
      { claims: '{"id_token":{"acr":{"essential":true,"values":"eidas2"}}}' },
    ],
    [
      'an essential acr of numbers',
      'invalid_request',
      { claims: '{"id_token":{"acr":{"essential":true,"value":2}}}' },
    ],
    [
      'essential as a text',
      'invalid_request',
      { claims: '{"id_token":{"acr":{"essential":"true","values":["eidas2"]}}}' },
    ],
    ['id_token_hint of nobody', 'invalid_request', { id_token_hint: 'a.b.c' }],
    ['CVE-2026-56739: a request object that nobody signed', 'invalid_request_object', { request: 'a.b.c' }],
    [
      'CVE-2020-10770: a request_uri to fetch',
      'request_uri_not_supported',
      { request_uri: 'http://169.254.169.254/latest' },
    ],
    [
      'registration inside the request',
      'registration_not_supported',
      { registration: '{"redirect_uris":["https://evil.example"]}' },
    ],
  ])('%s', async (_name, error, changes) => {
    const attempt = ask(changes);
    const page = await browser.get(attempt.url, { redirects: untilTool(tiers) });
    const { url } = toolAnswer(page.location);
    expect(url.origin + url.pathname).toBe(tiers.redirectUri);
    // An implicit response type is answered where it was to be (OAuth 2.0 Multiple Response Types §5).
    const parameters = url.hash === '' ? url.searchParams : new URLSearchParams(url.hash.slice(1));
    expect(parameters.get('error')).toBe(error);
    expect(parameters.get('state')).toBe(attempt.state);
    expect(parameters.get('iss')).toBe(world.issuer);
    expect(parameters.get('code')).toBeNull();
    // RFC 6749 §4.1.2.1 allows only these characters.
    expect(parameters.get('error_description') ?? '').toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]*$/);
    expect(page.status).toBe(303);
    expect(await storeState(world.broker.stores.db)).toEqual(before);
  });

  test('a parameter given twice is refused, and neither value is used', async () => {
    for (const extra of ['scope=openid', 'prompt=none', 'nonce=evil', 'code_challenge=evil']) {
      const attempt = ask({});
      const page = await browser.get(`${attempt.url}&${extra}`, { redirects: untilTool(tiers) });
      const name = extra.split('=')[0] ?? '';
      const given = new URL(attempt.url).searchParams.has(name);
      if (!given) continue;
      expect(toolAnswer(page.location).error, extra).toBe('invalid_request');
      expect(toolAnswer(page.location).url.searchParams.get('state')).toBe(attempt.state);
    }
  });

  test('a request that was pushed by another client is not this one’s', async () => {
    const docs = demoTool(world, 'docs');
    const { url } = authorizationRequest(world.issuer, docs);
    const pushed = await postAs(docs, `${world.issuer}/par`, Object.fromEntries(new URL(url).searchParams));
    expect(pushed.status).toBe(201);
    const uri = String(pushed.json['request_uri']);
    const stolen = `${world.issuer}/authorize?client_id=tiers&request_uri=${encodeURIComponent(uri)}`;
    expectRefusalPage(await browser.get(stolen, stop), { status: 400, code: /M-OIDC-00[23]/ });
  });
});
