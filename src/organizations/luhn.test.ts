import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { digitSum, luhnSum, passesLuhn } from './luhn.ts';

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));

describe('the Luhn sum', () => {
  test.each([
    ['130025265', 20],
    ['130025266', 21],
    ['13002526500013', 30],
    ['35600000049837', 48],
    ['000000000', 0],
  ])('of %s is %i', (number, sum) => {
    expect(luhnSum(number)).toBe(sum);
  });

  test('every number has exactly one last digit that makes it pass', () => {
    fc.assert(
      fc.property(digits(8), (start) => {
        const keys = [...'0123456789'.matchAll(/./g)]
          .map(([key]) => key)
          .filter((key) => passesLuhn(start + key));
        expect(keys).toHaveLength(1);
      }),
    );
  });
});

test('the digit sum of the establishment of La Poste is 45', () => {
  expect(digitSum('35600000049837')).toBe(45);
});
