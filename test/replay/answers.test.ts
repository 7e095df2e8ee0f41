/**
 * What every answer of ours carries, pages, redirects and answers for programs alike (RFC 9700 §4.12, §4.16; advisories
 * of other brokers, replayed).
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { someOfEach } from './support/endpoints.ts';
import { shownCode } from './support/pages.ts';
import { authorizationRequest, demoTool, redeem, send } from './support/relying-party.ts';
import type { Tool } from './support/relying-party.ts';
import { startUp } from './support/timing.ts';

const agent = { email: 'agent@etat.example', sub: 'agent-etat' };
let world: World;
let docs: Tool;
let browser: Browser;

beforeAll(async () => {
  world = await startWorld();
  docs = demoTool(world, 'docs');
}, startUp);
afterAll(() => world.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

describe('every answer', () => {
  const strict = (page: { readonly headers: Readonly<Record<string, unknown>> }, name: string): void => {
    const csp = String(page.headers['content-security-policy']);
    expect(csp, name).toMatch(/default-src 'none'/);
    expect(csp, name).toMatch(/frame-ancestors 'none'/);
    expect(csp, name).toMatch(/base-uri 'none'/);
    expect(csp, name).not.toMatch(/unsafe-inline|unsafe-eval|\*|https?:\/\//);
    expect(page.headers, name).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(page.headers['permissions-policy'], name).toContain('camera=()');
    expect(page.headers['x-powered-by'], name).toBeUndefined();
    expect(page.headers['server'], name).toBeUndefined();
  };

  test('RFC 9700 §4.16: has the security headers, pages and programs alike', async () => {
    for (const path of someOfEach(world)) {
      strict(await send(`${world.issuer}${path}`, { headers: { accept: 'text/html' } }), path);
      strict(await send(`${world.issuer}${path}`, { method: 'POST' }), `POST ${path}`);
    }
  });

  test('RFC 9700 §4.12: each hop of a login is 303, 302 or a page; none is 307, none is kept by a cache', async () => {
    const pages: Page[] = [];
    const seen = async (page: Page): Promise<Page> => {
      pages.push(page);
      if (page.location === undefined || !page.location.startsWith(world.issuer)) return page;
      return seen(await browser.follow(page, { redirects: 'manual' }));
    };
    const attempt = authorizationRequest(world.issuer, docs);
    const emailPage = await seen(await browser.get(attempt.url, { redirects: 'manual' }));
    const sent = await seen(
      await browser.submitForm(emailPage, { email: agent.email }, { redirects: 'manual' }),
    );
    const people = await browser.follow(sent);
    const callback = await browser.submitForm(
      people,
      { person: agent.sub },
      { redirects: (url) => url.pathname.startsWith('/callback/') },
    );
    const end = await seen(await browser.follow(callback, { redirects: 'manual' }));
    expect(end.location?.startsWith(docs.redirectUri)).toBe(true);
    expect(pages.length).toBeGreaterThanOrEqual(5);
    for (const page of pages) {
      expect([200, 302, 303], page.url).toContain(page.status);
      expect(page.headers['cache-control'], page.url).toMatch(/no-store/);
      strict(page, page.url);
    }
    const code = new URL(end.location ?? '').searchParams.get('code') ?? '';
    strict(await redeem(world.issuer, attempt, code), 'token');
  });

  test('a page that does not exist is a page', async () => {
    for (const path of [
      '/favicon.ico',
      '/nulle-part',
      '/.env',
      '/.git/config',
      '/interaction',
      '/interaction/',
      '/callback',
      '/callback/demo/x',
      '/assets/../config',
      '/assets/maillon.css',
      '/%00',
      '/%2e%2e/%2e%2e/etc/passwd',
    ]) {
      const page = await browser.get(`${world.issuer}${path}`);
      expect(page.status, path).toBe(404);
      expect(shownCode(page), path).toBe('M-HTTP-002');
      strict(page, path);
    }
  });

  test('a method that is not served is a page or an error, never a failure', async () => {
    for (const path of [
      '/',
      '/token',
      '/authorize',
      '/interaction/x',
      '/callback/demo',
      '/session/end',
      '/jwks',
    ]) {
      for (const method of ['PUT', 'DELETE', 'HEAD', 'OPTIONS'] as const) {
        const answer = await send(`${world.issuer}${path}`, { method });
        expect(answer.status, `${method} ${path}`).toBeLessThan(500);
        strict(answer, `${method} ${path}`);
      }
    }
  });
});
