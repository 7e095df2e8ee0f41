/** Characters. Sirene publishes 120, the RNA 250: what is longer is a broken line, not a name. */
export const longestText = 300;

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
  const seen = text.toWellFormed().replace(INVISIBLE, ' ').trim();
  // Quadratic in a run of accents; what is longer than this is no name in any spelling.
  return seen.length > 4 * longestText ? seen : seen.normalize('NFC');
}
