import { errors } from 'oidc-provider';
import { describe, expect, test } from 'vitest';
import { assertShortLived } from './client-assertion.ts';

const now = new Date('2026-03-01T10:00:00Z');
const at = (seconds: number): number => now.getTime() / 1000 + seconds;

describe('the times of a client assertion (RFC 7523 §3)', () => {
  test.each([
    ['a minute', { exp: at(60), iat: at(0) }],
    ['five minutes, without iat', { exp: at(300) }],
    ['a clock a minute ahead', { exp: at(120), iat: at(60) }],
  ])('%s is fine', (_, claims) => {
    expect(() => assertShortLived(claims, now)).not.toThrow();
  });

  test.each([
    ['more than five minutes', { exp: at(301), iat: at(0) }],
    ['a day', { exp: at(86_400), iat: at(0) }],
    ['issued in the future', { exp: at(120), iat: at(61) }],
    ['exp a text', { exp: String(at(60)) }],
    ['no exp', { iat: at(0) }],
  ])('%s is refused', (_, claims) => {
    expect(() => assertShortLived(claims, now)).toThrow(errors.InvalidClientAuth);
  });
});
