import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acrAtLeast, acrValues } from '../eligibility/eligibility.ts';
import { acrOf, acrValuesToRequest, authenticationOf, isEarnedByMethod } from './acr.ts';

const ours = fc.constantFrom(...acrValues);

describe('the level that we hold true', () => {
  it.each([
    ['eidas1', 'eidas3', 'eidas1'],
    ['eidas3', 'eidas1-mfa', 'eidas1-mfa'],
    ['eidas0-mfa', 'eidas1', 'eidas0'],
    ['eidas1', 'eidas0-mfa', 'eidas0'],
    ['eidas1-mfa', 'eidas0-mfa', 'eidas0-mfa'],
  ] as const)('%s under a maximum of %s is %s', (mapped, maximum, expected) => {
    expect(acrOf({ values: { x: mapped }, maximum }, 'x')).toBe(expected);
  });

  it('is never above the mapping nor above the maximum, and is the best such level', () => {
    fc.assert(
      fc.property(ours, ours, (mapped, maximum) => {
        const level = acrOf({ values: { x: mapped }, maximum }, 'x');
        expect(acrAtLeast(mapped, level) && acrAtLeast(maximum, level)).toBe(true);
        for (const other of acrValues) {
          if (acrAtLeast(mapped, other) && acrAtLeast(maximum, other))
            expect(acrAtLeast(level, other)).toBe(true);
        }
      }),
    );
  });

  it('is the lowest for whatever the record does not map', () => {
    fc.assert(
      fc.property(fc.option(fc.string(), { nil: undefined }), (asserted) => {
        fc.pre(asserted !== 'x');
        expect(acrOf({ values: { x: 'eidas3' }, maximum: 'eidas3' }, asserted)).toBe('eidas0');
      }),
    );
  });
});

describe('a level that methods earn', () => {
  const mapping = (maximum: (typeof acrValues)[number], earned: (typeof acrValues)[number]) => ({
    acr: { values: { low: 'eidas1' }, maximum } as const,
    amr: { values: { MFA: 'mfa', pwd: 'pwd' }, earns: { mfa: earned } },
  });
  const reached = (maximum: (typeof acrValues)[number], earned: (typeof acrValues)[number], claims: object) =>
    authenticationOf(mapping(maximum, earned), { ...claims });

  it.each([
    ['eidas1-mfa', 'eidas1-mfa', { acr: 'low', amr: ['MFA'] }, 'eidas1-mfa'],
    ['eidas1-mfa', 'eidas1-mfa', { acr: 'low', amr: ['mfa'] }, 'eidas1'],
    ['eidas1-mfa', 'eidas1-mfa', { amr: ['MFA'] }, 'eidas1-mfa'],
    ['eidas1', 'eidas1-mfa', { acr: 'low', amr: ['MFA'] }, 'eidas1'],
    // They cannot be compared: what was said stands.
    ['eidas3', 'eidas0-mfa', { acr: 'low', amr: ['MFA'] }, 'eidas1'],
    ['eidas3', 'eidas0', { acr: 'low', amr: ['MFA'] }, 'eidas1'],
    ['eidas3', 'eidas3', { amr: 'MFA' }, 'eidas0'],
  ] as const)('maximum %s, earned %s, %j: %s', (maximum, earned, claims, expected) => {
    expect(reached(maximum, earned, claims).acr).toBe(expected);
  });

  it('is never above the maximum, and never takes away what was said', () => {
    fc.assert(
      fc.property(ours, ours, fc.subarray(['MFA', 'pwd', 'other']), (maximum, earned, amr) => {
        const { acr } = reached(maximum, earned, { acr: 'low', amr });
        expect(acrAtLeast(maximum, acr)).toBe(true);
        expect(acrAtLeast(acr, acrOf(mapping(maximum, earned).acr, 'low'))).toBe(true);
      }),
    );
  });

  it('may be asked for when no word of the identity provider means it', () => {
    expect(isEarnedByMethod(mapping('eidas2', 'eidas1-mfa'), ['eidas1-mfa'])).toBe(true);
    expect(isEarnedByMethod(mapping('eidas1', 'eidas1-mfa'), ['eidas1-mfa'])).toBe(false);
  });

  it('methods count for nothing where the record lists none: no policy is satisfied by a word that nobody entrusted', () => {
    const record = { acr: { values: {}, maximum: 'eidas1' } } as const;
    expect(authenticationOf(record, { amr: ['pwd', 'mfa', 'mail'] }).amr).toEqual([]);
  });

  it.each([
    ['the one that was said, though another is better', ['eidas1'], 'eidas1', 'low'],
    ['the one that was earned', ['eidas1-mfa'], 'eidas1-mfa', 'low'],
    ['the best of those wanted', ['eidas1', 'eidas1-mfa'], 'eidas1-mfa', 'low'],
    ['the best of all when none of them was reached', ['eidas3'], 'eidas1-mfa', 'low'],
    ['never one that was neither said nor earned', ['eidas0'], 'eidas1-mfa', 'low'],
  ] as const)('among wanted levels: %s', (_name, wanted, expected, word) => {
    const record = mapping('eidas2', 'eidas1-mfa');
    expect(authenticationOf(record, { acr: 'low', amr: ['MFA', 'pwd'] }, wanted)).toMatchObject({
      acr: expected,
      idpAcr: word,
    });
  });

  it('a wanted level is within the maximum, even one that cannot be compared with what was said', () => {
    const claims = { acr: 'low', amr: ['MFA'] };
    expect(authenticationOf(mapping('eidas3', 'eidas0-mfa'), claims, ['eidas0-mfa']).acr).toBe('eidas0-mfa');
    expect(authenticationOf(mapping('eidas1', 'eidas1-mfa'), claims, ['eidas1-mfa']).acr).toBe('eidas1');
  });

  it('of several words, the wanted one is the word that counted', () => {
    const record = {
      acr: { values: { c1: 'eidas1', c2: 'eidas1-mfa' }, maximum: 'eidas2' },
      acr_claim: 'acrs',
    } as const;
    expect(authenticationOf(record, { acrs: ['c2', 'c1'] }, ['eidas1'])).toMatchObject({
      acr: 'eidas1',
      idpAcr: 'c1',
    });
  });
});

describe('the words to ask with', () => {
  const mapping = {
    values: { a: 'eidas1', b: 'eidas1-mfa', c: 'eidas3', d: 'eidas0' },
    maximum: 'eidas2',
  } as const;

  it.each([
    [['eidas1'], ['a']],
    [
      ['eidas1-mfa', 'eidas2'],
      ['b', 'c'],
    ],
    [['eidas3'], []],
    [['eidas0'], ['d']],
    [[], []],
  ])('for %j: %j', (wanted, expected) => {
    expect(acrValuesToRequest(mapping, wanted)).toEqual(expected);
  });

  it('would each be read back as a wanted level', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), ours),
        ours,
        fc.subarray([...acrValues]),
        (values, maximum, wanted) => {
          for (const word of acrValuesToRequest({ values, maximum }, wanted)) {
            expect(wanted).toContain(acrOf({ values, maximum }, word));
          }
        },
      ),
    );
  });
});
