import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPageServer } from '../../test/browser/page-server.ts';
import type { PageServer } from '../../test/browser/page-server.ts';
import { readForm } from './read-form.ts';
import { isSameOrigin } from './same-origin.ts';

let server: PageServer;
beforeAll(async () => {
  server = await startPageServer({
    routes: (http) => async (ctx, next) => {
      if (ctx.path !== '/form') {
        await next();
        return;
      }
      http.assertSameOrigin(ctx);
      ctx.body = [...(await readForm(ctx)).entries()];
    },
  });
});
afterAll(() => server.close());

const urlencoded = 'application/x-www-form-urlencoded';
const post = async (
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown }> => {
  const answer = await fetch(`${server.origin}/form`, {
    method: 'POST',
    body,
    headers: { 'content-type': urlencoded, accept: 'application/json', ...headers },
  });
  return { status: answer.status, body: await answer.json() };
};

describe('a form', () => {
  test('comes as ordered fields, repeated names included, and nothing is nested', async () => {
    expect(await post('email=a%40b.example&x=1&x=2&o[p]=3&__proto__=4&name=%C3%A9+e')).toEqual({
      status: 200,
      body: [
        ['email', 'a@b.example'],
        ['x', '1'],
        ['x', '2'],
        ['o[p]', '3'],
        ['__proto__', '4'],
        ['name', 'é e'],
      ],
    });
  });

  test('holds 16 kB at most', async () => {
    expect((await post(`a=${'x'.repeat(16 * 1024 - 2)}`)).status).toBe(200);
    expect(await post(`a=${'x'.repeat(16 * 1024 - 1)}`)).toMatchObject({
      status: 400,
      body: { code: 'M-HTTP-003' },
    });
  });

  test.each(['application/json', 'multipart/form-data; boundary=x', 'text/plain', `${urlencoded}x`])(
    'of type %s is refused',
    async (type) => {
      expect(await post('a=1', { 'content-type': type })).toMatchObject({
        status: 400,
        body: { code: 'M-HTTP-003' },
      });
    },
  );

  test('may name its charset', async () => {
    expect((await post('a=1', { 'content-type': `${urlencoded}; charset=UTF-8` })).status).toBe(200);
  });

  test('compressed is refused, however small', async () => {
    const body = new Uint8Array(gzipSync(`a=${'x'.repeat(10_000_000)}`));
    expect(await post(body, { 'content-encoding': 'gzip' })).toMatchObject({
      status: 400,
      body: { code: 'M-HTTP-003' },
    });
  });
});

describe('same origin', () => {
  const ours = 'https://connexion.example';
  test.each([
    // What browsers send from our own page: no-referrer turns Origin into null.
    [{ 'sec-fetch-site': 'same-origin', origin: 'null' }, true],
    [{ 'sec-fetch-site': 'same-origin', origin: ours }, true],
    [{ 'sec-fetch-site': 'none', origin: 'null' }, true],
    [{ origin: ours }, true],
    [{}, true],
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, false],
    [{ 'sec-fetch-site': 'cross-site', origin: 'null' }, false],
    [{ 'sec-fetch-site': 'same-site', origin: 'https://www.connexion.example' }, false],
    [{ 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }, false],
    [{ origin: 'https://evil.example' }, false],
    [{ origin: 'http://connexion.example' }, false],
    [{ origin: `${ours}:444` }, false],
    [{ origin: 'null' }, false],
  ])('%j → %s', (headers, expected) => {
    expect(isSameOrigin(headers, ours)).toBe(expected);
  });

  test('a form of another site is refused with M-HTTP-004 before it is read', async () => {
    expect(
      await post('a=1', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }),
    ).toMatchObject({
      status: 403,
      body: { code: 'M-HTTP-004', error: 'access_denied' },
    });
  });
});
