import { request } from 'node:http';
import type { Middleware } from 'koa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';
import { samples } from '../../test/browser/page-samples.ts';
import { startPageServer } from '../../test/browser/page-server.ts';
import type { PageServer } from '../../test/browser/page-server.ts';
import { contentSecurityPolicy, headersFor } from './security-headers.ts';

const secret = 'postgres://user:hunter2@db';

const routes =
  (http: PageServer['http']): Middleware =>
  async (ctx, next) => {
    switch (ctx.path) {
      case '/broken':
        throw new Error(secret);
      case '/provider-down':
        throw new BrokerError('M-UPST-001', {
          detail: 'ECONNREFUSED 10.0.0.1',
          values: { idp: 'Ville <b>' },
        });
      case '/too-many':
        throw new BrokerError('M-LIMI-001', { retryAfterSeconds: 754 });
      case '/callback/ville':
        throw new BrokerError('M-UPST-004');
      case '/refused-by-library':
        throw Object.assign(new Error('invalid_client'), {
          status: 400,
          error: 'invalid_client',
          error_detail: 'client not found',
        });
      case '/library-logout':
        http.errorPage(ctx, Object.assign(new Error('x'), { status: 400, error: 'invalid_request' }), {
          fallback: 'M-OIDC-005',
          service: 'Docs',
          backHref: '/retour',
        });
        return;
      case '/own-policy':
        ctx.set('Content-Security-Policy', "default-src 'self'");
        ctx.body = 'ok';
        return;
      case '/form-post':
        // What oidc-provider does to let its own inline script run.
        ctx.set(
          'Content-Security-Policy',
          `${ctx.response.get('Content-Security-Policy')};script-src 'sha256-x'`,
        );
        ctx.body = 'ok';
        return;
      default:
        await next();
    }
  };

let server: PageServer;
beforeAll(async () => {
  server = await startPageServer({ samples, routes });
});
afterAll(() => server.close());

const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const errorBody = z.strictObject({
  error: z.string(),
  error_description: z.string(),
  code: z.string(),
  id: z.string(),
});

const get = (path: string, headers: Record<string, string> = html): Promise<Response> =>
  fetch(server.origin + path, { headers });

/** fetch() does not let us choose Host. */
const withHost = (
  path: string,
  host: string,
): Promise<{ status: number; headers: Record<string, unknown> }> =>
  new Promise((resolve, reject) => {
    const sent = request(server.origin + path, { headers: { host, ...html } }, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers });
    });
    sent.on('error', reject);
    sent.end();
  });

describe('security headers', () => {
  test.each(['/page/email', '/nowhere', '/broken', '/livez', '/.well-known/security.txt', '/accessibilite'])(
    'stand on %s',
    async (path) => {
      const { headers } = await get(path);
      expect(headers.get('content-security-policy')).toContain(contentSecurityPolicy);
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('permissions-policy')).toContain('geolocation=()');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('strict-transport-security')).toBeNull();
    },
  );

  test('the policy fetches nothing from elsewhere and leaves form-action out, for the redirects that follow a post', () => {
    expect(contentSecurityPolicy).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
  });

  test('pages whose forms stay here close form-action', async () => {
    expect((await get('/aide')).headers.get('content-security-policy')).toBe(
      `${contentSecurityPolicy}; form-action 'self'`,
    );
    expect((await get('/page/email')).headers.get('content-security-policy')).toBe(contentSecurityPolicy);
  });

  test('HSTS comes with https only', () => {
    expect(headersFor(new URL('https://connexion.example'))).toHaveProperty('Strict-Transport-Security');
    expect(headersFor(new URL('http://localhost:3000'))).not.toHaveProperty('Strict-Transport-Security');
  });

  test('over plain http on a test network, our own forms keep a readable Origin', () => {
    expect(headersFor(new URL('http://192.0.2.7:3000'))['Referrer-Policy']).toBe('same-origin');
    expect(headersFor(new URL('https://connexion.example'))['Referrer-Policy']).toBe('no-referrer');
  });

  test('a handler keeps the policy it set, or adds to ours', async () => {
    expect((await get('/own-policy')).headers.get('content-security-policy')).toBe("default-src 'self'");
    expect((await get('/form-post')).headers.get('content-security-policy')).toBe(
      `${contentSecurityPolicy};script-src 'sha256-x'`,
    );
  });

  test('pages are not stored, assets are for ever', async () => {
    expect((await get('/page/email')).headers.get('cache-control')).toBe('no-store');
    expect((await get('/nowhere')).headers.get('cache-control')).toBe('no-store');
  });
});

describe('host guard', () => {
  test.each(['evil.example', '127.0.0.1', 'evil.example@127.0.0.1', '127.0.0.1:1', '127.0.0.1.evil.example'])(
    'Host %j is not ours: 421',
    async (host) => {
      const answer = await withHost('/page/email', host);
      expect(answer.status).toBe(421);
    },
  );

  test('our own host is served, whatever its case', async () => {
    const { host } = new URL(server.origin);
    expect((await withHost('/page/email', host)).status).toBe(200);
  });

  test('X-Forwarded-Host changes nothing without a trusted proxy', async () => {
    const answer = await get('/page/email', { ...html, 'x-forwarded-host': 'evil.example' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).not.toContain('evil.example');
  });

  test('probes call by address', async () => {
    expect((await withHost('/livez', '10.1.2.3:3000')).status).toBe(200);
    expect((await withHost('/readyz', '10.1.2.3:3000')).status).toBe(200);
  });
});

describe('error pages', () => {
  test('a page shows the code and an id that the log bears too; detail and cause stay in the log', async () => {
    const answer = await get('/provider-down');
    const page = await answer.text();
    expect(answer.status).toBe(502);
    const id = /M-UPST-001 · ([0-9A-F]{4}-[0-9A-F]{4})/.exec(page)?.[1];
    expect(id).toBeDefined();
    expect(server.logs).toContainEqual({
      level: 'error',
      fields: expect.objectContaining({
        errorId: id,
        code: 'M-UPST-001',
        detail: 'ECONNREFUSED 10.0.0.1',
      }) as unknown,
    });
    expect(page).not.toContain('10.0.0.1');
    expect(page).toContain('Ville &lt;b&gt; ne répond pas');
    expect(page).toContain('<title>Erreur – Ville &lt;b&gt; ne répond pas – Maillon</title>');
  });

  test('two errors never share an id', async () => {
    const pages = await Promise.all(Array.from({ length: 20 }, async () => (await get('/broken')).text()));
    const ids = pages.map((page) => /M-HTTP-001 · (\S+?)</.exec(page)?.[1]);
    expect(new Set(ids).size).toBe(20);
  });

  test('what nobody foresaw is M-HTTP-001 and tells nothing', async () => {
    const answer = await get('/broken');
    const page = await answer.text();
    expect(answer.status).toBe(500);
    expect(page).toContain('M-HTTP-001');
    expect(page).not.toContain('hunter2');
    expect(page).not.toContain('at ');
  });

  test('a machine gets JSON, in characters that OAuth allows', async () => {
    const answer = await get('/provider-down', { accept: 'application/json' });
    const text = await answer.text();
    const body = errorBody.parse(JSON.parse(text));
    expect(answer.status).toBe(502);
    expect(body).toMatchObject({ error: 'temporarily_unavailable', code: 'M-UPST-001' });
    expect(body.error_description).toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/);
    expect(text).not.toContain('10.0.0.1');
    // `*/*`: curl and libraries.
    expect((await get('/nowhere', { accept: '*/*' })).headers.get('content-type')).toContain('json');
  });

  test('whoever comes too often is told when to come back, in the header as in the words', async () => {
    for (const accept of ['text/html', 'application/json']) {
      const answer = await get('/too-many', { accept });
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '754']);
    }
    expect(await (await get('/too-many')).text()).toMatch(/Attendez 13\sminutes/u);
    expect((await get('/provider-down')).headers.has('retry-after')).toBe(false);
  });

  test('a page that does not exist is 404, in both languages, and no foreign address slips in', async () => {
    const answer = await get('//evil.example/x?lang=en');
    const page = await answer.text();
    expect(answer.status).toBe(404);
    expect(page).toContain('This page does not exist');
    expect(page).not.toContain('evil.example');
    expect((await get('/nowhere')).status).toBe(404);
  });

  test('errors of the library take the codes of the house', async () => {
    const unknown = await (await get('/refused-by-library')).text();
    expect(unknown).toContain('M-OIDC-001');
    expect(unknown).not.toContain('client not found');
    const logout = await (await get('/library-logout')).text();
    expect(logout).toContain('M-OIDC-005');
    expect(logout).toContain('href="/retour"');
    expect(logout).toContain('Revenir à Docs');
  });

  test('where the address cannot be asked for again, the other language stands below', async () => {
    const page = await (await get('/callback/ville?code=abc&state=def')).text();
    expect(page).toContain('href="#other-language"');
    expect(page).toContain('This sign-in attempt is no longer valid');
    expect(page).not.toContain('code=abc');
    const posted = await fetch(`${server.origin}/broken`, { method: 'POST', headers: html });
    expect(await posted.text()).toContain('id="other-language"');
  });

  test('the log holds the path, never the query', () => {
    expect(JSON.stringify(server.logs)).not.toContain('code=abc');
  });
});

describe('health', () => {
  test('/readyz says which store is down', async () => {
    const down = await startPageServer({ health: async () => ({ database: true, ephemeral: false }) });
    const answer = await fetch(`${down.origin}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({
      status: 'unavailable',
      checks: { database: true, ephemeral: false },
    });
    expect((await fetch(`${down.origin}/livez`)).status).toBe(200);
    await down.close();
  });

  test('a check that throws is not ready', async () => {
    const broken = await startPageServer({
      health: () => Promise.reject(new Error('x')),
      basePath: '/api/v2',
    });
    expect((await fetch(`${broken.origin}/api/v2/readyz`)).status).toBe(503);
    await broken.close();
  });
});

describe('security.txt', () => {
  test('has the fields of RFC 9116 and a date to come, less than a year away', async () => {
    const answer = await get('/.well-known/security.txt');
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const text = await answer.text();
    expect(text).toContain(`Contact: ${server.origin}/aide\n`);
    expect(text).toContain('Preferred-Languages: fr, en\n');
    expect(text).toContain(`Canonical: ${server.origin}/.well-known/security.txt\n`);
    const expires = Date.parse(/^Expires: (\S+)$/m.exec(text)?.[1] ?? '');
    expect(expires).toBeGreaterThan(Date.now());
    expect(expires).toBeLessThan(Date.now() + 365 * 24 * 3600 * 1000);
  });
});
