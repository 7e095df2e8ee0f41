import { generateKeyPairSync } from 'node:crypto';
import { errors } from 'oidc-provider';
import { describe, expect, test } from 'vitest';
import { resourceServerFor } from './resource-servers.ts';
import { declaredApi } from '../testing/declared.ts';

const among = (...apis: ReturnType<typeof declaredApi>[]) => ({
  resourceServers: new Map(apis.map((api) => [api.resource, api])),
});
const archive = 'https://archive.example/';

describe('an API named as resource (RFC 8707 §2)', () => {
  test('is described as it was declared: audience, scopes, life, signature', () => {
    expect(resourceServerFor(among(declaredApi()), archive, 'tool')).toEqual({
      audience: archive,
      scope: 'files:read files:write',
      accessTokenTTL: 300,
      accessTokenFormat: 'jwt',
      jwt: { sign: { alg: 'ES256' } },
    });
  });

  test('with opaque tokens has nothing to sign', () => {
    const opaque = declaredApi({ access_token_format: 'opaque', introspected_by: ['archive'] });
    expect(resourceServerFor(among(opaque), archive, 'tool')).not.toHaveProperty('jwt');
  });

  test('is invalid_target, in the same words, when it is unknown and when the client may not ask for it', () => {
    const refusal = (resource: string, clientId: string): unknown => {
      try {
        return resourceServerFor(among(declaredApi()), resource, clientId);
      } catch (error) {
        return error;
      }
    };
    const unknown = refusal('https://elsewhere.example/', 'tool');
    expect(unknown).toBeInstanceOf(errors.InvalidTarget);
    expect(refusal(archive, 'other')).toEqual(unknown);
    expect(refusal('https://archive.example', 'tool')).toEqual(unknown);
  });
});

describe('an API whose tokens are encrypted', () => {
  const jwk = (kty: 'RSA' | 'EC', kid: string, more: { use?: 'sig' | 'enc'; alg?: string } = {}) => {
    const pair =
      kty === 'RSA'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y, crv, n, e } = pair.publicKey.export({ format: 'jwk' });
    return { kty, kid, x, y, crv, n, e, ...more };
  };
  const encrypted = (alg: 'RSA-OAEP-256' | 'ECDH-ES', ...keys: ReturnType<typeof jwk>[]) =>
    declaredApi({
      access_token_encrypted_response_alg: alg,
      access_token_encrypted_response_enc: 'A256GCM',
      jwks: { keys },
    });

  test.each([
    ['of the right kind', 'ECDH-ES', 'EC', {}],
    ['meant for encryption', 'RSA-OAEP-256', 'RSA', { use: 'enc' }],
    ['meant for this algorithm', 'RSA-OAEP-256', 'RSA', { alg: 'RSA-OAEP-256' }],
  ] as const)('gets them under its key %s', (_what, alg, kty, more) => {
    const other = kty === 'RSA' ? 'EC' : 'RSA';
    const api = encrypted(
      alg,
      jwk(other, 'other'),
      jwk(kty, 'signing', { use: 'sig' }),
      jwk(kty, 'right', more),
    );
    const { jwt } = resourceServerFor(among(api), archive, 'tool');
    expect(jwt?.encrypt).toMatchObject({ alg, enc: 'A256GCM', kid: 'right' });
  });

  test('without a key for it is an error of the request, not of the server', () => {
    const api = encrypted('ECDH-ES', jwk('RSA', 'rsa'), jwk('EC', 'sig', { use: 'sig' }));
    expect(() => resourceServerFor(among(api), archive, 'tool')).toThrow(errors.InvalidTarget);
  });
});
