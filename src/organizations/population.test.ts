import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { populationBand, populationBands } from './population.ts';

describe('the population band', () => {
  test.each([
    [0, 'under_50000'],
    [49_999, 'under_50000'],
    [50_000, '50000_99999'],
    [99_999, '50000_99999'],
    [100_000, '100000_199999'],
    [199_999, '100000_199999'],
    [200_000, '200000_and_over'],
    [2_103_778, '200000_and_over'],
  ])('of %i inhabitants is %s', (inhabitants, band) => {
    expect(populationBand(inhabitants)).toBe(band);
  });

  test('never falls when the population grows', () => {
    fc.assert(
      fc.property(fc.nat(3_000_000), fc.nat(3_000_000), (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((n) =>
          populationBands.indexOf(populationBand(n)),
        );
        expect(low).toBeLessThanOrEqual(high ?? -1);
      }),
    );
  });
});
