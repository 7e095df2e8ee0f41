import { expect, test } from 'vitest';
import { inWordsOf } from './profile-errors.ts';

const unmet = { error: 'unmet_authentication_requirements', error_description: 'acr_insufficient' };
const denied = { error: 'access_denied', error_description: 'service_not_covered' };

test('only ProConnect has other words, and only for a level', () => {
  expect(inWordsOf({ profile: 'standard' }, unmet)).toBe(unmet);
  expect(inWordsOf(undefined, unmet)).toBe(unmet);
  expect(inWordsOf({ profile: 'proconnect' }, denied)).toBe(denied);
  expect(inWordsOf({ profile: 'proconnect' }, unmet)).toEqual({
    error: 'access_denied',
    error_description: 'requested ACRs could not be satisfied',
  });
});
