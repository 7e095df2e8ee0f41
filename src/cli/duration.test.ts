import { describe, expect, it } from 'vitest';
import { durationOf } from './duration.ts';

describe('a duration', () => {
  it.each([
    ['90s', 90],
    ['30m', 1800],
    ['24h', 86_400],
    ['7d', 604_800],
    ['0s', 0],
  ])('%s is %d seconds', (text, expected) => {
    expect(durationOf('--publish-for', text)).toBe(expected);
  });

  it.each(['', '24', 'h', '1.5h', '-1h', '1 h', '24H', '1w', '1h30m', '9999999s', 'constructor'])(
    '« %s » is none, and the sentence names the option',
    (text) => {
      expect(() => durationOf('--publish-for', text)).toThrow(
        `--publish-for must be a duration such as 90s, 30m, 24h or 7d, not "${text}"`,
      );
    },
  );
});
