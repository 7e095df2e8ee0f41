import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { atHash } from './id-token.ts';

const jwt = (alg: string) => `${Buffer.from(JSON.stringify({ alg })).toString('base64url')}.e30.x`;

it.each([
  ['ES256', 'sha256', 16],
  ['RS256', 'sha256', 16],
  ['PS384', 'sha384', 24],
  ['ES512', 'sha512', 32],
  ['EdDSA', 'sha512', 32],
  ['Ed25519', 'sha512', 32],
])('at_hash under %s is the left half of %s', (alg, hash, bytes) => {
  const expected = createHash(hash).update('token').digest().subarray(0, bytes).toString('base64url');
  expect(atHash('token', jwt(alg))).toBe(expected);
});
