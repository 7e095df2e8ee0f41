import { createHash } from 'node:crypto';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { expect } from 'vitest';
import { z } from 'zod';
import type { KeySet } from './metadata.ts';
import { checkStandardClaims } from './standard-claims.ts';
import type { TokenResponse } from './check-token-response.ts';

const seconds = z.int().positive();

/** OpenID Connect Core §2. */
const idTokenSchema = z.looseObject({
  iss: z.string(),
  sub: z.string().regex(/^[\x20-\x7e]{1,255}$/),
  aud: z.union([z.string(), z.array(z.string()).nonempty()]),
  exp: seconds,
  iat: seconds,
  auth_time: seconds.optional(),
  nonce: z.string().optional(),
  acr: z.string().optional(),
  amr: z.array(z.string()).optional(),
  azp: z.string().optional(),
  at_hash: z.string().optional(),
  sid: z.string().optional(),
});

export interface IdToken {
  readonly value: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: z.output<typeof idTokenSchema>;
}

export interface Expected {
  readonly issuer: string;
  readonly clientId: string;
  readonly nonce: string | undefined;
  readonly keys: KeySet;
  readonly algorithm: string;
}

/** OpenID Connect Core §3.1.3.6 to §3.1.3.8, with the key that the header names. */
export async function checkedIdToken(tokens: TokenResponse, expected: Expected): Promise<IdToken> {
  const { id_token: value } = tokens;
  const header = decodeProtectedHeader(value);
  expect(header.alg).toBe(expected.algorithm);
  // §10.1: with several keys published, the header says which.
  expect(expected.keys.keys.filter(({ kid }) => kid === header.kid)).toHaveLength(1);
  const { payload } = await jwtVerify(value, createLocalJWKSet({ keys: [...expected.keys.keys] }));
  const claims = idTokenSchema.parse(payload);
  const now = Math.floor(Date.now() / 1000);

  expect(claims.iss).toBe(expected.issuer);
  expect([claims.aud].flat()).toEqual([expected.clientId]);
  if (claims.azp !== undefined) expect(claims.azp).toBe(expected.clientId);
  expect(claims.nonce).toBe(expected.nonce);
  expect(claims.exp).toBeGreaterThan(now);
  expect(claims.iat).toBeLessThanOrEqual(now);
  expect(claims.iat).toBeGreaterThan(now - 60);
  if (claims.auth_time !== undefined) expect(claims.auth_time).toBeLessThanOrEqual(claims.iat);
  if (claims.at_hash !== undefined)
    expect(claims.at_hash).toBe(halfHash(header.alg ?? '', tokens.access_token));
  // §5.4: what scopes release is at the userinfo endpoint.
  expect(claims).not.toHaveProperty('name');
  expect(claims).not.toHaveProperty('email');
  checkStandardClaims(claims);
  return { value, header: { ...header }, claims };
}

/** Left half of the hash whose size the algorithm names; SHA-512 for Ed25519. */
function halfHash(algorithm: string, value: string): string {
  const size = /^(?:ES|PS|RS)(256|384|512)$/.exec(algorithm)?.[1] ?? '512';
  const hash = createHash(`sha${size}`).update(value).digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
}
