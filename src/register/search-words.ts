/** A name as the search sees it: compared as a whole, and word by word. Both hold `[a-z0-9]` only. */
export interface SearchWords {
  /** The words in order, small ones left out, separated by single spaces: `association maires morbihan`. */
  readonly searchName: string;
  /** Each once: the same words, those of the acronym, the initials of the name. */
  readonly words: readonly string[];
  /** Of these, what a mistyped word may be corrected to: letters only, four at least, no initials. */
  readonly spellings: readonly string[];
}

/** Names of the registers end at 250 characters; what follows in a longer one finds nothing more. */
const LONGEST_TEXT = 400;
const LONGEST_SEARCH_NAME = 250;
const LONGEST_WORD = 32;
const MOST_WORDS = 24;
const LONGEST_INITIALS = 8;

/** Letters that Unicode does not take apart (NFKD). */
const spelled: ReadonlyMap<string, string> = new Map([
  ['œ', 'oe'],
  ['æ', 'ae'],
  ['ß', 'ss'],
  ['ø', 'o'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['ħ', 'h'],
  ['ı', 'i'],
]);
const SPELLED = /[œæßøłđðþħı]/g;
/** Accents that NFKD set free, soft hyphens, zero-width spaces. */
const UNSEEN = /[\p{M}\p{Cf}]+/gu;
const BETWEEN_WORDS = /[^a-z0-9]+/g;

/** A.M.F., a. m. f: letters with dots between them are one word. */
const DOTTED = /(?<![a-z0-9])[a-z](?:\. ?[a-z](?![a-z0-9]))+/g;
/** A M F: three single letters or more. Two are more often « à l’ » or « y a ». */
const SPACED = /(?<![a-z0-9])[a-z](?: [a-z](?![a-z0-9])){2,}/g;

/** Words that half of the names hold and nobody counts on, elisions included. */
const small: ReadonlySet<string> = new Set(
  'a au aux avec c ce ces chez d dans de des du en entre est et j l la le les leur leurs m n nos notre ou par pour qu que qui s sa ses si son sous sur t un une vers y'.split(
    ' ',
  ),
);

const NOT_PLAIN = /[^ -~]/g;
/** The letters of European names, and their apostrophe: each is made plain once, which takes a quarter of the time. */
const LATIN = /^[ -~\u00a0-\u024f\u2019]*$/;
const plainLetters = new Map<string, string>();
const withoutAccents = (text: string): string =>
  LATIN.test(text) ? text.replace(NOT_PLAIN, plainLetter) : made(text);

function plainLetter(letter: string): string {
  const known = plainLetters.get(letter);
  if (known !== undefined) return known;
  const plain = made(letter);
  plainLetters.set(letter, plain);
  return plain;
}

const made = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(UNSEEN, '')
    .replace(SPELLED, (letter) => spelled.get(letter) ?? ' ');

/** All words of a text in order: lower case, accents and ligatures taken off, punctuation and apostrophes as spaces. */
export function wordsOf(text: string): readonly string[] {
  const lower = withoutAccents(text.slice(0, LONGEST_TEXT))
    .slice(0, LONGEST_TEXT)
    .toLowerCase()
    .replaceAll('&', ' et ');
  const joined = lower.includes('.')
    ? lower.replace(DOTTED, (letters) => letters.replaceAll(/[^a-z]/g, ''))
    : lower;
  const written = joined
    .replace(BETWEEN_WORDS, ' ')
    .trim()
    .replace(SPACED, (letters) => letters.replaceAll(' ', ''));
  if (written === '') return [];
  const words: string[] = [];
  let length = -1;
  for (const word of written.split(' ')) {
    const cut = word.slice(0, LONGEST_WORD);
    length += cut.length + 1;
    if (length > LONGEST_SEARCH_NAME) break;
    words.push(cut);
  }
  return words;
}

/** The words that tell names apart, in order. A name of small words only (« Et si… ») is told by them. */
export function tellingWords(text: string): readonly string[] {
  const inOrder = wordsOf(text);
  const telling = inOrder.filter((word) => !small.has(word));
  return telling.length === 0 ? inOrder : telling;
}

/**
 * What is written beside a name for the search. Pure, and the same for what a person types: small words are left out of
 * both, so that « comité fêtes » is the beginning of « Comité des fêtes de Vannes ».
 *
 * The initials let « amd » find « Association des maires du département »; three letters at least, for two would find
 * everything.
 */
export function searchWords(name: string, acronym?: string): SearchWords {
  const telling = tellingWords(name);
  const words = new Set(telling);
  if (acronym !== undefined) for (const word of wordsOf(acronym)) words.add(word);
  const kept = [...words].slice(0, MOST_WORDS);
  const spellings = kept.filter((word) => /^[a-z]{4,}$/.test(word));
  const initials = initialsOf(telling);
  if (initials !== undefined && !words.has(initials)) kept.push(initials);
  return { searchName: telling.join(' '), words: kept, spellings };
}

function initialsOf(telling: readonly string[]): string | undefined {
  let initials = '';
  for (const word of telling) if (word > '9') initials += word.slice(0, 1);
  return initials.length >= 3 && initials.length <= LONGEST_INITIALS ? initials : undefined;
}
