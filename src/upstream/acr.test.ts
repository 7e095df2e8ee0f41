import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acrAtLeast, acrValues } from '../eligibility/eligibility.ts';
import { acrOf, acrValuesToRequest } from './acr.ts';

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
