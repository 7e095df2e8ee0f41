import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createGuardedFetch } from './guarded-fetch.ts';
import type { GuardedFetchOptions } from './guarded-fetch.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const guarded = (options: Partial<GuardedFetchOptions> = {}) =>
  createGuardedFetch({ allowLoopback: true, timeoutMs: 2000, maxBytes: 1000, ...options });

/** Over a real socket: redirects, sizes and deadlines are what a fake would get wrong. */
async function ask(
  listener: RequestListener,
  options: Partial<GuardedFetchOptions> = {},
  init?: RequestInit,
) {
  return guarded(options)(`http://127.0.0.1:${await serve(listener)}/x?code=secret`, init);
}

describe('an address of somebody else', () => {
  it('is asked, and its answer given', async () => {
    const response = await ask((_request, answer) => answer.writeHead(404, { 'x-a': 'b' }).end('no'));
    expect([response.status, response.headers.get('x-a'), await response.text()]).toEqual([404, 'b', 'no']);
  });

  it('is sent a form', async () => {
    const got: string[] = [];
    const response = await ask(
      (request, answer) => {
        got.push(request.method ?? '', request.headers['content-type'] ?? '');
        request.setEncoding('utf8').on('data', (text: string) => got.push(text));
        request.on('end', () => answer.writeHead(204).end());
      },
      {},
      { method: 'POST', body: new URLSearchParams({ logout_token: 'a.b.c' }) },
    );
    expect(response.status).toBe(204);
    expect(got).toEqual(['POST', 'application/x-www-form-urlencoded;charset=UTF-8', 'logout_token=a.b.c']);
  });

  it.each([301, 302, 303, 307, 308])('is not left for another: %d', async (status) => {
    let asked = 0;
    const answer = ask((_request, response) => {
      asked += 1;
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    await expect(answer).rejects.toThrow(`redirection ${status}`);
    expect(asked).toBe(1);
  });

  it('may say where a thing went, to who wants to know: it is given back, and not followed', async () => {
    let asked = 0;
    const response = await ask(
      (_request, answer) => {
        asked += 1;
        answer.writeHead(301, { location: '/siren/130025265' }).end('moved');
      },
      { redirectsAnswer: true },
    );
    expect([response.status, response.headers.get('location'), await response.text()]).toEqual([
      301,
      '/siren/130025265',
      'moved',
    ]);
    expect(asked).toBe(1);
  });

  it.each([
    ['gzip', gzipSync('{"a":1}')],
    ['identity', Buffer.from('{"a":1}')],
  ])('is given as it is once decompressed: %s', async (coding, body) => {
    const asked: string[] = [];
    const response = await ask((request, answer) => {
      asked.push(request.headers['accept-encoding'] ?? '', request.headers['user-agent'] ?? '');
      answer.writeHead(200, { 'content-encoding': coding, 'content-type': 'application/json' }).end(body);
    });
    expect(await response.json()).toEqual({ a: 1 });
    expect(asked).toEqual(['gzip', 'maillon']);
  });

  it('may have no body, whatever it says of its coding', async () => {
    const response = await ask((_request, answer) =>
      answer.writeHead(200, { 'content-encoding': 'gzip' }).end(),
    );
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it('gives no more than its limit, announced or not, compressed or not', async () => {
    const full = Buffer.alloc(1000);
    const over = Buffer.alloc(1001);
    const send = (body: Buffer, headers: Record<string, string>) =>
      ask((_request, answer) => answer.writeHead(200, headers).end(body));
    expect((await (await send(full, {})).arrayBuffer()).byteLength).toBe(1000);
    await expect(send(over, { 'content-length': '1001' })).rejects.toThrow('more than 1000 bytes');
    await expect(send(over, {})).rejects.toThrow('more than 1000 bytes');
    await expect(send(gzipSync(over), { 'content-encoding': 'gzip' })).rejects.toThrow('more than 1000');
  });

  it.each<readonly [string, RequestListener]>([
    ['does not answer', () => undefined],
    ['never ends its answer', (_request, answer) => answer.writeHead(200).write('{')],
  ])('that %s is left at the deadline', async (_name, listener) => {
    const started = performance.now();
    await expect(ask(listener, { timeoutMs: 200 })).rejects.toThrow('no answer in time');
    expect(performance.now() - started).toBeLessThan(1500);
  });

  it('is left when the caller gives up', async () => {
    const signal = AbortSignal.timeout(50);
    await expect(ask(() => undefined, {}, { signal })).rejects.toThrow('no answer in time');
  });

  it('is left at the deadline, and when the caller gives up, though nothing is connected yet', async () => {
    const resolve = () => new Promise<never>(() => undefined);
    const href = 'https://idp.example/token';
    const started = performance.now();
    await expect(guarded({ resolve, timeoutMs: 100 })(href)).rejects.toThrow('no answer in time');
    const signal = AbortSignal.timeout(50);
    await expect(guarded({ resolve })(href, { signal })).rejects.toThrow('no answer in time');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it.each([204, 205, 304])('has no body where HTTP knows none: %d', async (status) => {
    const response = await guarded({
      redirectsAnswer: true,
      send: () => Promise.resolve({ status, headers: [], body: Readable.from([Buffer.from('x')]) }),
    })('https://idp.example/');
    expect([response.status, await response.text()]).toEqual([status, '']);
  });

  it('never stands with its path in an error', async () => {
    const failure: unknown = await ask((request) => request.socket.destroy()).catch(
      (error: unknown) => error,
    );
    expect(String(failure)).toMatch(/127\.0\.0\.1:\d+: /);
    expect(String(failure)).not.toContain('secret');
  });
});

describe('an address that is not of the public Internet', () => {
  const inProduction = { allowLoopback: false };
  it.each([
    'https://10.0.0.1/',
    'https://[fd12::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://127.0.0.1/',
  ])('%s is not called', async (href) => {
    await expect(guarded(inProduction)(href)).rejects.toThrow('not an address of the public Internet');
  });

  it.each([
    [['10.0.0.1']],
    [['93.184.215.14', '10.0.0.1']],
    [['127.0.0.1']],
    [['::ffff:169.254.169.254']],
    [[]],
  ])('is not called by a name that leads to %j', async (addresses) => {
    const resolve = (hostname: string) => {
      expect(hostname).toBe('tool.example');
      return Promise.resolve(
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    };
    await expect(guarded({ ...inProduction, resolve })('https://tool.example/jwks')).rejects.toThrow(
      'tool.example: not an address of the public Internet',
    );
  });

  it('is not called by a name that leads elsewhere the second time (DNS rebinding)', async () => {
    let asked = 0;
    const port = await serve((_request, answer) => answer.end('reached'));
    const resolve = () => {
      asked += 1;
      return Promise.resolve([{ address: asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }]);
    };
    const ours = guarded({ resolve });
    const href = `http://tool.localhost:${port}/`;
    expect(await (await ours(href)).text()).toBe('reached');
    // The connection that is open was checked when it was made; without it, the name is asked again.
    servers[0]?.closeAllConnections();
    await expect(ours(href)).rejects.toThrow('not an address of the public Internet');
    expect(asked).toBe(2);
  });

  it.each(['http://tool.example/', 'ftp://tool.example/', 'file:///etc/passwd', 'data:,x'])(
    '%s is not called: not https',
    async (href) => {
      await expect(guarded()(href)).rejects.toThrow('not https');
    },
  );

  it('has no user name', async () => {
    await expect(guarded()('https://user@tool.example/')).rejects.toThrow('user name');
    await expect(guarded()('nowhere')).rejects.toThrow('Invalid URL');
  });
});

describe('networks of ours', () => {
  it('are reached when they are declared, and each address of a name has to be in one', async () => {
    const reach = (addresses: readonly string[], privateNetworks: readonly string[]) =>
      guarded({
        allowLoopback: false,
        privateNetworks,
        timeoutMs: 300,
        resolve: async () => addresses.map((address) => ({ address, family: 4 })),
      })('https://outil.intranet.example/jwks');
    const refused = /not an address of the public Internet/;
    await expect(reach(['10.20.0.1'], [])).rejects.toThrow(refused);
    await expect(reach(['10.20.0.1', '10.21.0.1'], ['10.20.0.0/16'])).rejects.toThrow(refused);
    await expect(reach(['127.0.0.1'], ['10.20.0.0/16'])).rejects.toThrow(refused);
    // Nobody answers there on this machine: it is the connection that fails, not the rule.
    await expect(reach(['10.20.0.1'], ['10.20.0.0/16'])).rejects.not.toThrow(refused);
  });
});
