import type { RegistrationsNeeds } from './needs.ts';

/** Crockford's base 32: no letter that is read as a digit, none that makes words (I, L, O, U left out). */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Of a file (dossier), or of a lot. */
export type NumberKind = 'D' | 'L';

/** The number that people quote. Random: nobody guesses another file, nor counts how many there are. */
export function newNumber(
  year: number,
  randomBytes: RegistrationsNeeds['randomBytes'],
  kind: NumberKind = 'D',
): string {
  const letters = [...randomBytes(8)].map((byte) => alphabet.charAt(byte % 32)).join('');
  return `${kind}-${String(year % 100).padStart(2, '0')}-${letters}`;
}

const shape = /^[DL]-[0-9]{2}-[0-9A-HJKMNP-TV-Z]{8}$/;

/** Whether this is one of ours, as it is kept. */
export const isNumber = (text: string, kind: NumberKind = 'D'): boolean =>
  shape.test(text) && text.startsWith(kind);

/** As it may be typed or dictated: any case, spaces, O for 0, I and L for 1. Undefined when it is no number of ours. */
export function readNumber(text: string, kind: NumberKind = 'D'): string | undefined {
  const tidy = text
    .trim()
    .toUpperCase()
    .replaceAll(/[\s_]/gu, '')
    .replaceAll(/[‐‑–—]/gu, '-');
  const [letter, year, rest] = tidy.split('-');
  if (letter !== kind || year === undefined || rest === undefined) return undefined;
  const number = `${kind}-${year}-${rest.replaceAll('O', '0').replaceAll(/[IL]/gu, '1')}`;
  return shape.test(number) && tidy.split('-').length === 3 ? number : undefined;
}
