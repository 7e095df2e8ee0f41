/**
 * Our own forms: each comes from our pages and from the browser that began, and is small and plain (RFC 9700 §4.7;
 * advisories of other brokers, replayed).
 */
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page } from '../support/browser-session.ts';
import { formsOf } from '../support/html-form.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { expectRefusalPage } from './support/pages.ts';
import { sendRaw } from './support/raw-http.ts';
import {
  authorizationRequest,
  demoTool,
  send,
  signIn,
  silently,
  toolAnswer,
  untilTool,
} from './support/relying-party.ts';
import type { Tool } from './support/relying-party.ts';
import { storeState } from './support/stores.ts';
import { startUp } from './support/timing.ts';

const agent = { email: 'agent@etat.example', sub: 'agent-etat' };
let world: World;
let docs: Tool;
let browser: Browser;
let emailPage: Page;
let before: Awaited<ReturnType<typeof storeState>>;

beforeAll(async () => {
  world = await startWorld();
  docs = demoTool(world, 'docs');
}, startUp);
afterAll(() => world.close());
beforeEach(async () => {
  browser = createBrowser();
  emailPage = await browser.get(authorizationRequest(world.issuer, docs).url);
  before = await storeState(world.broker.stores.db);
});
afterEach(() => browser.close());

const here = (page: Page): string => `${new URL(page.url).origin}${new URL(page.url).pathname}`;
const cookieOf = async (page: Page): Promise<string> => (await browser.cookies(page.url)).join('; ');
const formType = { 'content-type': 'application/x-www-form-urlencoded' };
const emailForm = new URLSearchParams({ email: agent.email }).toString();

describe('a form of ours comes from our pages (M-HTTP-004)', () => {
  test.each<readonly [string, Readonly<Record<string, string>>]>([
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another site that hides its name', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['another site, in an older browser', { origin: 'https://evil.example' }],
    ['another site that hides its name, in an older browser', { origin: 'null' }],
    ['a neighbour of the same site', { origin: 'http://localhost:1', 'sec-fetch-site': 'same-site' }],
    ['another site that pretends', { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }],
  ])('from %s it is refused', async (_from, headers) => {
    const cookie = await cookieOf(emailPage);
    for (const step of ['/email', '/idp', '/organization', '/step-up']) {
      const page = await send(`${here(emailPage)}${step}`, {
        method: 'POST',
        body: emailForm,
        headers: { ...formType, ...headers, cookie, accept: 'text/html' },
      });
      expectRefusalPage(page, { status: 403, code: 'M-HTTP-004' });
      expect(page.headers['set-cookie']).toBeUndefined();
    }
    expect(await storeState(world.broker.stores.db)).toEqual(before);
  });

  test('a cross-site form that a browser really sends: its cookie stays behind', async () => {
    const page = await browser.post(
      `${here(emailPage)}/email`,
      { email: agent.email },
      { initiator: 'https://evil.example/' },
    );
    expectRefusalPage(page, { status: 403, code: 'M-HTTP-004' });
  });

  test('signing out needs the secret of the page', async () => {
    const attempt = authorizationRequest(world.issuer, docs);
    await signIn(browser, attempt, agent);
    const logout = await browser.get(`${world.issuer}/session/end`);
    expect(formsOf(logout.body, logout.url)[0]?.fields.get('xsrf')).toMatch(/^[\w-]{20,}$/);
    for (const fields of [
      { logout: 'yes' },
      { logout: 'yes', xsrf: '' },
      { logout: 'yes', xsrf: 'a'.repeat(43) },
    ]) {
      const page = await browser.post(`${world.issuer}/session/end/confirm`, fields);
      expectRefusalPage(page, { status: 400, code: 'M-OIDC-005' });
    }
    expect((await silently(browser, world.issuer, docs)).code).toBeDefined();
  });
});

describe('an interaction belongs to the browser that began it', () => {
  test('CVE-2022-39222, CVE-2026-7507: read or posted without its cookie', async () => {
    const stranger = createBrowser();
    expectRefusalPage(await stranger.get(emailPage.url), { status: 400, code: 'M-OIDC-004' });
    expectRefusalPage(await stranger.get(`${here(emailPage)}/organization`), {
      status: 400,
      code: 'M-OIDC-004',
    });
    expectRefusalPage(await stranger.get(`${here(emailPage)}/cancel`), { status: 400, code: 'M-OIDC-004' });
    for (const step of ['/email', '/idp', '/organization', '/step-up']) {
      const page = await stranger.post(`${here(emailPage)}${step}`, { email: agent.email });
      expectRefusalPage(page, { status: 400, code: 'M-OIDC-004' });
    }
    await stranger.close();
    expect(await storeState(world.broker.stores.db)).toEqual(before);
  });

  test('with the cookie of another interaction of the same browser', async () => {
    const other = await browser.get(authorizationRequest(world.issuer, docs).url);
    const cookie = await cookieOf(other);
    expectRefusalPage(await send(emailPage.url, { headers: { cookie, accept: 'text/html' } }), {
      status: 400,
      code: 'M-OIDC-004',
    });
  });

  test('CVE-2026-7571: with a cookie that was changed, or whose signature is gone', async () => {
    const cookies = await browser.cookies(emailPage.url);
    const interaction = cookies.find((one) => one.startsWith('maillon-interaction=')) ?? '';
    const signature = cookies.find((one) => one.startsWith('maillon-interaction.sig=')) ?? '';
    expect(interaction).not.toBe('');
    expect(signature).not.toBe('');
    const flip = (text: string) => `${text.slice(0, -3)}${text.endsWith('AAA') ? 'BBB' : 'AAA'}`;
    for (const changed of [
      interaction,
      signature,
      `${flip(interaction)}; ${signature}`,
      `${interaction}; ${flip(signature)}`,
      `${interaction}; maillon-interaction.sig=`,
    ]) {
      const page = await send(emailPage.url, { headers: { cookie: changed, accept: 'text/html' } });
      expectRefusalPage(page, { status: 400, code: 'M-OIDC-004' });
    }
    expect((await send(emailPage.url, { headers: { cookie: `${interaction}; ${signature}` } })).status).toBe(
      200,
    );
  });

  test('CVE-2026-7507: a session cookie that was changed signs nobody in', async () => {
    await signIn(browser, authorizationRequest(world.issuer, docs), agent);
    const cookies = await browser.cookies(world.issuer);
    const value = cookies.find((one) => one.startsWith('maillon-session=')) ?? '';
    const signature = cookies.find((one) => one.startsWith('maillon-session.sig=')) ?? '';
    const { url } = authorizationRequest(world.issuer, docs, { prompt: 'none' });
    const answerTo = async (cookie: string) => {
      const { headers } = await send(url, { headers: { cookie } });
      return toolAnswer(String(headers['location']));
    };
    for (const changed of [
      value,
      signature,
      `${value}A; ${signature}`,
      `${value.slice(0, -1)}; ${signature}`,
      `maillon-session=; ${signature}`,
    ]) {
      expect((await answerTo(changed)).error, changed).toBe('login_required');
    }
    expect((await answerTo(`${value}; ${signature}`)).code).toBeDefined();
  });

  test('the way back tells a code of the catalogue or nothing', async () => {
    for (const because of [
      '%22%3E%3Cscript%3E',
      'M-EVIL-001',
      '__proto__',
      'toString',
      'M-ROUT-002%0d%0aSet-Cookie:a=b',
    ]) {
      const page = await browser.get(authorizationRequest(world.issuer, docs).url);
      const back = await browser.get(`${here(page)}/cancel?because=${because}`, {
        redirects: untilTool(docs),
      });
      expect(toolAnswer(back.location)).toMatchObject({
        error: 'access_denied',
        description: 'user_cancelled',
      });
    }
  });

  test('an interaction that ended does not begin again', async () => {
    await browser.get(`${here(emailPage)}/cancel`, { redirects: untilTool(docs) });
    expectRefusalPage(await browser.get(emailPage.url), { status: 400, code: 'M-OIDC-004' });
  });
});

describe('a form is small and plain', () => {
  const post = async (headers: Readonly<Record<string, string>>, body: string) =>
    send(`${here(emailPage)}/email`, {
      method: 'POST',
      body,
      headers: {
        cookie: await cookieOf(emailPage),
        accept: 'text/html',
        origin: new URL(world.issuer).origin,
        ...headers,
      },
    });

  test('more than 16 kB is refused', async () => {
    const page = await post(formType, `email=${'a'.repeat(17_000)}`);
    expectRefusalPage(page, { status: 400, code: 'M-HTTP-003' });
    const many = await post(formType, 'a=1&'.repeat(5_000));
    expectRefusalPage(many, { status: 400, code: 'M-HTTP-003' });
  });

  test.each([
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded-not',
    '',
  ])('content type %j is refused', async (type) => {
    const page = await post({ 'content-type': type }, emailForm);
    expectRefusalPage(page, { status: 400, code: 'M-HTTP-003' });
  });

  test('compressed, it is refused before it is unpacked', async () => {
    for (const encoding of ['gzip', 'deflate', 'br', 'identity, gzip']) {
      const page = await post(
        { ...formType, 'content-encoding': encoding },
        gzipSync(emailForm).toString('latin1'),
      );
      expectRefusalPage(page, { status: 400, code: 'M-HTTP-003' });
    }
  });

  test('a body that says it is short and is long, or says nothing', async () => {
    const lines = (length: string) => [
      `POST ${new URL(emailPage.url).pathname}/email HTTP/1.1`,
      `Host: localhost:${world.config.port}`,
      'Content-Type: application/x-www-form-urlencoded',
      length,
    ];
    const chunked = await sendRaw(
      world.config.port,
      lines('Transfer-Encoding: chunked'),
      `5000\r\n${'a'.repeat(0x5000)}\r\n0\r\n\r\n`,
    );
    expect([400, NaN]).toContain(chunked.status);
    const both = await sendRaw(
      world.config.port,
      [...lines('Content-Length: 5'), 'Transfer-Encoding: chunked'],
      '0\r\n\r\n',
    );
    expect(both.status).toBe(400);
    const negative = await sendRaw(world.config.port, lines('Content-Length: -1'), '');
    expect(negative.status).toBe(400);
  });

  test('the endpoints for programs refuse what is too large too', async () => {
    for (const path of ['/token', '/par', '/token/introspection', '/token/revocation']) {
      const answer = await send(`${world.issuer}${path}`, {
        method: 'POST',
        headers: formType,
        body: `a=${'b'.repeat(200_000)}`,
      });
      expect([400, 413], path).toContain(answer.status);
    }
    const authorize = await browser.post(`${world.issuer}/authorize`, { state: 'a'.repeat(17_000) });
    expectRefusalPage(authorize, { status: 400, code: 'M-HTTP-003' });
  });
});
