import { describe, expect, test } from 'vitest';
import { assertIdpHint, assertSiretHint, siretHint } from './hints.ts';

const nobody = () => undefined;
const catching = (run: () => void): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return 'accepted';
};

describe('hints of ProConnect', () => {
  test('an identity provider that nobody declared is told in the words of the profile', () => {
    expect(() => assertIdpHint(undefined, { profile: 'standard' }, nobody)).not.toThrow();
    expect(() => assertIdpHint('x', { profile: 'standard' }, nobody)).toThrow('invalid_request');
    expect(() => assertIdpHint('x', { profile: 'proconnect' }, nobody)).toThrow('idp_hint_not_found');
  });

  test('a hidden one is told like one that nobody declared, but to its test addresses', () => {
    const hidden = () => ({ test_addresses: ['essai@etat.example'] });
    const named = (profile: 'standard' | 'proconnect', loginHint?: unknown) => () =>
      assertIdpHint('x', { profile }, hidden, loginHint);
    expect(named('standard')).toThrow('invalid_request');
    expect(named('proconnect')).toThrow('idp_hint_not_found');
    for (const other of ['agent@etat.example', '', 7, ['essai@etat.example']])
      expect(named('standard', other)).toThrow('invalid_request');
    expect(named('standard', 'essai@etat.example')).not.toThrow();
    const unknown = catching(() => assertIdpHint('x', { profile: 'standard' }, nobody));
    expect(catching(named('standard', 'agent@etat.example'))).toEqual(unknown);
  });

  test.each<readonly [string, boolean]>([
    ['21440109300015', true],
    ['21440109300016', false],
    ['214 401 093 00015', false],
    ['2144010930001', false],
    ['', false],
  ])('siret_hint %j', (hint, right) => {
    expect(() => assertSiretHint(hint, { strict: false })).not.toThrow();
    if (right) expect(() => assertSiretHint(hint, { strict: true })).not.toThrow();
    else expect(() => assertSiretHint(hint, { strict: true })).toThrow('invalid_request');
  });

  test('one that cannot be read preselects nothing', () => {
    expect(siretHint({ siret_hint: '21440109300015' })).toBe('21440109300015');
    expect(siretHint({ siret_hint: '21440109300016' })).toBeUndefined();
    expect(siretHint({})).toBeUndefined();
  });
});
