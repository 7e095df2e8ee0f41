/**
 * Whatever is sent in, by a tool, a person or another site, comes out of our pages as text, and stays in no cookie
 * (advisories of other brokers, replayed).
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page } from '../support/browser-session.ts';
import { formsOf } from '../support/html-form.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { expectInert, polyglot } from './support/inert.ts';
import { addressesOutside, expectRefusalPage, shownCode } from './support/pages.ts';
import {
  authorizationRequest,
  demoTool,
  redeem,
  send,
  signIn,
  toolAnswer,
  tokensOf,
  untilTool,
} from './support/relying-party.ts';
import type { Tool } from './support/relying-party.ts';
import { startUp } from './support/timing.ts';

const agent = { email: 'agent@etat.example', sub: 'agent-etat' };
let world: World;
let docs: Tool;
let browser: Browser;
let emailPage: Page;

beforeAll(async () => {
  world = await startWorld({ environment: { PARTNER_ACCOUNTS: 'off' } });
  docs = demoTool(world, 'docs');
}, startUp);
afterAll(() => world.close());
beforeEach(async () => {
  browser = createBrowser();
  emailPage = await browser.get(authorizationRequest(world.issuer, docs).url);
});
afterEach(() => browser.close());

const formType = { 'content-type': 'application/x-www-form-urlencoded' };

describe('what is sent in comes out as text', () => {
  /** Of a service of the catalogue that has no client here. */
  const declaredAddresses = ['https://suiteterritoriale.anct.gouv.fr/'];
  const names = [
    'client_id',
    'redirect_uri',
    'response_type',
    'response_mode',
    'scope',
    'state',
    'nonce',
    'prompt',
    'max_age',
    'ui_locales',
    'login_hint',
    'acr_values',
    'claims',
    'id_token_hint',
    'code_challenge',
    'code_challenge_method',
    'request',
    'request_uri',
    'display',
    'lang',
  ];

  test.each(names)(
    'CVE-2026-29191, CVE-2025-67495, CVE-2024-28855: %s of an authorization request',
    async (name) => {
      for (const changes of [
        { [name]: polyglot },
        { [name]: polyglot, redirect_uri: 'https://evil.example' },
      ]) {
        const page = await browser.get(authorizationRequest(world.issuer, docs, changes).url, {
          redirects: untilTool(docs),
        });
        if (page.location === undefined) {
          expectInert(page, name);
          expect(addressesOutside(page, [world.tools])).toEqual([]);
        } else {
          expect(page.location.startsWith(`${docs.redirectUri}?`)).toBe(true);
          expect(page.headers['location']).not.toMatch(/[<>"'\s]/);
          expectInert(page, name);
        }
      }
    },
  );

  test.each([
    '?siret=',
    '?lang=',
    '?error=',
    '?x=',
    '%22%3E%3Cscript%3E?',
    'nulle-part/%3Cscript%3Ealert(1)%3C/script%3E?q=',
    'callback/%22%3E%3Cscript%3E?state=',
    'interaction/%22%3E?',
    'aide?lang=',
    'session/end?post_logout_redirect_uri=',
    'session/end?state=',
    'session/end?client_id=',
    'session/end?ui_locales=',
    'session/end?id_token_hint=',
  ])('CVE-2019-8400: /%s', async (path) => {
    const page = await browser.get(`${world.issuer}/${path}${encodeURIComponent(polyglot)}`);
    expectInert(page, path);
    expect(addressesOutside(page, [world.tools, ...declaredAddresses])).toEqual([]);
    expect(page.status).toBeLessThan(500);
  });

  test('an address typed by a person, in the page that says that its domain is unknown', async () => {
    const page = await browser.submitForm(emailPage, { email: `a'b&c@inconnu.example` });
    expect(shownCode(page)).toBe('M-ROUT-002');
    expect(page.body).toContain('a&#39;b&amp;c@inconnu.example');
    expectInert(page);
  });

  test('a login_hint is a first value only when it is an address', async () => {
    const hinted = await browser.get(
      authorizationRequest(world.issuer, docs, { login_hint: 'agent@inconnu.example' }).url,
    );
    expect(hinted.body).toContain('value="agent@inconnu.example"');
    const evil = await browser.get(
      authorizationRequest(world.issuer, docs, { login_hint: `${polyglot}@inconnu.example` }).url,
    );
    expect(evil.body).toContain('value=""');
  });

  test('CVE-2026-42849: a state in a form_post answer is text, and its form goes to the registered address', async () => {
    const attempt = authorizationRequest(world.issuer, docs, {
      response_mode: 'form_post',
      state: polyglot,
      prompt: 'none',
    });
    const page = await browser.get(attempt.url);
    const [form] = formsOf(page.body, page.url);
    expect(form?.action).toBe(docs.redirectUri);
    expect(form?.fields.get('state')).toBe(polyglot);
    expect(form?.fields.get('error')).toBe('login_required');
    expectInert(page);
    // No inline script, and the form leads to the tool and nowhere else.
    const csp = String(page.headers['content-security-policy']);
    expect(csp).toMatch(/script-src 'self'(?:;|$)/);
    expect(csp).toContain(`form-action 'self' ${new URL(docs.redirectUri).origin}`);
    expect(csp).not.toMatch(/unsafe|nonce-|sha256-/);
    expect(page.headers['cache-control']).toMatch(/no-store/);
    const { code } = await signIn(browser, authorizationRequest(world.issuer, docs), agent);
    expect(code).toBeDefined();
  });

  test('CVE-2026-42849: a state in the address of the tool adds no parameter and no header', async () => {
    for (const state of ['a&code=evil', 'a\r\nSet-Cookie: b=c', 'a#b', 'a&iss=evil', '\u0000', '🏛️']) {
      const attempt = authorizationRequest(world.issuer, docs, { state, prompt: 'none' });
      const page = await browser.get(attempt.url, { redirects: untilTool(docs) });
      const { url, code } = toolAnswer(page.location);
      expect(url.searchParams.get('state')).toBe(state);
      expect(code).toBeUndefined();
      expect(url.searchParams.getAll('iss')).toEqual([world.issuer]);
      expect(page.headers['set-cookie'] ?? []).not.toContain('b=c');
    }
  });

  test('what a form asks in return is a tool’s registered address, never one of the request', async () => {
    const attempt = authorizationRequest(world.issuer, docs);
    const { code = '' } = await signIn(browser, attempt, agent);
    expect(tokensOf(await redeem(world.issuer, attempt, code)).id_token).toBeDefined();
    const home = new URL(docs.redirectUri).origin;
    for (const page of [
      await browser.get(
        authorizationRequest(world.issuer, docs, { redirect_uri: 'https://evil.example' }).url,
      ),
      await browser.get(
        `${world.issuer}/session/end?client_id=docs&post_logout_redirect_uri=https%3A%2F%2Fevil.example`,
      ),
    ]) {
      expect(addressesOutside(page, [home])).toEqual([]);
    }
  });
});

test('CVE-2024-4540: a pushed request leaves nothing of itself in a cookie', async () => {
  const attempt = authorizationRequest(world.issuer, docs, {
    login_hint: 'secret@inconnu.example',
    state: 'state-in-clear',
  });
  const fields = new URLSearchParams(new URL(attempt.url).search);
  fields.set('client_secret', docs.secret);
  const pushed = await send(`${world.issuer}/par`, {
    method: 'POST',
    headers: formType,
    body: fields.toString(),
  });
  expect(pushed.status).toBe(201);
  const uri = String(pushed.json['request_uri']);
  const page = await browser.get(
    `${world.issuer}/authorize?client_id=docs&request_uri=${encodeURIComponent(uri)}`,
  );
  expect(page.url).toContain('/interaction/');
  const { cookies } = await browser.jar.serialize();
  const kept = cookies
    .map(
      ({ key, value }) =>
        `${String(key)}=${decodeURIComponent(String(value))} ${Buffer.from(String(value), 'base64url').toString()}`,
    )
    .join('\n');
  expect(cookies.length).toBeGreaterThan(0);
  expect(kept).not.toMatch(/state-in-clear|inconnu\.example|redirect_uri|localhost/);
  // RFC 9126 §4: it serves for one sign-in.
  const people = await browser.submitForm(page, { email: agent.email });
  const end = await browser.submitForm(people, { person: agent.sub }, { redirects: untilTool(docs) });
  expect(toolAnswer(end.location).code).toBeDefined();
  const second = await browser.get(
    `${world.issuer}/authorize?client_id=docs&request_uri=${encodeURIComponent(uri)}`,
  );
  expectRefusalPage(second, { status: 400, code: /M-OIDC-00[23]/ });
});
