import { cleanIdentifier } from './identifiers.ts';
import { passesLuhn } from './luhn.ts';

/** School: seven digits and a letter (Unité administrative immatriculée, ministry of Education). */
export type Uai = string & { readonly brand: 'Uai' };
/** Health or social establishment: département and seven digits (FINESS register). */
export type Finess = string & { readonly brand: 'Finess' };

/** The alphabet without I, O and Q: the letter is the number modulo 23. */
const UAI_LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';

const isUai = (text: string): text is Uai =>
  /^[0-9]{7}[A-Z]$/.test(text) &&
  !text.startsWith('0000000') &&
  UAI_LETTERS.charAt(Number(text.slice(0, 7)) % 23) === text.charAt(7);

/** Corsican numbers (2A, 2B) are checked for shape only: how their key is computed is not published. */
const isFiness = (text: string): text is Finess =>
  /^2[AB][0-9]{7}$/.test(text) || (/^[0-9]{9}$/.test(text) && text !== '000000000' && passesLuhn(text));

export function parseUai(input: string): Uai | undefined {
  const cleaned = cleanIdentifier(input);
  return 'text' in cleaned && isUai(cleaned.text) ? cleaned.text : undefined;
}

export function parseFiness(input: string): Finess | undefined {
  const cleaned = cleanIdentifier(input);
  return 'text' in cleaned && isFiness(cleaned.text) ? cleaned.text : undefined;
}
