import { expect, test } from 'vitest';
import { givenUpAfter, nextAttempt, outcomeOf } from './attempts.ts';

const begun = new Date('2026-11-22T10:00:00Z');
const after = (seconds: number) => new Date(begun.getTime() + seconds * 1000);

test('waits longer and longer: 5 s, 30 s, 2 min, 10 min, 1 h, then 6 h', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 50].map((made) => nextAttempt(made, begun, begun));
  expect(waits).toEqual([5, 30, 120, 600, 3600, 21_600, 21_600, 21_600].map(after));
});

test('stops a day after the person signed out', () => {
  expect(nextAttempt(6, begun, after(givenUpAfter - 21_600))).toEqual(after(givenUpAfter));
  expect(nextAttempt(6, begun, after(givenUpAfter - 21_599))).toBeUndefined();
});

test('a tool that never answers is tried nine times in that day', () => {
  let now = begun;
  let attempts = 1;
  for (let next = nextAttempt(1, begun, now); next !== undefined; next = nextAttempt(attempts, begun, now)) {
    now = next;
    attempts += 1;
  }
  expect(attempts).toBe(9);
});

test.each([
  [200, 'delivered'],
  [204, 'delivered'],
  [400, 'refused'],
  [undefined, 'failed'],
  [201, 'failed'],
  [302, 'failed'],
  [401, 'failed'],
  [404, 'failed'],
  [408, 'failed'],
  [429, 'failed'],
  [500, 'failed'],
  [503, 'failed'],
] as const)('HTTP %s is %s (Back-Channel Logout §2.8)', (status, outcome) => {
  expect(outcomeOf(status === undefined ? { problem: 'nobody' } : { status })).toBe(outcome);
});
