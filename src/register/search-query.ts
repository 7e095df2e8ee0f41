import { identify } from '../organizations/organizations.ts';
import type { InvalidReason, Rna, Siren, Siret } from '../organizations/organizations.ts';
import { tellingWords } from './search-words.ts';

/** What a person typed in the one field of the search. */
export type TypedText =
  /** Nothing that can be read: no letter, no digit. */
  | { readonly kind: 'empty' }
  /** One letter: half of the register. */
  | { readonly kind: 'too_short' }
  | {
      readonly kind: 'number';
      readonly siren?: Siren | undefined;
      readonly siret?: Siret | undefined;
      readonly rna?: Rna | undefined;
    }
  /** Meant as a SIREN, a SIRET, a VAT or an RNA number, and is none. */
  | { readonly kind: 'malformed_number'; readonly reason: InvalidReason }
  | { readonly kind: 'words'; readonly query: WordQuery };

/** Words only of `[a-z0-9]`: nothing that a person types is ever syntax. */
export interface WordQuery {
  /** All that was typed, as names are written in `organization.search_name`. */
  readonly searchName: string;
  /** What a name must hold, each once. The last may be unfinished. */
  readonly words: readonly string[];
}

/** Longer texts are cut before: a name has 250 characters at most. */
const MOST_WORDS = 8;
/** Digits with separators, enough of them to be meant as a SIREN. */
const LIKE_SIREN = /^[0-9](?:[ \u00a0\u2009\u202f.-]*[0-9]){7,}$/;
const LIKE_RNA = /^w[0-9][0-9a-z][0-9]{3,}$/i;
const LIKE_VAT = /^fr ?[0-9]{2}[ 0-9]{5,}$/i;

/** Pure; any text has an answer. */
export function readTypedText(text: string): TypedText {
  const identified = identify(text);
  switch (identified.kind) {
    case 'siren':
    case 'vat':
      return { kind: 'number', siren: identified.siren };
    case 'siret':
      return { kind: 'number', siret: identified.siret };
    case 'rna':
      return { kind: 'number', rna: identified.rna };
    case 'invalid': {
      const trimmed = text.slice(0, 60).trim();
      if ([LIKE_SIREN, LIKE_RNA, LIKE_VAT].some((shape) => shape.test(trimmed)))
        return { kind: 'malformed_number', reason: identified.reason };
    }
  }
  const telling = tellingWords(text);
  const searchName = telling.join(' ');
  if (searchName === '') return { kind: 'empty' };
  if (searchName.length === 1) return { kind: 'too_short' };
  return { kind: 'words', query: { searchName, words: [...new Set(telling)].slice(0, MOST_WORDS) } };
}

/** What a name must hold: one spelling of each group. */
export interface WordGroup {
  /** As typed. */
  readonly typed: string;
  /** The typed word first, then what stands for it. */
  readonly spellings: readonly string[];
}

/** Each word as it is. At least one group. */
export const asTyped = ({ words }: WordQuery): readonly WordGroup[] =>
  words.map((typed) => ({ typed, spellings: [typed] }));

/**
 * What people say, and what the registers write: « mairie de Nantes » is « COMMUNE DE NANTES ». Beside other words only:
 * alone, such a word means itself.
 */
const saidFor: ReadonlyMap<string, readonly string[]> = new Map([
  ['mairie', ['commune', 'ville']],
  ['ville', ['commune', 'mairie']],
  ['commune', ['ville', 'mairie']],
  ['asso', ['association']],
  ['assoc', ['association']],
  ['agglo', ['agglomeration']],
]);

/** Whether one word stands for the other, however unlike their letters are. */
export const standsFor = (typed: string, word: string): boolean =>
  saidFor.get(typed)?.includes(word) === true;

/**
 * Each word with its plural or its singular, beside others with what stands for it, and one of them with the words that it
 * may begin.
 */
export const asMeant = (
  { words }: WordQuery,
  unfinished: string | undefined,
  continued: readonly string[],
): readonly WordGroup[] =>
  words.map((typed) => ({
    typed,
    spellings: [
      ...new Set([
        ...withNumber(typed),
        ...(words.length > 1 ? (saidFor.get(typed) ?? []) : []),
        ...(typed === unfinished ? continued : []),
      ]),
    ],
  }));

/** The last word, when it may be the beginning of another. Two letters begin too many to tell anything. */
export const unfinishedWord = ({ words }: WordQuery): string | undefined => {
  const last = words.at(-1);
  return last !== undefined && /^[a-z]{3,}$/.test(last) ? last : undefined;
};

/** In French an s or an x more, or less. */
function withNumber(word: string): readonly string[] {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return [word];
  return /[sx]$/.test(word) ? [word, word.slice(0, -1)] : [word, `${word}s`];
}

// Words are checked again here, where they meet a syntax.
const oneOf = (spellings: readonly string[]): string =>
  `(${spellings
    .filter((word) => /^[a-z0-9]+$/.test(word))
    .map((word) => `'${word}'`)
    .join('|')})`;

/** For `::tsquery`: a spelling of each group. */
export const tsqueryOf = (groups: readonly WordGroup[]): string =>
  groups.map(({ spellings }) => oneOf(spellings)).join('&');

/**
 * For `::tsquery`: a spelling of each group, and of one group at least another than the typed one. What holds all words as
 * typed was found before; left out, the index has only the rare spellings to follow. Undefined when there is no other.
 */
export function tsqueryOfOthers(groups: readonly WordGroup[]): string | undefined {
  const ways = groups.flatMap((group) => {
    const others = group.spellings.filter((spelling) => spelling !== group.typed);
    if (others.length === 0) return [];
    return [groups.map((one) => oneOf(one === group ? others : one.spellings)).join('&')];
  });
  return ways.length === 0 ? undefined : ways.map((way) => `(${way})`).join('|');
}

const LETTERS = Array.from({ length: 26 }, (_, at) => String.fromCharCode(97 + at));

/** Everything one slip away: a letter less, more, changed, or two swapped. About 54 for each letter of the word. */
export function oneSlipAway(word: string): readonly string[] {
  const found = new Set<string>();
  for (let at = 0; at <= word.length; at += 1) {
    const [before, after] = [word.slice(0, at), word.slice(at)];
    for (const letter of LETTERS) {
      found.add(before + letter + after);
      if (after !== '') found.add(before + letter + after.slice(1));
    }
    if (after !== '') found.add(before + after.slice(1));
    if (after.length > 1) found.add(before + after.charAt(1) + after.charAt(0) + after.slice(2));
  }
  found.delete(word);
  return [...found];
}

/** Slips between two words: letters less, more, changed, or swapped (optimal string alignment). */
export function slipsBetween(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      let least = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1] && row > 1)
        least = Math.min(least, (beforeLast[column - 2] ?? 0) + 1);
      current.push(least);
    }
    [beforeLast, last] = [last, current];
  }
  return last[other.length] ?? 0;
}
