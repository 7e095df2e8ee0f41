import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refuse } from './cells.ts';
import { handwrittenText, optionalText, tidy } from './texts.ts';

describe('a text', () => {
  it.each([
    ['keeps quotation marks and separators', 'LES "AMIS, DU" FICTIF; 1', 'LES "AMIS, DU" FICTIF; 1'],
    ['keeps accents, ligatures, dashes', 'L’ŒUVRE — ÎLE', 'L’ŒUVRE — ÎLE'],
    ['has one space between words', '  A \u00a0 B\t\tC  ', 'A B C'],
    ['is one line', 'A\r\nB', 'A B'],
    ['has accents in one spelling', 'E\u0301COLE', 'ÉCOLE'],
    ['loses what is not seen', 'A\u200bB\u202eC\u00adD', 'A B C D'],
    ['loses NUL, that PostgreSQL refuses', 'A\0B', 'A B'],
    ['loses letters that nobody could read', 'A\ufffdB', 'A B'],
    ['is well formed', 'A\ud800B', 'A B'],
  ])('%s', (_, text, expected) => expect(tidy(text)).toBe(expected));

  it('is tidy once it is tidied, and holds nothing that a database or a screen stumbles over', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = tidy(text);
        return tidy(once) === once && !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(once) && once.isWellFormed();
      }),
    );
  });

  it('says nothing when it is blank', () => expect(optionalText(' \u200b ')).toBeUndefined());

  it('is no longer than what a register publishes', () => {
    expect(optionalText('A'.repeat(300))).toHaveLength(300);
    expect(optionalText('A'.repeat(301))).toEqual(refuse('too_long'));
  });
});

describe('a text that somebody wrote for us', () => {
  it.each(['=1+1', '+33 1', '-1', '@cmd', '\t=1', '\u200b=1'])('is no formula: %j', (text) =>
    expect(handwrittenText(text)).toEqual(refuse('formula')),
  );

  it('may hold those signs further on', () => expect(handwrittenText('1 = 1')).toBe('1 = 1'));
  it('is not a name of a register', () => expect(optionalText('@VENIR')).toBe('@VENIR'));
});
