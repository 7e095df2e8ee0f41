import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textClaim } from './text-claim.ts';

describe('a text about a person', () => {
  it.each([
    ['Maëlle', 'Maëlle'],
    [' Le Goff ', 'Le Goff'],
    ['Mae\u0308lle', 'Maëlle'],
    ['O’Neill', 'O’Neill'],
    ['', undefined],
    [' ', undefined],
    ['a\u0000b', undefined],
    ['a\nb', undefined],
    ['a\u2028b', undefined],
    ['\u202Eelliam', undefined],
    ['\uD800', undefined],
    ['a'.repeat(256), 'a'.repeat(256)],
    ['a'.repeat(257), undefined],
    [42, undefined],
    [['Maëlle'], undefined],
    [null, undefined],
  ])('%j → %j', (value, expected) => {
    expect(textClaim(value)).toBe(expected);
  });

  it('is refused by its length before anything else looks at it: putting accents in order is quadratic', () => {
    const long = `a${'\u0301\u0316'.repeat(40_000)}`;
    const begun = performance.now();
    expect(textClaim(long)).toBeUndefined();
    expect(performance.now() - begun).toBeLessThan(200);
    // Written apart, a name may be longer than it is.
    expect(textClaim('e\u0301'.repeat(256))).toBe('é'.repeat(256));
  });

  it('reads as itself once read', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const text = textClaim(value);
        if (text !== undefined) expect(textClaim(text)).toBe(text);
      }),
    );
  });
});
