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

  it('reads as itself once read', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const text = textClaim(value);
        if (text !== undefined) expect(textClaim(text)).toBe(text);
      }),
    );
  });
});
