/** How the answer comes back: `response_mode` (OAuth 2.0 Form Post Response Mode; JARM). */
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page } from '../support/browser-session.ts';
import { formsOf } from '../support/html-form.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAnd } from '../replay/support/declarations.ts';
import { extraClient, extraTool } from '../replay/support/extra-clients.ts';
import {
  authorizationRequest,
  demoTool,
  signIn,
  toolAnswer,
  untilTool,
} from '../replay/support/relying-party.ts';
import type { Attempt, Changes, Tool, ToolAnswer } from '../replay/support/relying-party.ts';
import { startTimeout } from './each-backend.ts';

const agent = { email: 'agent@etat.example', sub: 'agent-etat' };
const signed = extraTool('signe');
const elsewhere = 'https://app.rp.example';

let world: World;
let browser: Browser;
let docs: Tool;

beforeAll(async () => {
  const { dir, remove } = await demoAnd({
    clients: [extraClient('signe', { response_modes: ['jwt', 'form_post.jwt'], home_url: `${elsewhere}/` })],
  });
  world = await startWorld({ configDir: dir });
  await remove();
  docs = demoTool(world, 'docs');
}, startTimeout);
afterAll(() => world.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

const ask = (changes: Changes = {}, tool = docs): Attempt =>
  authorizationRequest(world.issuer, tool, changes);
const go = (attempt: Attempt): Promise<Page> =>
  browser.get(attempt.url, { redirects: untilTool(attempt.tool) });
const direct = async (attempt: Attempt): Promise<ToolAnswer> => toolAnswer((await go(attempt)).location);
const fieldsOf = (page: Page) => Object.fromEntries(formsOf(page.body, page.url)[0]?.fields ?? []);
const opened = async (jwt: string | null | undefined, tool: Tool) =>
  (
    await jwtVerify(jwt ?? '', createRemoteJWKSet(new URL(`${world.issuer}/jwks`)), {
      issuer: world.issuer,
      audience: tool.clientId,
      requiredClaims: ['exp'],
    })
  ).payload;

describe('response_mode=form_post', () => {
  test('is a page of ours, in French, with a button; a script of ours presses it where scripts run', async () => {
    await signIn(browser, ask(), agent);
    const attempt = ask({ response_mode: 'form_post' });
    const page = await go(attempt);
    expect(page.status).toBe(200);
    expect(browser.text(page)).toContain('Vous allez vers Docs');
    expect(page.body).toMatch(/<button data-submit-now>Continuer vers Docs<\/button>/);
    expect(page.body).not.toMatch(/<script>|Submitting Callback|English/);
    expect(page.body).toMatch(/<script src="\/assets\/submit\.[0-9a-f]+\.js" defer><\/script>/);
    expect(page.headers['cache-control']).toBe('no-store');
    expect(formsOf(page.body, page.url)[0]).toMatchObject({ method: 'POST', action: docs.redirectUri });
    const fields = fieldsOf(page);
    expect(Object.keys(fields).sort()).toEqual(['code', 'iss', 'state']);
    expect(fields).toMatchObject({ state: attempt.state, iss: world.issuer });
  });

  test('lets its form go to the tool alone, and leaves no room for another script', async () => {
    await signIn(browser, ask(), agent);
    const page = await go(ask({ response_mode: 'form_post' }));
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy.endsWith(`form-action 'self' ${new URL(docs.redirectUri).origin}`)).toBe(true);
  });

  test('is in the language that the tool asks for', async () => {
    await signIn(browser, ask(), agent);
    const page = await go(ask({ response_mode: 'form_post', ui_locales: 'en' }));
    expect(browser.text(page)).toContain('Continue to Docs');
  });

  test('also comes after a sign-in', async () => {
    const attempt = ask({ response_mode: 'form_post' });
    const people = await browser.submitForm(await browser.get(attempt.url), { email: agent.email });
    const page = await browser.submitForm(people, { person: agent.sub });
    expect(fieldsOf(page)).toMatchObject({ state: attempt.state });
    expect(fieldsOf(page)['code']).toBeDefined();
  });

  test('carries errors the same way, with the status of one', async () => {
    const attempt = ask({ response_mode: 'form_post', prompt: 'none' });
    const page = await go(attempt);
    expect(page.status).toBe(400);
    expect(fieldsOf(page)).toMatchObject({
      error: 'login_required',
      state: attempt.state,
      iss: world.issuer,
    });
    const wrong = await go(ask({ response_mode: 'form_post', code_challenge_method: 'plain' }));
    expect(fieldsOf(wrong)['error']).toBe('invalid_request');
  });

  test('escapes what the tool sent, and gives it back as it was', async () => {
    const state = `"'><script>alert(1)</script>&amp;&lt; é\u00a0`;
    const page = await go(ask({ response_mode: 'form_post', prompt: 'none', state }));
    expect(page.body).not.toContain('<script>alert');
    expect(fieldsOf(page)['state']).toBe(state);
  });

  test('never for an address that the tool did not declare', async () => {
    const changes = { response_mode: 'form_post', redirect_uri: 'https://evil.example/cb', prompt: 'none' };
    const page = await browser.get(ask(changes).url, { redirects: 'manual' });
    expect(page.status).toBe(400);
    expect(formsOf(page.body, page.url)).toEqual([]);
    expect(page.location).toBeUndefined();
  });
});

describe('the other modes', () => {
  test('query is the default, and may be said', async () => {
    await signIn(browser, ask(), agent);
    expect((await direct(ask({ response_mode: 'query', prompt: 'none' }))).code).toBeDefined();
  });

  test('fragment keeps the code from the server’s log, and is left to the tool', async () => {
    await signIn(browser, ask(), agent);
    const { url } = await direct(ask({ response_mode: 'fragment', prompt: 'none' }));
    expect(url.search).toBe('');
    expect(new URLSearchParams(url.hash.slice(1)).get('code')).toBeDefined();
  });

  test.each(['web_message', 'carrier-pigeon', 'form_post.xml'])(
    '%s: unsupported_response_mode',
    async (mode) => {
      expect((await direct(ask({ response_mode: mode }))).error).toBe('unsupported_response_mode');
    },
  );
});

describe('JARM', () => {
  test.each(['jwt', 'query.jwt'])(
    '%s: one signed parameter, with iss, aud and exp',
    async (response_mode) => {
      await signIn(browser, ask(), agent);
      const attempt = ask({ response_mode, prompt: 'none' });
      const { url } = await direct(attempt);
      expect([...url.searchParams.keys()]).toEqual(['response']);
      const payload = await opened(url.searchParams.get('response'), docs);
      expect(payload).toMatchObject({ state: attempt.state });
      expect(payload['code']).toBeTypeOf('string');
      expect(Number(payload.exp) - Date.now() / 1000).toBeLessThan(660);
    },
  );

  test('form_post.jwt: the same in our form, which may go on to the home of the tool', async () => {
    await signIn(browser, ask(), agent);
    const page = await go(ask({ response_mode: 'form_post.jwt', prompt: 'none' }, signed));
    expect(page.status).toBe(200);
    expect(browser.text(page)).toContain('Continuer vers Visio');
    expect(Object.keys(fieldsOf(page))).toEqual(['response']);
    expect((await opened(fieldsOf(page)['response'], signed))['code']).toBeTypeOf('string');
    expect(String(page.headers['content-security-policy'])).toContain(
      `form-action 'self' ${new URL(signed.redirectUri).origin} ${elsewhere}`,
    );
  });

  test('errors are signed too', async () => {
    const { url } = await direct(ask({ response_mode: 'jwt', prompt: 'none' }, signed));
    expect(url.searchParams.get('error')).toBeNull();
    expect(await opened(url.searchParams.get('response'), signed)).toMatchObject({ error: 'login_required' });
    const form = await go(ask({ response_mode: 'form_post.jwt', prompt: 'none' }, signed));
    expect(form.status).toBe(400);
    expect(await opened(fieldsOf(form)['response'], signed)).toMatchObject({ error: 'login_required' });
  });

  test('a client that declares its modes has no other', async () => {
    await signIn(browser, ask(), agent);
    for (const response_mode of [undefined, 'query', 'fragment'])
      expect((await direct(ask({ response_mode, prompt: 'none' }, signed))).code).toBeUndefined();
    expect((await direct(ask({ response_mode: 'query', prompt: 'none' }, signed))).error).toBe(
      'invalid_request',
    );
  });
});
