import { describe, expect, test } from 'vitest';
import { cappedByDecision, lifetimes, refreshTokenLifetime } from './lifetimes.ts';

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

describe('a refresh token', () => {
  const [hour, day] = [3600, 24 * 3600];
  const issued = 1_800_000_000;
  const of = (scope: string, age: number) =>
    refreshTokenLifetime({ scopes: new Set(scope.split(' ')), iiat: issued }, issued + age);

  test.each([
    ['of a session', 'openid', 0, 12 * hour],
    ['of a session, renewed after 5 hours', 'openid', 5 * hour, 7 * hour],
    ['offline', 'openid offline_access', 0, 14 * day],
    ['offline, renewed after 10 days', 'openid offline_access', 10 * day, 14 * day],
    ['offline, renewed after 20 days', 'openid offline_access', 20 * day, 10 * day],
    ['offline, renewed at its last second', 'openid offline_access', 30 * day - 1, 1],
    [
      'offline, past its end: the shortest life that the library accepts',
      'openid offline_access',
      31 * day,
      1,
    ],
  ])('%s', (_what, scope, age, seconds) => {
    expect(of(scope, age)).toBe(seconds);
  });

  test('is capped from now when nothing says when its family began', () => {
    expect(refreshTokenLifetime({ scopes: new Set(['openid']) }, issued)).toBe(12 * hour);
  });
});
