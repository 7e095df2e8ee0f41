import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import Koa from 'koa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDevMailbox, createHttp } from './http.ts';

const issuer = new URL('https://connexion.example.fr/api/v2');
const id = randomUUID();
const kept = {
  id,
  to: 'presidence@amd-fictif.example',
  subject: 'Accusé <script>alert(1)</script>',
  about: 'registration:D-26-7K3QXWPB',
  createdAt: new Date('2026-11-22T10:00:00Z'),
  text: 'Reçu : https://connexion.example.fr/api/v2/demandes/1 et https://ailleurs.example/ <b>\n',
  html: '<p onclick="alert(1)">Reçu<script>alert(1)</script></p>',
};

describe('/dev/mailbox', () => {
  let server: Server;
  let origin: string;
  beforeAll(async () => {
    const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const http = createHttp({
      issuer,
      basePath: '/api/v2',
      logger,
      viewsDir: 'views',
      localesDir: 'locales',
    });
    const mailbox = {
      list: () => Promise.resolve([kept]),
      read: (asked: string) => Promise.resolve(asked === id ? kept : undefined),
    };
    const app = new Koa();
    app.use(http.securityHeaders);
    app.use(http.errorPages);
    app.use(http.languageChoice);
    app.use(createDevMailbox({ mailbox, renderPage: http.renderPage, basePath: '/api/v2', issuer }));
    app.use((ctx) => {
      ctx.body = 'elsewhere';
    });
    server = createServer((request, response) => void app.callback()(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    origin = `http://127.0.0.1:${address.port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const get = (path: string, method = 'GET') => fetch(origin + path, { method });

  test('lists mails by their subject, escaped', async () => {
    const page = await (await get('/api/v2/dev/mailbox')).text();
    expect(page).toContain(`href="/api/v2/dev/mailbox/${id}"`);
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toContain('<script');
  });

  test('shows one as text, with the addresses of this site to follow and no other', async () => {
    const page = await (await get(`/api/v2/dev/mailbox/${id}`)).text();
    expect(page).toContain('href="https://connexion.example.fr/api/v2/demandes/1"');
    expect(page).not.toContain('href="https://ailleurs.example');
    expect(page).toContain('&lt;b&gt;');
    expect(page).not.toContain('onclick="alert');
  });

  test('gives the formatted version to save, in a sandbox: nothing of it runs here', async () => {
    const answer = await get(`/api/v2/dev/mailbox/${id}/html`);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="courriel.html"');
    expect(answer.headers.get('content-security-policy')).toBe(
      "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    );
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await answer.text()).toBe(kept.html);
  });

  test.each([`/api/v2/dev/mailbox/${randomUUID()}`, `/api/v2/dev/mailbox/${randomUUID()}/html`])(
    'an unknown mail is not found: %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );

  test.each([
    ['/dev/mailbox', 'GET'],
    ['/api/v2/dev/mailboxes', 'GET'],
    ['/api/v2/dev/mailbox/../x', 'GET'],
    ['/api/v2/dev/mailbox', 'POST'],
  ])('%s %s is not its business', async (path, method) => {
    expect(await (await get(path, method)).text()).toBe('elsewhere');
  });
});
