import { describe, expect, test } from 'vitest';
import { cappedByDecision, lifetimes } from './lifetimes.ts';

const now = new Date('2028-12-31T22:00:00Z');

describe('a token never outlives the decision behind it', () => {
  test.each([
    ['no end', undefined, 3600],
    ['an end far away', new Date('2030-01-01T00:00:00Z'), 3600],
    ['midnight in Paris, an hour away', new Date('2028-12-31T23:00:00Z'), 3600],
    ['an end in ten minutes', new Date('2028-12-31T22:10:00Z'), 600],
    ['an end already past: the shortest life that the library accepts', new Date('2028-12-31T21:00:00Z'), 1],
  ])('%s', (_, validUntil, seconds) => {
    expect(cappedByDecision(3600, validUntil, now)).toBe(seconds);
  });
});

test('a code lives at most a minute, and a grant outlives all that hangs on it', () => {
  expect(lifetimes.authorizationCode).toBeLessThanOrEqual(60);
  const others = [
    lifetimes.accessToken,
    lifetimes.refreshToken,
    lifetimes.offlineRefreshToken,
    lifetimes.sessionAbsolute,
  ];
  for (const each of others) expect(lifetimes.grant).toBeGreaterThan(each);
});
