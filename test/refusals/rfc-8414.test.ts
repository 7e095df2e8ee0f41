/** Metadata: it is said once, at one address, for one issuer (RFC 8414 §3; OpenID Connect Discovery §4). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { send } from '../replay/support/relying-party.ts';
import { startUp } from '../replay/support/timing.ts';
import { startRefusalWorld } from './support/refusal-world.ts';
import type { RefusalWorld } from './support/refusal-world.ts';

let all: RefusalWorld;
let address: string;

beforeAll(async () => {
  all = await startRefusalWorld();
  address = `${all.world.issuer}/.well-known/openid-configuration`;
}, startUp);
afterAll(() => all.world.close());

test('RFC 8414 §3.3: the issuer is letter by letter the one that was asked', async () => {
  expect((await send(address)).json['issuer']).toBe(all.world.issuer);
});

test('RFC 8414 §3.1: it is read by GET', async () => {
  for (const method of ['POST', 'PUT', 'DELETE'] as const)
    expect((await send(address, { method })).status).toBeGreaterThanOrEqual(400);
});

test.each(['/.well-known/openid-configuration/', '/.WELL-KNOWN/openid-configuration', '/jwks/', '/JWKS'])(
  'RFC 8414 §3: %s is the same document or nothing, never another one',
  async (path) => {
    const exact = path.toLowerCase().startsWith('/jwks') ? `${all.world.issuer}/jwks` : address;
    const answer = await send(`${all.world.issuer}${path}`);
    if (answer.status === 200) expect(answer.json).toEqual((await send(exact)).json);
    else expect(answer.status).toBe(404);
  },
);

test('RFC 8414 §3: under its own name it is the same document, letter by letter, kept as long', async () => {
  const [openid, oauth] = [
    await send(address),
    await send(`${all.world.issuer}/.well-known/oauth-authorization-server`),
  ];
  expect([oauth.status, oauth.body]).toEqual([200, openid.body]);
  for (const name of ['etag', 'cache-control', 'content-type', 'access-control-allow-origin'])
    expect(oauth.headers[name], name).toEqual(openid.headers[name]);
});

test('RFC 8414 §6.2: no header of the request changes a letter of it', async () => {
  const { body } = await send(address);
  for (const headers of [
    { 'x-forwarded-host': 'evil.example' },
    { 'x-forwarded-proto': 'http' },
    { forwarded: 'host=evil.example;proto=http' },
    { 'x-original-url': '/jwks' },
  ])
    expect((await send(address, { headers })).body).toBe(body);
});
