/**
 * What request headers can do to an address that we write: nothing (RFC 9110 §7.2, RFC 9112 §3.2, RFC 9700 §4.13;
 * advisories of other brokers, replayed).
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { someOfEach } from './support/endpoints.ts';
import { sendRaw } from './support/raw-http.ts';
import { authorizationRequest, demoTool, send } from './support/relying-party.ts';
import type { Tool } from './support/relying-party.ts';
import { storeState } from './support/stores.ts';
import { startUp } from './support/timing.ts';

const agent = { email: 'agent@etat.example', sub: 'agent-etat' };
const evil = 'https://evil.example';
let world: World;
let docs: Tool;
let browser: Browser;
let port: number;
let host: string;

beforeAll(async () => {
  world = await startWorld();
  docs = demoTool(world, 'docs');
  ({ port } = world.config);
  host = `localhost:${port}`;
}, startUp);
afterAll(() => world.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

const authorizePath = () => authorizationRequest(world.issuer, docs).url.slice(world.issuer.length);

describe('the Host header', () => {
  const strangers = (): readonly string[] => [
    'evil.example',
    `evil.example:${port}`,
    `${host}@evil.example`,
    `evil@${host}`,
    `issuer@evil.example`,
    `${host}.evil.example`,
    'localhost',
    `localhost:${port + 1}`,
    `127.0.0.1:${port}`,
    `[::1]:${port}`,
    `${host}/`,
    `${host}#@evil.example`,
    `${host}, evil.example`,
    'evil.example\\',
    '',
  ];

  test('CVE-2026-27959: a name that is not ours is not served, and not repeated', async () => {
    for (const name of strangers()) {
      for (const path of ['/.well-known/openid-configuration', authorizePath(), '/', '/session/end']) {
        const answer = await sendRaw(port, [`GET ${path} HTTP/1.1`, `Host: ${name}`, 'Accept: text/html']);
        expect([400, 421], `${name} ${path}`).toContain(answer.status);
        expect(`${JSON.stringify(answer.headers)}${answer.body}`).not.toContain('evil');
        expect(answer.headers['set-cookie']).toBeUndefined();
      }
    }
  });

  test('RFC 9112 §3.2: none, or two', async () => {
    expect((await sendRaw(port, ['GET / HTTP/1.1'])).status).toBe(400);
    for (const lines of [
      [`Host: ${host}`, 'Host: evil.example'],
      ['Host: evil.example', `Host: ${host}`],
    ]) {
      const answer = await sendRaw(port, [`GET /.well-known/openid-configuration HTTP/1.1`, ...lines]);
      expect(answer.body).not.toContain('evil');
    }
  });

  test('ours in capitals is ours', async () => {
    const answer = await sendRaw(port, ['GET / HTTP/1.1', `Host: LOCALHOST:${port}`, 'Accept: text/html']);
    expect(answer.status).toBe(200);
  });

  test('RFC 9112 §3.2.2: an absolute request target, or one that looks like an authority', async () => {
    for (const target of [
      `http://evil.example/.well-known/openid-configuration`,
      `http://evil.example${authorizePath()}`,
      `http://user:password@evil.example/session/end`,
      '//evil.example/',
      '//evil.example/authorize',
      '/\\evil.example/',
      '/%2F%2Fevil.example/..',
    ]) {
      const answer = await sendRaw(port, [`GET ${target} HTTP/1.1`, `Host: ${host}`, 'Accept: text/html']);
      expect(answer.status, target).toBeLessThan(500);
      const { location = '' } = answer.headers;
      expect(location, target).not.toContain('evil');
      // The page may show nothing of it in an address.
      expect(answer.body, target).not.toMatch(/(?:href|src|action)="[^"?]*evil/);
      expect(answer.body, target).not.toContain('"http://evil');
    }
  });
});

describe('forwarded headers from a peer that nobody declared', () => {
  const forged = {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-port': '1337',
    'x-forwarded-prefix': '/evil',
    'x-forwarded-for': '203.0.113.9',
    forwarded: 'for=203.0.113.9;host=evil.example;proto=https',
    'x-original-url': '/readyz',
    'x-rewrite-url': '/readyz',
    'x-http-method-override': 'DELETE',
    'x-original-host': 'evil.example',
    'x-host': 'evil.example',
  };

  test('GHSA-93m4-mfpg-c3xf, CVE-2025-64101, CVE-2026-29067: change nothing to any answer', async () => {
    // Times and random values differ from one answer to the next.
    const stable = (text: string) =>
      text.replace(/[0-9A-F]{4}-[0-9A-F]{4}/g, '').replace(/interaction\/[\w-]+/g, '');
    for (const path of someOfEach(world)) {
      const [plain, other] = [
        await send(`${world.issuer}${path}`),
        await send(`${world.issuer}${path}`, { headers: forged }),
      ];
      expect(other.status, path).toBe(plain.status);
      expect(stable(other.body), path).toBe(stable(plain.body));
      expect(stable(String(other.headers['location'])), path).toBe(stable(String(plain.headers['location'])));
      expect(`${JSON.stringify(other.headers)}${other.body}`, path).not.toContain('evil');
    }
  });

  test('metadata name the issuer and nothing else', async () => {
    const { json } = await send(`${world.issuer}/.well-known/openid-configuration`, { headers: forged });
    expect(json['issuer']).toBe(world.issuer);
    for (const [name, value] of Object.entries(json)) {
      if (name.endsWith('_endpoint') || name === 'jwks_uri')
        expect(String(value).startsWith(`${world.issuer}/`), name).toBe(true);
    }
  });

  test('a whole login under forged headers ends at the tool, on our addresses', async () => {
    const visits = { headers: { ...forged } };
    const page = await browser.get(authorizationRequest(world.issuer, docs).url, visits);
    expect(page.url.startsWith(`${world.issuer}/interaction/`)).toBe(true);
    const sent = await browser.submitForm(page, { email: agent.email }, { ...visits, redirects: 'manual' });
    expect(new URL(sent.location ?? '').searchParams.get('redirect_uri')).toBe(
      `${world.issuer}/callback/demo`,
    );
  });

  test('CVE-2025-25200: headers of many kilobytes are refused or read at once', async () => {
    const long = [
      'a'.repeat(12_000),
      '1.1.1.1, '.repeat(1_300),
      ' ,'.repeat(6_000),
      `for=${'"'.repeat(6_000)}`,
    ];
    for (const value of long) {
      for (const name of [
        'X-Forwarded-For',
        'X-Forwarded-Host',
        'Forwarded',
        'Accept',
        'Accept-Language',
        'Cookie',
        'Referer',
      ]) {
        const started = performance.now();
        const answer = await sendRaw(port, ['GET / HTTP/1.1', `Host: ${host}`, `${name}: ${value}`]);
        expect([200, 431, NaN], name).toContain(answer.status);
        expect(performance.now() - started, name).toBeLessThan(5_000);
      }
    }
    const giant = await sendRaw(port, [
      'GET / HTTP/1.1',
      `Host: ${host}`,
      `X-Forwarded-For: ${'1'.repeat(65_536)}`,
    ]);
    expect([431, NaN]).toContain(giant.status);
  });
});

test('nothing of all this changed a table', async () => {
  const before = await storeState(world.broker.stores.db);
  for (const path of someOfEach(world))
    await send(`${world.issuer}${path}`, { headers: { 'x-forwarded-host': 'evil.example', origin: evil } });
  expect(await storeState(world.broker.stores.db)).toEqual(before);
});
