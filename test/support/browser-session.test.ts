import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from './browser-session.ts';
import type { Browser } from './browser-session.ts';

interface Received {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let received: Received[] = [];
let servers: Server[] = [];
let one = '';
let two = '';
let browser: Browser;

/** Does what the query says: `set` a cookie, `to` go elsewhere with `status`; otherwise answers a page. */
const serve = async (port: () => number): Promise<Server> => {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      received.push({
        port: port(),
        method: request.method ?? '',
        path: url.pathname,
        headers: request.headers,
        body,
      });
      const to = url.searchParams.get('to');
      response.setHeader('set-cookie', url.searchParams.getAll('set'));
      if (to !== null)
        response.writeHead(Number(url.searchParams.get('status') ?? 303), { location: to }).end();
      else response.setHeader('content-type', 'text/html').end(url.searchParams.get('page') ?? '<p>ici</p>');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return server;
};

const portOf = (server: Server | undefined): number => {
  const address = server?.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
};

beforeAll(async () => {
  servers = [await serve(() => portOf(servers[0])), await serve(() => portOf(servers[1]))];
  one = `http://localhost:${portOf(servers[0])}`;
  two = `http://localhost:${portOf(servers[1])}`;
});
beforeEach(() => {
  received = [];
  browser = createBrowser();
  return () => browser.close();
});
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
});

const query = (values: Readonly<Record<string, string>>): string => new URLSearchParams(values).toString();
const cookieAt = (index: number): string | undefined => received.at(index)?.headers.cookie;

describe('cookies', () => {
  test('go to their path only, and to every port of the host', async () => {
    await browser.get(
      `${one}/interaction/abc?${query({ set: 'short=1; Path=/interaction/abc; SameSite=Lax' })}`,
    );
    await browser.get(`${one}/?${query({ set: 'long=2; Path=/' })}`);
    await browser.get(`${two}/interaction/abc/step`);
    await browser.get(`${one}/interaction/abcd`);
    expect([cookieAt(2), cookieAt(3)]).toEqual(['short=1; long=2', 'long=2']);
    await browser.get(`http://127.0.0.1:${portOf(servers[0])}/`);
    expect(cookieAt(4)).toBeUndefined();
  });

  test('Secure is honoured on localhost, and __Host- keeps its rules', async () => {
    await browser.get(`${one}/?${query({ set: '__Host-sid=1; Path=/; Secure' })}`);
    await browser.get(`${one}/?${query({ set: '__Host-bad=1; Path=/x; Secure' })}`);
    expect(await browser.cookies(`${one}/x/`)).toEqual(['__Host-sid=1']);
  });

  test('are deleted by the past and replaced by name', async () => {
    await browser.get(`${one}/?${query({ set: 'a=1; Path=/' })}`);
    await browser.get(`${one}/?${query({ set: 'a=2; Path=/' })}`);
    expect(await browser.cookies(`${one}/`)).toEqual(['a=2']);
    await browser.get(`${one}/?${query({ set: 'a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT' })}`);
    expect(await browser.cookies(`${one}/`)).toEqual([]);
  });

  test.each([
    ['typed', undefined, 'strict lax none unset'],
    ['from another port of the site', 'two', 'strict lax none unset'],
    ['from another site', 'https://evil.example/', 'lax none unset'],
  ])('SameSite, GET %s: %s', async (_name, initiator, expected) => {
    await everySameSite();
    await browser.get(
      `${one}/`,
      initiator === undefined ? {} : { initiator: initiator === 'two' ? two : initiator },
    );
    expect(sentNames()).toBe(expected);
  });

  test.each([
    ['of the same origin', undefined, 'strict lax none unset'],
    ['from another port of the site', 'two', 'strict lax none unset'],
    ['from another site', 'https://evil.example/', 'none'],
  ])('SameSite, POST %s', async (_name, initiator, expected) => {
    await everySameSite();
    await browser.post(
      `${one}/`,
      {},
      initiator === undefined ? {} : { initiator: initiator === 'two' ? two : initiator },
    );
    expect(sentNames()).toBe(expected);
  });

  test('a cross-site POST answered by 303 brings the Lax cookies back with the GET', async () => {
    await everySameSite();
    const target = `${one}/?${query({ to: '/next' })}`;
    await browser.post(target, {}, { initiator: 'https://evil.example/' });
    expect(received.slice(-2).map((hop) => hop.method)).toEqual(['POST', 'GET']);
    expect(sentNames()).toBe('lax none unset');
  });

  const everySameSite = async (): Promise<void> => {
    for (const mode of ['Strict', 'Lax', 'None']) {
      await browser.get(
        `${one}/?${query({ set: `${mode.toLowerCase()}=1; Path=/; SameSite=${mode}; Secure` })}`,
      );
    }
    await browser.get(`${one}/?${query({ set: 'unset=1; Path=/' })}`);
  };
  const sentNames = (): string => (cookieAt(-1) ?? '').replace(/=1;?/g, '');
});

describe('redirects', () => {
  test('cross ports, keep cookies set on the way, and are remembered', async () => {
    const end = `${two}/end`;
    const page = await browser.get(`${one}/?${query({ set: 'way=1; Path=/', to: end })}`);
    expect([page.url, page.status, cookieAt(-1)]).toEqual([end, 200, 'way=1']);
    expect(browser.history.map((address) => new URL(address).pathname)).toEqual(['/', '/end']);
  });

  test('may be stopped at once, or before an address', async () => {
    const target = `${one}/a?${query({ to: `/b?${query({ to: `${two}/c?code=1` })}` })}`;
    const first = await browser.get(target, { redirects: 'manual' });
    expect([first.status, first.location]).toEqual([303, `${one}/b?${query({ to: `${two}/c?code=1` })}`]);
    const before = await browser.get(target, { redirects: (url) => url.pathname === '/c' });
    expect(before.location).toBe(`${two}/c?code=1`);
    expect(browser.history.some((address) => address.includes('/c?'))).toBe(false);
    expect((await browser.follow(before)).url).toBe(`${two}/c?code=1`);
  });

  test.each([
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', 'a=1'],
  ])('%i after a POST asks with %s', async (status, method, body) => {
    await browser.post(`${one}/?${query({ to: '/next', status: String(status) })}`, { a: '1' });
    expect(received.at(-1)).toMatchObject({ path: '/next', method, body });
  });

  test('an immediate refresh is followed; a loop is an error', async () => {
    const page = `<meta http-equiv="refresh" content="0; url=/next">`;
    expect((await browser.get(`${one}/?${query({ page })}`)).url).toBe(`${one}/next`);
    // An empty Location leads to the page itself.
    await expect(browser.get(`${one}/x?to=`)).rejects.toThrow(/more than 25 redirects/);
  });
});

describe('what a browser says of itself', () => {
  const said = () => {
    const { origin, 'sec-fetch-site': site } = received.at(-1)?.headers ?? {};
    return [origin, site];
  };

  test('nothing for an address typed by hand, the relation otherwise', async () => {
    await browser.get(`${one}/`);
    expect(said()).toEqual([undefined, 'none']);
    await browser.get(`${one}/`, { initiator: two });
    expect(said()).toEqual([undefined, 'same-site']);
    await browser.get(`${one}/`, { initiator: 'https://evil.example/x' });
    expect(said()).toEqual([undefined, 'cross-site']);
  });

  test('the origin of a form', async () => {
    await browser.post(`${one}/`, {});
    expect(said()).toEqual([one, 'same-origin']);
    await browser.post(`${one}/`, {}, { initiator: 'https://evil.example/x' });
    expect(said()).toEqual(['https://evil.example', 'cross-site']);
    await browser.post(`${two}/?${query({ to: `${one}/`, status: '307' })}`, {});
    expect(said()).toEqual(['null', 'same-site']);
  });

  test('a chain of redirects keeps its worst relation', async () => {
    await browser.get(`${one}/?${query({ to: '/next' })}`, { initiator: 'https://evil.example/' });
    expect(said()).toEqual([undefined, 'cross-site']);
  });
});

describe('pages', () => {
  test('a form is filled and sent, a link is opened by its text', async () => {
    const page = `<h1>Titre</h1><a href="/aide">Besoin d’aide ?</a><form method="post" action="/go"><input type="hidden" name="t" value="1"><input name="email"></form>`;
    const shown = await browser.get(`${one}/?${query({ page })}`);
    await browser.submitForm(shown, { email: 'a@b.example' });
    expect(received.at(-1)).toMatchObject({ path: '/go', body: 't=1&email=a%40b.example' });
    expect((await browser.click(shown, 'aide')).url).toBe(`${one}/aide`);
    await expect(browser.click(shown, 'absent')).rejects.toThrow(/no link « absent »/);
    await expect(browser.submitForm(shown, { other: 'x' })).rejects.toThrow(/does not offer other=x/);
  });

  test('among several forms: the one that has the fields, or the one that is named', async () => {
    const page = `<form method="post" action="/a"><button>A</button></form><form method="post" action="/b"><input name="y"></form>`;
    const shown = await browser.get(`${one}/?${query({ page })}`);
    await browser.submitForm(shown, { y: '1' });
    await browser.submitForm(shown, {}, { form: '/b' });
    await browser.submitForm(shown, {}, { form: 0 });
    expect(received.slice(-3).map((hop) => hop.path)).toEqual(['/b', '/b', '/a']);
    await expect(browser.submitForm(shown, {}, { form: '/c' })).rejects.toThrow(/no such form/);
  });
});
