import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { guardedFetch } from './guarded-fetch.ts';
import { answerLimit, createFetchFor, reachOf } from './reach.ts';
import type { Reach } from './reach.ts';

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
  options: { reach?: Reach; path?: string; timeout?: number } = {},
) {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const base = `http://127.0.0.1:${address.port}`;
  const get = guardedFetch({
    fetch: createFetchFor()(options.reach ?? 'loopback'),
    values: { idp: 'Annuaire' },
  });
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
    await expect(asked).rejects.toMatchObject({ code: 'M-UPST-027', values: { idp: 'Annuaire' } });
    expect(paths).toEqual(['/x?code=secret']);
  });

  it.each([
    [answerLimit, 'ok'],
    [answerLimit + 1, 'M-UPST-026'],
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
    await expect(asked).rejects.toMatchObject({ code: 'M-UPST-026' });
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

  it.each(['public', 'private'] as const)(
    'does not call this machine for an IdP that is %s',
    async (reach) => {
      let called = false;
      const asked = ask(() => (called = true), { reach });
      await expect(asked).rejects.toMatchObject({ code: 'M-UPST-028' });
      expect(called).toBe(false);
    },
  );
});

/** Names lead where the table says, and nothing is sent: an address that is let through is one that we fail to reach. */
describe('addresses, once the name is resolved (CVE-2026-56739 and its kin)', () => {
  async function codeOf(href: string, reach: Reach, address?: string): Promise<string> {
    let asked = 0;
    const fetchFor = createFetchFor({
      privateNetworks: ['203.0.113.0/24'],
      resolve: async () => {
        asked += 1;
        // What would rebind answers a public address the first time: there is no first time.
        if (address === undefined) throw new Error(`resolved ${asked} times`);
        return [{ address, family: address.includes(':') ? 6 : 4 }];
      },
    });
    const get = guardedFetch({ fetch: fetchFor(reach), values: {} });
    const signal = AbortSignal.timeout(60);
    return get(href, { method: 'GET', headers: {}, body: undefined, redirect: 'manual', signal }).then(
      () => 'answered',
      (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'other'),
    );
  }
  const refused = 'M-UPST-028';

  it.each([
    'http://idp.example/',
    'http://192.0.2.1/',
    'ftp://127.0.0.1.example/',
    'https://user@idp.example/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/',
    'https://[fd00::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://10.1.2.3/',
  ])('%s is not called', async (href) => {
    expect(await codeOf(href, 'public')).toBe(refused);
  });

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '0.0.0.0',
    '::1',
    'fd00::1',
    'fe80::1',
    '::ffff:10.0.0.1',
  ])('a name that leads to %s is not called, whatever it led to before', async (address) => {
    expect(await codeOf('https://idp.example/', 'public', address)).toBe(refused);
  });

  it.each(['10.1.2.3', '172.16.0.1', '192.168.1.1', '100.64.0.1', 'fd00::1', '203.0.113.7'])(
    'private_addresses: a name that leads to %s may be called',
    async (address) => {
      expect(await codeOf('https://idp.example/', 'private', address)).toBe('M-UPST-001');
    },
  );

  it.each(['169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '168.63.129.16', '::ffff:169.254.169.254'])(
    'what clouds tell their machines is never called, whatever is allowed: %s',
    async (address) => {
      for (const reach of ['public', 'private'] as const) {
        const host = address.includes(':') ? `[${address}]` : address;
        expect(await codeOf('https://idp.example/', reach, address)).toBe(refused);
        expect(await codeOf(`https://${host}/`, reach)).toBe(refused);
      }
    },
  );

  it.each(['127.0.0.1', '169.254.169.254', '0.0.0.0', '::1', 'fe80::1', '198.51.100.1'])(
    'private_addresses: one that leads to %s still is not',
    async (address) => {
      expect(await codeOf('https://idp.example/', 'private', address)).toBe(refused);
    },
  );

  it('this machine is for IdPs that are declared there, out of production', () => {
    const at = (issuer: string, more = {}) => [
      reachOf({ issuer, ...more }, true),
      reachOf({ issuer, ...more }, false),
    ];
    expect(at('http://127.0.0.1:3001')).toEqual(['loopback', 'public']);
    expect(at('https://idp.example')).toEqual(['public', 'public']);
    expect(at('https://idp.example', { private_addresses: true })).toEqual(['private', 'private']);
    expect(at('https://idp.example', { private_addresses: false })).toEqual(['public', 'public']);
  });
});
