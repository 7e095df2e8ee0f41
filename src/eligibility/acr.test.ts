import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acrAtLeast, acrValues, compareAcr, isMultiFactor, toAcr, withSecondFactor } from './acr.ts';

const acr = fc.constantFrom(...acrValues);

describe('the order of acr values', () => {
  it.each([
    ['eidas0', 'eidas0-mfa', -1],
    ['eidas0-mfa', 'eidas1-mfa', -1],
    ['eidas0', 'eidas1', -1],
    ['eidas1', 'eidas1-mfa', -1],
    ['eidas1-mfa', 'eidas2', -1],
    ['eidas2', 'eidas3', -1],
    ['eidas3', 'eidas0', 1],
    ['eidas2', 'eidas2', 0],
    ['eidas0-mfa', 'eidas1', undefined],
    ['eidas1', 'eidas0-mfa', undefined],
  ] as const)('%s against %s: %s', (left, right, expected) => {
    expect(compareAcr(left, right)).toBe(expected);
  });

  it('is a partial order: reflexive, antisymmetric, transitive', () => {
    fc.assert(fc.property(acr, (a) => acrAtLeast(a, a)));
    fc.assert(fc.property(acr, acr, (a, b) => !(acrAtLeast(a, b) && acrAtLeast(b, a)) || a === b));
    fc.assert(
      fc.property(acr, acr, acr, (a, b, c) => !(acrAtLeast(a, b) && acrAtLeast(b, c)) || acrAtLeast(a, c)),
    );
  });

  it('has eidas0 at the bottom and eidas3 at the top', () => {
    for (const value of acrValues) {
      expect(acrAtLeast(value, 'eidas0')).toBe(true);
      expect(acrAtLeast('eidas3', value)).toBe(true);
    }
  });

  it('knows which values have several factors', () => {
    expect(acrValues.filter(isMultiFactor)).toEqual(['eidas0-mfa', 'eidas1-mfa', 'eidas2', 'eidas3']);
  });
});

describe('a value that we do not know', () => {
  it.each([undefined, '', 'eidas4', 'EIDAS3', ' eidas3', 'https://refeds.org/profile/mfa', '__proto__'])(
    '%s is worth the lowest level',
    (value) => {
      expect(toAcr(value)).toBe('eidas0');
    },
  );

  it('is never raised', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const known = acrValues.find((candidate) => candidate === value);
        expect(toAcr(value)).toBe(known ?? 'eidas0');
      }),
    );
  });
});

describe('a second factor', () => {
  it.each([
    ['eidas0', 'eidas0-mfa'],
    ['eidas1', 'eidas1-mfa'],
    ['eidas0-mfa', undefined],
    ['eidas1-mfa', undefined],
    ['eidas2', undefined],
    ['eidas3', undefined],
  ] as const)('makes of %s: %s', (before, expected) => {
    expect(withSecondFactor(before)).toBe(expected);
  });

  it('never makes a level less, nor a better identity', () => {
    for (const before of acrValues) {
      const after = withSecondFactor(before);
      if (after === undefined) continue;
      expect(acrAtLeast(after, before)).toBe(true);
      expect(isMultiFactor(after)).toBe(true);
      expect(acrAtLeast(after, 'eidas1')).toBe(acrAtLeast(before, 'eidas1'));
    }
  });
});
