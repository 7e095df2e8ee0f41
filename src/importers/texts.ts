import { refuse } from './cells.ts';
import type { CellRule } from './cells.ts';

/** Sirene publishes 120 characters, the RNA 250: what is longer is a broken line, not a name. */
const LONGEST = 300;

// Control and invisible characters, separators other than the space, halves of characters, accents written apart, and
// two spaces: what a name has none of once it is tidy. Most names are: the test is all that they cost.
const UNTIDY = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Mn}\u00a0\u202f\ufffd]| {2}/u;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s\ufffd]+/gu;

/**
 * One line, one space between words, accents in one spelling (NFC), nothing invisible: neither PostgreSQL (NUL) nor a
 * screen (marks that turn the direction of writing) is surprised.
 */
export function tidy(text: string): string {
  if (!UNTIDY.test(text)) return text.trim();
  return text.toWellFormed().normalize('NFC').replace(INVISIBLE, ' ').trim();
}

export const optionalText: CellRule<string> = (text) => {
  const tidied = tidy(text);
  if (tidied === '') return undefined;
  return tidied.length <= LONGEST ? tidied : refuse('too_long');
};

/** How a spreadsheet recognizes a formula (OWASP, CSV injection); TAB and CR are gone after `tidy`. */
const FORMULA = /^[=+\-@]/;

/** For files that people write. A register's `@venir` is a name; what we publish of it is made harmless on the way out. */
export const handwrittenText: CellRule<string> = (text) => {
  const read = optionalText(text);
  return typeof read === 'string' && FORMULA.test(read) ? refuse('formula') : read;
};
