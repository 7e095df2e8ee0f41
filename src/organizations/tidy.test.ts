import { expect, test } from 'vitest';
import { longestText, tidy } from './tidy.ts';

test('a name is on one line, in one spelling, without what is not seen', () => {
  expect(tidy(' E\u0301cole\u00a0 de\u202e\nVannes ')).toBe('École de Vannes');
});

test('what is far too long for a name stays too long, and is not put in order: that is quadratic in a run of accents', () => {
  const begun = performance.now();
  expect(tidy(`a${'\u0301\u0316'.repeat(40_000)}`).length).toBeGreaterThan(longestText);
  expect(performance.now() - begun).toBeLessThan(1_000);
});
