import { BrokerError } from '../errors/errors.ts';
import { inOneLine } from '../http/http.ts';
import type { PartnerNames } from './partner.ts';

/** What is wrong with a name: nothing in it, over 100 characters, signs that no name has, or something like an address. */
export type NameProblem = 'empty' | 'long' | 'signs' | 'address';

export const longestName = 100;
export const longestAuthenticatorName = 60;

/** Mail programs make a link of these: nobody calls themselves so. */
const address = /[/@:\\]|[\p{L}\p{N}]{2,}\.[\p{L}\p{N}]{2,}|\bwww\./iu;
/** Letters to Unicode, and nothing to the eye: fillers of Hangul. */
const unseen = /[\u115f\u1160\u3164\uffa0]/u;
/** More accents on one letter than any alphabet has cover the lines above. */
const piled = /\p{M}{3,}/u;
const personal = /^[\p{L}\p{M} '’‘.,·()‐-]+$/u;
const visible = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u;

const problemIn = (text: string, most: number, signs: RegExp, some: RegExp): NameProblem | undefined => {
  // Before blanks are folded: a line break in a name is not a blank that somebody typed.
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) return 'signs';
  const name = tidyName(text);
  if (name === '') return 'empty';
  if (name.length > most) return 'long';
  if (address.test(name)) return 'address';
  return !signs.test(name) || unseen.test(name) || piled.test(name) || !some.test(name) ? 'signs' : undefined;
};

/** Of a given or usual name, as typed; undefined: it may be kept. */
export const nameProblem = (typed: string): NameProblem | undefined =>
  problemIn(typed, longestName, personal, /\p{L}/u);

/** Of what a partner calls an authenticator. */
export const authenticatorNameProblem = (typed: string): NameProblem | undefined =>
  problemIn(typed, longestAuthenticatorName, visible, /[\p{L}\p{N}]/u);

/** One spelling of each accent, and single blanks. */
export const tidyName = (typed: string): string => inOneLine(typed.normalize('NFC'));

/** @throws BrokerError M-PART-003 */
export function acceptedNames({ givenName, usualName }: PartnerNames): PartnerNames {
  for (const name of [givenName, usualName]) refuse(nameProblem(name));
  return { givenName: tidyName(givenName), usualName: tidyName(usualName) };
}

/** @throws BrokerError M-PART-003 */
export function acceptedAuthenticatorName(typed: string): string {
  refuse(authenticatorNameProblem(typed));
  return tidyName(typed);
}

function refuse(problem: NameProblem | undefined): void {
  if (problem !== undefined) throw new BrokerError('M-PART-003', { detail: problem });
}
