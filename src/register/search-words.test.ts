import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { searchWords } from './search-words.ts';

describe('the name as the search sees it', () => {
  it.each([
    ['Association des maires du département', 'association maires departement'],
    ['ASSOCIATION DES MAIRES DU DEPARTEMENT', 'association maires departement'],
    ["L'Œuvre d’Été", 'oeuvre ete'],
    ['Lætitia & Cie', 'laetitia cie'],
    ['Étoile ﬁlante ＦＵＬＬ', 'etoile filante full'],
    ['Straße, Łódź, Bjørn', 'strasse lodz bjorn'],
    ['A.M.F. 56', 'amf 56'],
    ['a. m. f.', 'amf'],
    ['A S P T T Vannes', 'asptt vannes'],
    ['S.O.S. Amitié', 'sos amitie'],
    ['à l’A.B.C.', 'abc'],
    ['soft\u00adhyphen zéro\u200bwidth', 'softhyphen zerowidth'],
    ['Et si…', 'et si'],
    ['😀', ''],
    ['', ''],
  ])('%s', (name, expected) => {
    expect(searchWords(name).searchName).toBe(expected);
  });

  it('lets the initials find the name, from three letters on', () => {
    expect(searchWords('Association des maires du département').words).toContain('amd');
    expect(searchWords('Les amis de Vannes').words).toEqual(['amis', 'vannes']);
    expect(searchWords('a bb c dd e ff g hh i jj k').words).not.toContain('bddeffghhijjk');
  });

  it('keeps the words of the acronym, dots or not', () => {
    expect(searchWords('Réunion des élus', 'R.E.M. 56').words).toEqual(['reunion', 'elus', 'rem', '56']);
  });

  it('corrects nothing to initials, numbers or short words', () => {
    expect(searchWords('Club 2000 des amis du vin', 'CAV').spellings).toEqual(['club', 'amis']);
  });

  it('holds only a-z and 0-9, bounded, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), fc.option(fc.string()), (name, acronym) => {
        const { searchName, words, spellings } = searchWords(name, acronym ?? undefined);
        expect(searchName).toMatch(/^(?:[a-z0-9]+(?: [a-z0-9]+)*)?$/);
        expect(searchName.length).toBeLessThanOrEqual(250);
        expect(words.length).toBeLessThanOrEqual(25);
        for (const word of words) expect(word).toMatch(/^[a-z0-9]{1,32}$/);
        expect(new Set(words).size).toBe(words.length);
        expect(words).toEqual(expect.arrayContaining([...spellings]));
      }),
    );
  });

  it('is the same for a name that was made so already', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[A-Za-zÀ-ÿ-]{2,12}$/), { maxLength: 8 }), (parts) => {
        const { searchName } = searchWords(parts.join(' '));
        expect(searchWords(searchName).searchName).toBe(searchName);
      }),
    );
  });
});
