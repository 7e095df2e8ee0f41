/**
 * Assertions with which a client says who it is: what RFC 7523 §3 wants of one, at each endpoint, point by point. Times,
 * audiences and replays have their own tests (test/replay/client-authentication.test.ts, src/provider/clients/client-assertion.test.ts).
 */
import { SignJWT, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postAs, postForm } from '../replay/support/relying-party.ts';
import type { Answer, Changes } from '../replay/support/relying-party.ts';
import { startUp } from '../replay/support/timing.ts';
import { startRefusalWorld } from './support/refusal-world.ts';
import type { RefusalWorld } from './support/refusal-world.ts';

type Members = Readonly<Record<string, unknown>>;

let all: RefusalWorld;
beforeAll(async () => {
  all = await startRefusalWorld();
}, startUp);
afterAll(() => all.world.close());

const bearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const endpoints = ['/token', '/par', '/token/introspection', '/token/revocation'];
const now = (): number => Math.floor(Date.now() / 1000);

/** A right assertion, or the same with changes; `undefined` leaves a claim out. */
function assertion(claims: Members = {}, header: Members = {}, key = all.key): Promise<string> {
  const written = {
    iss: 'signe',
    sub: 'signe',
    aud: all.world.issuer,
    jti: crypto.randomUUID(),
    iat: now(),
    exp: now() + 60,
    ...claims,
  };
  return new SignJWT(written).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(key);
}

const show = (client_assertion: string, more: Changes = {}, endpoint = '/token'): Promise<Answer> =>
  postForm(`${all.world.issuer}${endpoint}`, {
    client_assertion,
    client_assertion_type: bearer,
    grant_type: 'authorization_code',
    code: 'a'.repeat(43),
    redirect_uri: all.signe.redirectUri,
    token: 'a'.repeat(43),
    ...more,
  });

const refused = (answer: Answer): void => {
  expect([answer.status, answer.json['error']]).toEqual([401, 'invalid_client']);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  // Never why: what is wrong with an assertion helps nobody but whoever makes them up.
  expect(answer.json['error_description']).toBe('client authentication failed');
};
/** The client is heard: what is wrong then is the code, the token or the request. */
const heard = (answer: Answer): void => {
  expect(answer.status).toBeLessThan(401);
  expect(answer.json['error']).not.toBe('invalid_client');
};

describe('§3 what an assertion holds', () => {
  test.each(endpoints)('RFC 7523 §3: a right one is heard at %s, a wrong one is not', async (endpoint) => {
    heard(await show(await assertion(), {}, endpoint));
    refused(await show(await assertion({ aud: 'https://evil.example' }), {}, endpoint));
  });

  test.each<readonly [string, Members]>([
    ['RFC 7523 §3 point 1: without iss', { iss: undefined }],
    ['RFC 7523 §3 point 1: iss of another client', { iss: 'tiers' }],
    ['RFC 7523 §3 point 2: without sub', { sub: undefined }],
    ['RFC 7523 §3 point 2: sub of another client', { sub: 'tiers' }],
    ['RFC 7523 §3 point 2: iss and sub of nobody', { iss: 'personne', sub: 'personne' }],
    ['RFC 7523 §3 point 3: without aud', { aud: undefined }],
    ['RFC 7523 §3 point 4: without exp', { exp: undefined }],
    ['RFC 7523 §3 point 4: expired', { exp: 1 }],
    ['RFC 7523 §3 point 5: not valid yet', { nbf: 32_503_680_000 }],
    ['RFC 7523 §3 point 6: issued in the future', { iat: 32_503_680_000 }],
    ['RFC 7523 §3 point 7: without jti', { jti: undefined }],
  ])('%s', async (_name, claims) => {
    refused(await show(await assertion(claims)));
  });

  test('RFC 7523 §3 point 7: the same one twice, at two endpoints', async () => {
    const once = await assertion();
    heard(await show(once, {}, '/par'));
    refused(await show(once, {}, '/token'));
  });

  test('RFC 7523 §3 point 9: signed by a stranger, by a key that we do not know, or cut', async () => {
    const stranger = await generateKeyPair('ES256');
    refused(await show(await assertion({}, {}, stranger.privateKey)));
    refused(await show(await assertion({}, { kid: 'k2' })));
    refused(await show((await assertion()).slice(0, -2)));
  });

  test('RFC 7523 §3 point 10: critical headers that nobody understands', async () => {
    const [, payload = '', signature = ''] = (await assertion()).split('.');
    const header = { alg: 'ES256', kid: 'k1', crit: ['urn:evil'], 'urn:evil': true };
    const encoded = Buffer.from(JSON.stringify(header)).toString('base64url');
    const answer = await show(`${encoded}.${payload}.${signature}`);
    expect([400, 401]).toContain(answer.status);
    expect(answer.json['error']).toMatch(/^invalid_(?:client|request)$/);
  });
});

describe('§2.2 how it is sent', () => {
  test('RFC 7523 §2.2: client_id beside it is the same client', async () => {
    heard(await show(await assertion(), { client_id: 'signe' }));
    const other = await show(await assertion(), { client_id: 'tiers' });
    expect([400, 401]).toContain(other.status);
    expect(other.json['error']).toMatch(/^invalid_(?:client|request)$/);
  });

  test.each<readonly [string, Changes]>([
    ['without client_assertion_type', { client_assertion_type: undefined }],
    [
      'of another type',
      { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' },
    ],
    ['without the assertion', { client_assertion: undefined }],
  ])('RFC 7523 §2.2: %s', async (_name, changes) => {
    const answer = await show(await assertion(), changes);
    expect([400, 401]).toContain(answer.status);
    expect(answer.json['error']).toMatch(/^invalid_(?:client|request)$/);
  });

  test('RFC 7523 §3.2: a client with a secret has no assertions', async () => {
    refused(await show(await assertion({ iss: 'tiers', sub: 'tiers' })));
  });
});

test('RFC 7523 §2.1: an assertion is no grant here', async () => {
  const answer = await postAs(all.tiers, `${all.world.issuer}/token`, {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: await assertion(),
  });
  expect([answer.status, answer.json['error']]).toEqual([400, 'unsupported_grant_type']);
});
