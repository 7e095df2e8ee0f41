// The checks of FAPI have to find what is wrong: each gets a good answer with one thing changed.
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import { unwrapped, withoutRedirectQuery } from './check-jarm.ts';
import { fapi2Plan } from './fapi2-plans.ts';
import type { Fapi2Variant } from './fapi2-plans.ts';
import { fapi2Modules } from '../modules/fapi2.ts';
import { pushedOf } from './fapi2-party.ts';
import type { Pushed } from './fapi2-party.ts';
import { readKeySet } from './metadata.ts';
import type { Received } from './receiver.ts';

const issuer = 'https://op.example';
const pair = await generateKeyPair('ES256');
const keys = readKeySet({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', use: 'sig' }] });
const expected = { issuer, clientId: 'client', algorithm: 'ES256', keys };
const now = Math.floor(Date.now() / 1000);
const got = (query: Readonly<Record<string, string>>): Received => ({
  method: 'GET',
  path: '/callback',
  contentType: undefined,
  query: new URLSearchParams(query),
  form: new URLSearchParams(),
});
const claims = { iss: issuer, aud: 'client', exp: now + 300, code: 'the-code', state: 'a-state' };

describe('An answer in a JWT', () => {
  const sign = (changes: object, kid = 'one') =>
    new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg: 'ES256', kid }).sign(pair.privateKey);

  it('passes when it is right, and is what it holds', async () => {
    const { query } = await unwrapped(got({ response: await sign({}) }), expected);
    expect(Object.fromEntries(query)).toEqual({ code: 'the-code', state: 'a-state', iss: issuer });
  });

  it.each<[string, object, string?]>([
    ['of somebody else', { iss: 'https://other.example' }],
    ['for somebody else', { aud: 'other' }],
    ['for several', { aud: ['client', 'other'] }],
    ['good for an hour', { exp: now + 3600 }],
    ['that has ended', { exp: now - 1 }],
    ['of a key that is not published', {}, 'two'],
  ])('fails one %s', async (_name, changes, kid) => {
    await expect(unwrapped(got({ response: await sign(changes, kid) }), expected)).rejects.toThrow();
  });

  it('fails a code beside it, and a plain answer', async () => {
    const response = await sign({});
    await expect(unwrapped(got({ response, code: 'the-code' }), expected)).rejects.toThrow();
    await expect(unwrapped(got({ code: 'the-code', state: 'a-state' }), expected)).rejects.toThrow();
  });
});

describe('The query of a redirect URI', () => {
  const uri = 'https://rp.example/callback?dummy1=lorem&dummy2=ipsum';
  it('comes back whole', () => {
    const received = got({ dummy1: 'lorem', dummy2: 'ipsum', code: 'c' });
    expect(withoutRedirectQuery(received, uri).query.toString()).toBe('code=c');
    expect(() => withoutRedirectQuery(got({ dummy1: 'lorem', code: 'c' }), uri)).toThrow();
  });
});

describe('The answer to a push', () => {
  const pushed = (status: number, json: Readonly<Record<string, unknown>>): Pushed => ({
    answer: { status, json, headers: { 'content-type': 'application/json' }, body: '' },
    sent: {
      clientId: 'c',
      redirectUri: '',
      mode: 'default',
      issuer,
      state: undefined,
      nonce: undefined,
      scope: '',
    },
    verifier: '',
  });
  const right = { request_uri: `urn:ietf:params:oauth:request_uri:${'x'.repeat(43)}`, expires_in: 60 };

  it('is 201 with an address that cannot be guessed and is soon over', () => {
    expect(pushedOf(pushed(201, right)).expires_in).toBe(60);
    for (const wrong of [
      { expires_in: 600 },
      { expires_in: '60' },
      { request_uri: 'urn:ietf:params:oauth:request_uri:1' },
    ])
      expect(() => pushedOf(pushed(201, { ...right, ...wrong }))).toThrow();
    expect(() => pushedOf(pushed(200, right))).toThrow();
  });
});

describe('The plans', () => {
  const plain: Fapi2Variant = {
    authentication: 'private_key_jwt',
    binding: 'dpop',
    request: 'unsigned',
    response: 'plain',
  };
  it.each<[Partial<Fapi2Variant>, number]>([
    [{}, 56],
    [{ binding: 'mtls' }, 47],
    [{ authentication: 'tls_client_auth', binding: 'mtls' }, 37],
    [{ request: 'signed', response: 'jarm' }, 70],
    [{ request: 'signed', response: 'jarm', authentication: 'tls_client_auth', binding: 'mtls' }, 51],
  ])('%j: as many modules as the suite runs', (changes, count) => {
    expect(fapi2Plan({ ...plain, ...changes }, fapi2Modules)).toHaveLength(count);
  });
});
