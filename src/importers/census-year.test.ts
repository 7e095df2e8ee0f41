import { describe, expect, it } from 'vitest';
import { censusInForce, yearInForce } from './census-year.ts';

describe('a census year', () => {
  it.each([
    ['2026-01-01', '2023'],
    ['2026-11-30', '2023'],
    // Published on 26 December, in force six days later (décret 2025-1362).
    ['2025-12-26', '2023'],
    ['2025-11-30', '2022'],
  ])('of populations in force on %s is %s', (asOf, census) =>
    expect(censusInForce(yearInForce(asOf), '56260')).toBe(census),
  );

  it('is 2017 in Mayotte until its census of 2025 is published', () => {
    expect(censusInForce(2026, '97611')).toBe('2017');
    expect(censusInForce(2027, '97611')).toBe('2024');
  });
});
