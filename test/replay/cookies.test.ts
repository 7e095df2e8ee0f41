/**
 * Behind TLS, on a path: what every cookie of a login carries (RFC 6265bis §4.1.3, §5.6.7), and that every address we
 * write is the public one, whatever the connection says.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import { formsOf } from '../support/html-form.ts';
import { startHttpsWorld } from './support/https-world.ts';
import type { HttpsWorld } from './support/https-world.ts';
import { sendRaw } from './support/raw-http.ts';
import { authorizationRequest, demoTool, toolAnswer } from './support/relying-party.ts';
import type { Answer, Tool } from './support/relying-party.ts';
import { startUp } from './support/timing.ts';

const issuer = 'https://connexion.example/api/v2';
let world: HttpsWorld;
let docs: Tool;
/** Every answer of one login, in order; the last leads to the tool. */
const answers: Answer[] = [];

const post = (action: string, fields: Readonly<Record<string, string>>) =>
  world.visit(action, {
    method: 'POST',
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
  });

async function follow(answer: Answer, from: string): Promise<{ answer: Answer; url: string }> {
  answers.push(answer);
  const { location } = answer.headers;
  if (typeof location !== 'string') return { answer, url: from };
  const next = new URL(location, from);
  return next.origin === new URL(issuer).origin
    ? follow(await world.visit(next.href), next.href)
    : { answer, url: next.href };
}

beforeAll(async () => {
  world = await startHttpsWorld(issuer);
  docs = demoTool(world, 'docs');
  const attempt = authorizationRequest(issuer, docs);
  const page = await follow(await world.visit(attempt.url), attempt.url);
  const [form] = formsOf(page.answer.body, page.url);
  const sent = await follow(await post(form?.action ?? '', { email: 'agent@etat.example' }), page.url);
  const idp = createBrowser();
  const people = await idp.get(sent.url);
  const back = await idp.submitForm(
    people,
    { person: 'agent-etat' },
    { redirects: (url) => url.origin === new URL(issuer).origin },
  );
  await idp.close();
  const end = await follow(await world.visit(back.location ?? ''), back.location ?? '');
  if (toolAnswer(end.url).code === undefined) throw new Error(`no code: ${end.url} ${end.answer.body}`);
}, startUp);
afterAll(() => world.close());

const attributesOf = (line: string): ReadonlySet<string> =>
  new Set(
    line
      .split(';')
      .slice(1)
      .map((part) => part.trim().toLowerCase()),
  );
const nameOf = (line: string): string => line.split('=')[0] ?? '';

describe('cookies of a whole login', () => {
  test('each is HttpOnly, Secure, SameSite=Lax, of this host alone', () => {
    expect(world.setCookies.length).toBeGreaterThanOrEqual(6);
    for (const line of world.setCookies) {
      const attributes = attributesOf(line);
      expect(attributes, line).toContain('httponly');
      expect(attributes, line).toContain('secure');
      expect(attributes, line).toContain('samesite=lax');
      expect(
        [...attributes].filter((one) => one.startsWith('domain')),
        line,
      ).toEqual([]);
    }
  });

  test('names carry the prefix that browsers enforce', () => {
    const names = new Set(world.setCookies.map(nameOf));
    for (const name of names) expect(name).toMatch(/^__(?:Host|Secure)-maillon-/);
    expect([...names]).toEqual(
      expect.arrayContaining([
        '__Host-maillon-session',
        '__Host-maillon-session.sig',
        '__Secure-maillon-interaction',
        '__Secure-maillon-resume',
      ]),
    );
    for (const line of world.setCookies.filter((one) => one.startsWith('__Host-')))
      expect(attributesOf(line)).toContain('path=/');
  });

  test('what serves one step is bound to the path of that step', () => {
    const paths = (start: string) =>
      world.setCookies
        .filter((line) => line.startsWith(start))
        .map((line) => [...attributesOf(line)].find((one) => one.startsWith('path=')));
    for (const path of paths('__Secure-maillon-interaction'))
      expect(path).toMatch(/^path=\/api\/v2\/interaction\/[\w-]+$/);
    for (const path of paths('__Secure-maillon-resume'))
      expect(path).toMatch(/^path=\/api\/v2\/authorize\/[\w-]+$/);
    for (const path of paths('__Secure-maillon-up-')) expect(path).toBe('path=/api/v2/callback/demo');
  });

  test('the choice of a language is a cookie like the others', async () => {
    const answer = await world.visit(`${issuer}/aide?lang=en`);
    const [line = ''] = [answer.headers['set-cookie'] ?? []].flat();
    expect(nameOf(line)).toBe('lang');
    for (const attribute of ['httponly', 'secure', 'samesite=lax', 'path=/api/v2'])
      expect(attributesOf(line)).toContain(attribute);
  });

  test('no cookie holds what was typed or asserted', () => {
    for (const line of world.setCookies) {
      const value = line.slice(line.indexOf('=') + 1, line.includes(';') ? line.indexOf(';') : undefined);
      const opened = value
        .split('.')
        .map((part) => Buffer.from(part, 'base64url').toString())
        .join(' ');
      expect(`${value} ${opened}`).not.toMatch(/etat\.example|agent|docs|verifier|nonce/i);
    }
  });
});

describe('addresses and headers behind TLS', () => {
  test('each redirect of the login stays on the public address, or leads to the tool or the identity provider', () => {
    const origins = answers.flatMap(({ headers: { location } }) =>
      typeof location === 'string' && URL.canParse(location) ? [new URL(location).origin] : [],
    );
    const known = [new URL(issuer).origin, new URL(docs.redirectUri).origin];
    expect(
      origins.filter((origin) => !known.includes(origin) && !origin.startsWith('http://localhost:')),
    ).toEqual([]);
    expect(answers.every(({ status }) => [200, 302, 303].includes(status))).toBe(true);
  });

  test('GHSA-93m4-mfpg-c3xf: metadata are the public ones', async () => {
    for (const headers of [
      {},
      { 'x-forwarded-proto': 'http' },
      { 'x-forwarded-proto': 'ftp', 'x-forwarded-host': 'evil.example' },
    ]) {
      const { json, body } = await world.visit(`${issuer}/.well-known/openid-configuration`, { headers });
      expect(json['issuer']).toBe(issuer);
      expect(json['token_endpoint']).toBe(`${issuer}/token`);
      expect(body).not.toMatch(/http:\/\/|evil/);
    }
  });

  test('browsers are told to come back by https', async () => {
    const answer = await world.visit(`${issuer}/aide`);
    expect(answer.headers['strict-transport-security']).toMatch(/max-age=\d{7,}/);
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
  });

  test('CVE-2026-27959: only the public name is served; the health of the process answers any name', async () => {
    for (const name of [
      'localhost',
      `localhost:${world.port}`,
      'connexion.example:8443',
      'evil@connexion.example',
      'connexion.example.evil.example',
    ]) {
      const answer = await sendRaw(world.port, ['GET /api/v2/jwks HTTP/1.1', `Host: ${name}`]);
      expect(answer.status, name).toBe(421);
    }
    for (const name of ['connexion.example', 'CONNEXION.example:443']) {
      expect((await sendRaw(world.port, ['GET /api/v2/jwks HTTP/1.1', `Host: ${name}`])).status, name).toBe(
        200,
      );
    }
    expect((await sendRaw(world.port, ['GET /livez HTTP/1.1', 'Host: 10.0.0.7'])).status).toBe(200);
  });

  test('outside the path of the issuer there is nothing', async () => {
    for (const path of [
      '/',
      '/authorize',
      '/token',
      '/api',
      '/api/v2x/jwks',
      '/api/v22/jwks',
      '/API/V2/jwks',
      '//api/v2/jwks',
      '/api/v2/../v2/../jwks',
      '/interaction/x',
    ]) {
      const answer = await sendRaw(world.port, [`GET ${path} HTTP/1.1`, 'Host: connexion.example']);
      expect(answer.status, path).toBe(404);
    }
  });
});
