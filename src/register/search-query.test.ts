import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asMeant,
  asTyped,
  oneSlipAway,
  readTypedText,
  slipsBetween,
  tsqueryOf,
  tsqueryOfOthers,
} from './search-query.ts';

describe('what is typed in the field of the search', () => {
  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['\u0000\u0007\u001b', 'empty'],
    ['😀🎉', 'empty'],
    ['?!', 'empty'],
    ['a', 'too_short'],
    ['é', 'too_short'],
    ['130 025 265', 'number'],
    ['130.025.265.00013', 'number'],
    ['FR 11 130 025 265', 'malformed_number'],
    ['W751033362', 'number'],
    ['w751033362', 'number'],
    ['130025266', 'malformed_number'],
    ['130 025 265 0001', 'malformed_number'],
    ['W75103336', 'malformed_number'],
    ['2000', 'words'],
    ['les', 'words'],
    ["'; drop table organization; --", 'words'],
    ["a & !b | 'c':* <-> d", 'words'],
    ['x'.repeat(10_000), 'words'],
  ])('%j is %s', (text, kind) => {
    expect(readTypedText(text).kind).toBe(kind);
  });

  it('reads the VAT number as the SIREN inside', () => {
    const siren = 130_025_265;
    const key = (12 + 3 * (siren % 97)) % 97;
    expect(readTypedText(`FR${String(key).padStart(2, '0')}${String(siren)}`)).toEqual({
      kind: 'number',
      siren: '130025265',
    });
  });

  it('never becomes the syntax of a query', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const read = readTypedText(text);
        if (read.kind !== 'words') return;
        const word = "'[a-z0-9]+'";
        const group = `\\(${word}(?:\\|${word})*\\)`;
        expect(tsqueryOf(asTyped(read.query))).toMatch(new RegExp(`^${group}(?:&${group})*$`));
        expect(read.query.searchName).toMatch(/^[a-z0-9 ]+$/);
        expect(read.query.words.length).toBeLessThanOrEqual(8);
      }),
    );
  });

  it('takes a plural for its singular', () => {
    const words = ['maire', 'elus', 'club', 'bus', 'paris'];
    expect(tsqueryOf(asMeant({ searchName: '', words }, undefined, []))).toBe(
      "('maire'|'maires')&('elus'|'elu')&('club'|'clubs')&('bus')&('paris'|'pari')",
    );
  });

  it('takes what people say for what the registers write, beside another word only', () => {
    const meant = (...words: string[]) => tsqueryOf(asMeant({ searchName: '', words }, undefined, []));
    expect(meant('mairie', 'nantes')).toBe("('mairie'|'mairies'|'commune'|'ville')&('nantes'|'nante')");
    expect(meant('asso', 'sportive')).toBe("('asso'|'assos'|'association')&('sportive'|'sportives')");
    expect(meant('mairie')).toBe("('mairie'|'mairies')");
  });
});

it('leaves out what holds every word as typed, which was found before', () => {
  const query = { searchName: 'les maire bus', words: ['maire', 'bus'] };
  expect(tsqueryOfOthers(asMeant(query, 'bus', ['buste']))).toBe(
    "(('maires')&('bus'|'buste'))|(('maire'|'maires')&('buste'))",
  );
  expect(tsqueryOfOthers(asTyped(query))).toBeUndefined();
});

describe('slips', () => {
  it.each([
    ['maires', 'maires', 0],
    ['morbihan', 'mrobihan', 1],
    ['asociation', 'association', 1],
    ['asosiation', 'association', 2],
    ['', 'abc', 3],
  ])('%s → %s: %i', (one, other, slips) => {
    expect(slipsBetween(one, other)).toBe(slips);
  });

  it('those one away are exactly those one away', () => {
    const word = fc.stringMatching(/^[a-e]{1,6}$/);
    fc.assert(
      fc.property(word, word, (one, other) => {
        expect(oneSlipAway(one).includes(other)).toBe(slipsBetween(one, other) === 1);
      }),
    );
  });
});
