/** ProConnect's length for the texts of a person. */
const longest = 256;

/** As it was sent: accents written apart make a name longer than it is. Normalizing is quadratic in a run of them. */
const longestSent = 4 * longest;

/** Control characters, and those that reverse the writing direction of the page around them (Unicode UAX #9). */
const forbidden = /[\p{Cc}\u202A-\u202E\u2066-\u2069\u200E\u200F\u2028\u2029]/u;

/** @returns the text, trimmed and in NFC; undefined when it is no text that we would show or store */
export function textClaim(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > longestSent) return undefined;
  if (!value.isWellFormed() || forbidden.test(value)) return undefined;
  const text = value.normalize('NFC').trim();
  return text === '' || text.length > longest ? undefined : text;
}
