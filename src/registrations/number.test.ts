import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { newNumber, readNumber } from './number.ts';

test('the year, then eight characters that are not mistaken for one another', () => {
  for (let count = 0; count < 1000; count += 1) {
    expect(newNumber(2026, randomBytes)).toMatch(/^D-26-[0-9A-HJKMNP-TV-Z]{8}$/);
  }
  expect(newNumber(2107, () => new Uint8Array([0, 31, 32, 255, 10, 17, 18, 20]))).toBe('D-07-0Z0ZAHJM');
});

test.each([
  ['D-26-7K3QXWPB', 'D-26-7K3QXWPB'],
  [' d-26-7k3qxwpb ', 'D-26-7K3QXWPB'],
  ['D – 26 – 7K3Q XWPB', 'D-26-7K3QXWPB'],
  ['D-26-OILZZZZZ', 'D-26-011ZZZZZ'],
])('%s is read as %s', (typed, number) => {
  expect(readNumber(typed)).toBe(number);
});

test.each([
  '',
  'D-26-',
  'D-26-7K3QXWP',
  'D-26-7K3QXWPBB',
  'E-26-7K3QXWPB',
  'D-2O-7K3QXWPB',
  'D-26-7K3QXWPU',
  "D-26-7K3QXW'B",
  'D-26-7K3QXWPB-1',
])('%j is no number of a file', (typed) => {
  expect(readNumber(typed)).toBeUndefined();
});
