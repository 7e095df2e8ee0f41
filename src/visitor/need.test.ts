import { expect, test } from 'vitest';
import { acrValues } from '../eligibility/eligibility.ts';
import { hasMfa, missing, multiFactorValues } from './need.ts';

const now = new Date('2026-11-22T12:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);

test.each([
  ['eidas0', false],
  // Several factors, but nobody verified whose they are.
  ['eidas0-mfa', false],
  ['eidas1', false],
  ['eidas1-mfa', true],
  ['eidas2', true],
  ['eidas3', true],
  ['EIDAS3', false],
  ['', false],
])('%s: several factors and a verified identity? %s', (acr, expected) => {
  expect(hasMfa({ acr })).toBe(expected);
});

test('what is asked for is what is accepted', () => {
  expect(multiFactorValues).toEqual(acrValues.filter((acr) => hasMfa({ acr })));
  expect(multiFactorValues).toHaveLength(3);
});

test.each([
  [{}, 'eidas0', 99_999, undefined],
  [{ mfa: true }, 'eidas1', 1, 'mfa'],
  [{ mfa: true }, 'eidas2', 99_999, undefined],
  [{ maxAgeSeconds: 900 }, 'eidas1', 900, undefined],
  [{ maxAgeSeconds: 900 }, 'eidas1', 901, 'recent'],
  [{ mfa: true, maxAgeSeconds: 900 }, 'eidas1-mfa', 901, 'recent'],
  // A clock that is a little fast; and a sign-in that has not taken place.
  [{ maxAgeSeconds: 900 }, 'eidas1', -60, undefined],
  [{ maxAgeSeconds: 900 }, 'eidas1', -61, 'recent'],
  // An identity provider that does not say when: 1 January 1970.
  [{ maxAgeSeconds: 86_400 }, 'eidas3', now.getTime() / 1000, 'recent'],
] as const)('%j, %s, %d s ago: lacks %s', (need, acr, seconds, expected) => {
  expect(missing({ acr, authTime: ago(seconds) }, need, now)).toBe(expected);
});
