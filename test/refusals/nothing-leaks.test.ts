/**
 * What an error never says, at each address that discovery names and at registration: no stack, no secret, no path of a
 * file, no word of the request as markup. And what it always is: JSON with the members of its RFC, or a page of ours.
 */
import { homedir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectInert, polyglot } from '../replay/support/inert.ts';
import { basic, queryOf, send } from '../replay/support/relying-party.ts';
import type { Answer, Send } from '../replay/support/relying-party.ts';
import { extraClient, extraTool } from '../replay/support/extra-clients.ts';
import { demoAnd } from '../replay/support/declarations.ts';
import { startUp } from '../replay/support/timing.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const tool = extraTool('tiers');
let world: World;
let addresses: readonly string[];

beforeAll(async () => {
  const { dir, remove } = await demoAnd({ clients: [extraClient('tiers', { refresh_token: 'always' })] });
  world = await startWorld({ configDir: dir, dynamicRegistration: true });
  await remove();
  const { json } = await send(`${world.issuer}/.well-known/openid-configuration`);
  addresses = Object.entries(json).flatMap(([name, value]) =>
    /(?:_endpoint|jwks_uri)$/.test(name) && typeof value === 'string' ? [value] : [],
  );
}, startUp);
afterAll(() => world.close());

const form = 'application/x-www-form-urlencoded';
const marked = `evil${polyglot}`;
/** Every parameter that any endpoint reads, all of them wrong. */
const everything = queryOf(
  Object.fromEntries(
    [
      ...['client_id', 'client_secret', 'redirect_uri', 'response_type', 'response_mode', 'scope', 'state'],
      ...['nonce', 'prompt', 'max_age', 'claims', 'request', 'request_uri', 'id_token_hint', 'login_hint'],
      ...['grant_type', 'code', 'code_verifier', 'refresh_token', 'token', 'token_type_hint', 'resource'],
      ...['client_assertion', 'client_assertion_type', 'post_logout_redirect_uri', 'logout_hint', 'dpop_jkt'],
      ...['ui_locales', 'acr_values', 'display', 'idp_hint', 'siret_hint', 'authorization_details'],
    ].map((name) => [name, marked]),
  ),
);
const tables: readonly (readonly [string, Send])[] = [
  ['nothing at all', {}],
  ['a POST of nothing', { method: 'POST' }],
  [
    'every parameter wrong, in a form',
    { method: 'POST', headers: { 'content-type': form }, body: everything },
  ],
  [
    'the same from a known client',
    {
      method: 'POST',
      headers: { 'content-type': form, ...basic('tiers', tool.secret) },
      body: everything.replace(/client_id=[^&]*&client_secret=[^&]*&/, ''),
    },
  ],
  [
    'a wrong secret',
    {
      method: 'POST',
      headers: { 'content-type': form, ...basic(marked, marked) },
      body: 'grant_type=authorization_code&token=x',
    },
  ],
  [
    'a known client, and nonsense',
    {
      method: 'POST',
      headers: { 'content-type': form, ...basic('tiers', tool.secret) },
      body: queryOf({ grant_type: marked, token: marked, token_type_hint: marked, scope: marked }),
    },
  ],
  [
    'a code of nobody',
    {
      method: 'POST',
      headers: { 'content-type': form, ...basic('tiers', tool.secret) },
      body: queryOf({ grant_type: 'authorization_code', code: marked, redirect_uri: marked }),
    },
  ],
  [
    'a refresh token of nobody',
    {
      method: 'POST',
      headers: { 'content-type': form, ...basic('tiers', tool.secret) },
      body: queryOf({ grant_type: 'refresh_token', refresh_token: marked, scope: marked }),
    },
  ],
  ['JSON', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":"evil"' }],
  ['a type that is markup', { method: 'POST', headers: { 'content-type': 'text/<evil>' }, body: 'evil' }],
  [
    'broken escapes',
    { method: 'POST', headers: { 'content-type': form }, body: 'client_id=%E0%A4%A&grant_type=%00' },
  ],
  [
    'names of prototypes',
    {
      method: 'POST',
      headers: { 'content-type': form },
      body: '__proto__=evil&constructor[prototype]=evil&client_id=__proto__&client_id=constructor',
    },
  ],
  [
    'a body that is too large',
    { method: 'POST', headers: { 'content-type': form }, body: `evil=${'x'.repeat(300_000)}` },
  ],
  ['a token that is markup', { headers: { authorization: 'Bearer <evil>"\'' } }],
  ['a token of nobody', { headers: { authorization: `Bearer ${'a'.repeat(43)}` } }],
  ['a proof that is none', { headers: { authorization: `DPoP ${'a'.repeat(43)}`, dpop: '<evil>' } }],
  ['another scheme', { headers: { authorization: 'Evil <evil>' } }],
  ['PUT', { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"evil":1}' }],
  ['DELETE', { method: 'DELETE' }],
  ['OPTIONS of another site', { method: 'OPTIONS', headers: { origin: 'https://evil.example' } }],
];

/** RFC 6749 §5.2, §4.1.2.1: the alphabet of `error_description`; and nothing of ours behind the error. */
const described = /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/;
const members = ['error', 'error_description', 'error_uri', 'iss', 'state', 'scope'];
/** What a person can tell the operator: our code, and the id that the log bears too. */
const ours = { code: /^M-[A-Z]+-\d{3}$/, id: /^[0-9A-F]{4}-[0-9A-F]{4}$/ };

function expectNothingTold(answer: Answer, name: string): void {
  const headers = JSON.stringify(answer.headers);
  for (const text of [answer.body, headers]) {
    expect(text, name).not.toMatch(/\bat \S+ \(|node_modules|\.(?:ts|js):\d+|node:internal|file:\/\//);
    expect(text, name).not.toContain(process.cwd());
    expect(text, name).not.toContain(homedir() === '/' ? process.cwd() : `${homedir()}/`);
    expect(text, name).not.toContain(tool.secret);
    expect(text, name).not.toMatch(/cookie-key-of|encryption-key-of|postgres|pglite|oidc-provider/i);
  }
  expect(answer.status, name).toBeLessThan(500);
  if (answer.body === '' || (answer.status >= 300 && answer.status < 400)) {
    // Koa says where a redirect leads, as a link or in plain text.
    if (String(answer.headers['content-type']).startsWith('text/html')) expectInert(answer, name);
    else if (answer.body !== '')
      expect(answer.headers['content-type'], name).toBe('text/plain; charset=utf-8');
    expect(answer.headers['x-content-type-options'], name).toBe('nosniff');
    expect(answer.headers['location'] ?? '', name).not.toMatch(/[<>"'\s]/);
    return;
  }
  const type = String(answer.headers['content-type']);
  if (type.startsWith('text/html')) {
    // Whatever it accepts, a program gets JSON: pages are for addresses that people come to.
    if (answer.status !== 404)
      expect(name, 'an address for programs').toMatch(/\/(?:authorize|session\/end)/);
    expect(answer.body, name).toContain('<!doctype html>');
    expectInert(answer, name);
    return;
  }
  expect(type, name).toMatch(/^application\/(?:json|jwk-set\+json)(?:;|$)/);
  if (answer.status < 400) return;
  const { code, id, ...rest } = answer.json;
  if (code !== undefined || id !== undefined) {
    expect(code, name).toMatch(ours.code);
    expect(id, name).toMatch(ours.id);
  }
  expect(members, name).toEqual(expect.arrayContaining(Object.keys(rest)));
  // RFC 6750 §3.1: who showed no token is not told an error.
  if (answer.status !== 401 || Object.keys(rest).length > 0)
    expect(answer.json['error'], name).toMatch(/^[a-z_]+$/);
  expect(answer.json['error_description'] ?? '', name).toMatch(described);
  expect(answer.body, name).not.toMatch(/evil/);
}

describe('RFC 6749 §5.2, RFC 6750 §3.1, RFC 7591 §3.2.2, RFC 9126 §2.3: an error', () => {
  test('there are addresses to ask, registration among them', () => {
    expect(addresses.length).toBeGreaterThanOrEqual(9);
    expect(addresses).toContain(`${world.issuer}/register`);
  });

  test.each(tables)('RFC 6749 §5.2: %s', async (name, request) => {
    for (const address of [...addresses, `${world.issuer}/register/dyn-${'0'.repeat(32)}`]) {
      for (const accept of ['application/json', 'text/html']) {
        const answer = await send(address, { ...request, headers: { accept, ...request.headers } });
        expectNothingTold(answer, `${name}: ${address}`);
      }
    }
  });

  test('RFC 6749 §4.1.2.1: every parameter wrong, in the address', async () => {
    for (const address of addresses) {
      for (const accept of ['application/json', 'text/html'])
        expectNothingTold(await send(`${address}?${everything}`, { headers: { accept } }), address);
    }
  });

  test('and nothing of all this was a failure of ours', () => {
    expect(world.log.filter((line) => line.includes('M-HTTP-001'))).toEqual([]);
  });
});
