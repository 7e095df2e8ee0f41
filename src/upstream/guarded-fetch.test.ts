import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { answerLimit, guardedFetch } from './guarded-fetch.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Over a real socket: redirects, sizes and deadlines are what a fake would get wrong. */
async function ask(
  listener: RequestListener,
  options: { issuer?: string; path?: string; timeout?: number } = {},
) {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const base = `http://127.0.0.1:${address.port}`;
  const get = guardedFetch({ fetch, issuer: new URL(options.issuer ?? base), values: { idp: 'Annuaire' } });
  return get(`${base}${options.path ?? '/x?code=secret'}`, {
    method: 'GET',
    headers: {},
    body: undefined,
    redirect: 'manual',
    signal: AbortSignal.timeout(options.timeout ?? 2000),
  });
}

describe('fetch towards an identity provider', () => {
  it('gives status, headers and body', async () => {
    const response = await ask((_request, answer) =>
      answer.writeHead(401, { 'www-authenticate': 'Bearer' }).end('no'),
    );
    expect([response.status, response.headers.get('www-authenticate'), await response.text()]).toEqual([
      401,
      'Bearer',
      'no',
    ]);
  });

  it('follows no redirection', async () => {
    const paths: (string | undefined)[] = [];
    const asked = ask((request, answer) => {
      paths.push(request.url);
      answer.writeHead(302, { location: '/elsewhere' }).end();
    });
    await expect(asked).rejects.toMatchObject({ code: 'M-UPST-002', values: { idp: 'Annuaire' } });
    expect(paths).toEqual(['/x?code=secret']);
  });

  it.each([
    [answerLimit, 'ok'],
    [answerLimit + 1, 'M-UPST-002'],
  ])('reads %d bytes: %s, announced or not', async (size, expected) => {
    for (const headers of [{ 'content-length': size }, {}]) {
      const outcome = await ask((_request, answer) =>
        answer.writeHead(200, headers).end(Buffer.alloc(size)),
      ).then(
        () => 'ok',
        (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
      );
      expect(outcome).toBe(expected);
    }
  });

  it('stops an answer without end', async () => {
    let sent = 0;
    const asked = ask((_request, answer) => {
      const chunk = Buffer.alloc(65_536);
      const more = () => {
        sent += chunk.length;
        if (!answer.destroyed && answer.write(chunk)) setImmediate(more);
      };
      answer.on('drain', more);
      more();
    });
    await expect(asked).rejects.toMatchObject({ code: 'M-UPST-002' });
    expect(sent).toBeLessThan(100 * answerLimit);
  });

  it.each<readonly [string, RequestListener]>([
    ['nothing comes', () => undefined],
    ['the body never ends', (_request, answer) => answer.writeHead(200).write('{')],
  ])('gives up at the deadline when %s', async (_name, listener) => {
    const started = performance.now();
    await expect(ask(listener, { timeout: 200 })).rejects.toMatchObject({ code: 'M-UPST-001' });
    expect(performance.now() - started).toBeLessThan(1500);
  });

  it.each([429, 500, 503])('calls HTTP %d an IdP that does not answer', async (status) => {
    await expect(ask((_request, answer) => answer.writeHead(status).end())).rejects.toMatchObject({
      code: 'M-UPST-001',
    });
  });

  it('calls a closed connection the same, and logs neither query nor body', async () => {
    const asked = ask((request) => request.socket.destroy());
    await expect(asked).rejects.toMatchObject({ code: 'M-UPST-001' });
    await asked.catch((error: unknown) => expect(String(error)).not.toContain('secret'));
  });

  it('does not call this machine for an IdP that lives elsewhere', async () => {
    let called = false;
    const asked = ask(() => (called = true), { issuer: 'https://idp.example' });
    await expect(asked).rejects.toMatchObject({ code: 'M-UPST-002' });
    expect(called).toBe(false);
  });

  it.each(['http://idp.example/', 'http://192.0.2.1/', 'ftp://127.0.0.1.example/'])(
    'does not call %s',
    async (href) => {
      const never = guardedFetch({
        fetch: () => Promise.reject(new Error('called')),
        issuer: new URL('http://127.0.0.1:1'),
        values: {},
      });
      const asked = never(href, { method: 'GET', headers: {}, body: undefined, redirect: 'manual' });
      await expect(asked).rejects.toMatchObject({ code: 'M-UPST-002' });
    },
  );
});
