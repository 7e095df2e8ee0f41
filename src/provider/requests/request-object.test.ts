import { describe, expect, test } from 'vitest';
import {
  assertFapiRequestObjectAlgorithm,
  assertRequestObjectSubject,
  assertRequestObjectTimes,
} from './request-object.ts';

const now = new Date('2026-11-21T12:00:00Z');
const epoch = now.getTime() / 1000;
const check = (claims: unknown, fapi = false) => {
  assertRequestObjectTimes(claims, { now, fapi });
};

describe('the times of a request object (RFC 9101 §6.3; FAPI 2.0 Message Signing §5.3.1)', () => {
  test.each<readonly [string, unknown, boolean, boolean]>([
    ['an hour', { exp: epoch + 3600 }, false, true],
    ['more than an hour', { exp: epoch + 3611 }, false, false],
    ['no end', {}, false, false],
    ['an end that is a text', { exp: '2026' }, false, false],
    ['FAPI: without a beginning', { exp: epoch + 60 }, true, false],
    ['FAPI: with one', { exp: epoch + 60, nbf: epoch - 60 }, true, true],
    ['FAPI: one that is too long ago', { exp: epoch + 60, nbf: epoch - 3700 }, true, false],
    ['FAPI: a clock a minute ahead', { exp: epoch + 90, nbf: epoch, iat: epoch + 60 }, true, true],
    ['FAPI: issued in the future', { exp: epoch + 90, nbf: epoch, iat: epoch + 61 }, true, false],
    ['FAPI: an hour and a minute in all', { exp: epoch + 3000, nbf: epoch - 660 }, true, false],
  ])('%s', (_what, claims, fapi, accepted) => {
    if (accepted) expect(() => check(claims, fapi)).not.toThrow();
    else expect(() => check(claims, fapi)).toThrow('invalid_request_object');
  });
});

describe('the algorithm of a request object (FAPI 2.0 Security Profile §5.4.1)', () => {
  test.each([
    ['ES256', true],
    ['PS256', true],
    ['EdDSA', true],
    ['none', true],
    ['RS256', false],
    [undefined, false],
  ])('%s', (alg, accepted) => {
    const refusal = expect(() => assertFapiRequestObjectAlgorithm(alg));
    if (accepted) refusal.not.toThrow();
    else refusal.toThrow('invalid_request_object');
  });
});

test('the subject of a request object is not its client (RFC 9101 §10.8)', () => {
  for (const claims of [{}, { sub: 'somebody' }, { sub: undefined }, 'text'])
    expect(() => assertRequestObjectSubject(claims, 'docs')).not.toThrow();
  expect(() => assertRequestObjectSubject({ sub: 'docs' }, 'docs')).toThrow('invalid_request_object');
});
