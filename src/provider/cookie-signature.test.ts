import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { createCookieSigner } from './cookie-signature.ts';

const data = 'maillon-session=abc';

test('signs with the newest key, as HMAC-SHA256 in base64url', () => {
  const expected = createHmac('sha256', 'new').update(data).digest('base64url');
  expect(createCookieSigner(['new', 'old']).sign(data)).toBe(expected);
});

test('a cookie signed before a rotation still verifies, and tells which key signed it', () => {
  const rotated = createCookieSigner(['new', 'old']);
  const digest = createCookieSigner(['old']).sign(data);
  expect(rotated.verify(data, digest)).toBe(true);
  expect(rotated.index(data, digest)).toBe(1);
});

test.each([
  ['another value', (digest: string) => ['maillon-session=abd', digest] as const],
  ['a cut signature', (digest: string) => [data, digest.slice(0, -1)] as const],
  ['an empty signature', () => [data, ''] as const],
  ['a foreign key', () => [data, createCookieSigner(['other']).sign(data)] as const],
])('refuses %s', (_, forge) => {
  const signer = createCookieSigner(['new', 'old']);
  const [value, digest] = forge(signer.sign(data));
  expect(signer.verify(value, digest)).toBe(false);
});

test('refuses to sign without a key', () => {
  expect(() => createCookieSigner([])).toThrow(TypeError);
});
