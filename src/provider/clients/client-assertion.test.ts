import { errors } from 'oidc-provider';
import { describe, expect, test } from 'vitest';
import { assertClientAssertion } from './client-assertion.ts';
import type { AssertionRules } from './client-assertion.ts';

const now = new Date('2026-03-01T10:00:00Z');
const at = (seconds: number): number => now.getTime() / 1000 + seconds;
const issuer = 'https://connexion.example/api/v2';
const token = `${issuer}/token`;
const par = `${issuer}/par`;
const rules = {
  now,
  issuer,
  endpoints: [token, par],
  audience: 'issuer',
  fapi: false,
  alg: 'ES256',
} as const;
const right = { aud: issuer, exp: at(60), iat: at(0) };

const refused = (claims: object, changes: Partial<AssertionRules> = {}) =>
  expect(() => assertClientAssertion(claims, { ...rules, ...changes })).toThrow(errors.InvalidClientAuth);
const accepted = (claims: object, changes: Partial<AssertionRules> = {}) =>
  expect(() => assertClientAssertion(claims, { ...rules, ...changes })).not.toThrow();

describe('the times of a client assertion (RFC 7523 §3)', () => {
  test.each([
    ['a minute', { exp: at(60), iat: at(0) }],
    ['five minutes, without iat', { exp: at(300), iat: undefined }],
    ['a clock a minute ahead', { exp: at(120), iat: at(60) }],
    ['five minutes and an iat set back by one', { exp: at(300), iat: at(-60) }],
  ])('%s is fine', (_, times) => accepted({ ...right, ...times }));

  test.each([
    ['more than five minutes', { exp: at(301) }],
    ['a day', { exp: at(86_400) }],
    ['the last minutes of a day', { exp: at(60), iat: at(60 - 86_400) }],
    ['issued in the future', { exp: at(120), iat: at(61) }],
    ['exp a text', { exp: String(at(60)) }],
    ['no exp', { exp: undefined }],
    ['iat a text', { iat: String(at(0)) }],
  ])('%s is refused', (_, times) => refused({ ...right, ...times }));
});

describe('whom a client assertion is for (RFC 7523 §3 point 3, CVE-2025-27370, CVE-2025-27371)', () => {
  test('the issuer, as a text or alone in a list', () => {
    accepted({ ...right, aud: issuer });
    accepted({ ...right, aud: [issuer] });
  });

  test.each([
    [token],
    [[token]],
    [[issuer, token]],
    [[issuer, 'https://evil.example']],
    ['https://evil.example'],
    [`${issuer}/`],
    ['https://connexion.example'],
    [''],
    [[]],
    [[[issuer]]],
    [null],
    [undefined],
    [{ [issuer]: true }],
  ])('not %j', (aud) => refused({ ...right, aud }));

  test('for older tools also the endpoints, but nobody else beside', () => {
    const older = { audience: 'endpoint' } as const;
    for (const aud of [issuer, token, par, [token], [issuer, token]]) accepted({ ...right, aud }, older);
    for (const aud of [`${issuer}/revoke`, [token, 'https://evil.example'], 'https://evil.example/token'])
      refused({ ...right, aud }, older);
  });

  test('FAPI 2.0 §5.3.2.1: the issuer as a text, and nothing else', () => {
    accepted(right, { fapi: true });
    refused({ ...right, aud: [issuer] }, { fapi: true });
    refused({ ...right, aud: token }, { fapi: true, audience: 'endpoint' });
  });

  test('FAPI 2.0 §5.4.1: signed as FAPI allows, and RS256 for others only', () => {
    for (const alg of ['ES256', 'PS256', 'EdDSA']) accepted(right, { fapi: true, alg });
    for (const alg of ['RS256', 'HS256', 'none', undefined]) refused(right, { fapi: true, alg });
    accepted(right, { alg: 'RS256' });
  });
});
