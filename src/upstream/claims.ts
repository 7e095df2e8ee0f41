import { customName, isReservedClaim, mappableClaims, protocolClaims } from '../declarations/declarations.ts';
import type { ReceivedClaims } from './exchange.ts';

/** JSON characters of everything that we do not know by name: it travels in the snapshot of each grant. */
const customLimit = 2048;
/** Claims of an answer, and levels of lists and objects in one of them: what has more is nothing that we pass on. */
const mostClaims = 256;
const deepest = 8;

/** What we read of a person under its own name. */
const ofPerson: ReadonlySet<string> = new Set(mappableClaims);

export const isPersonClaim = (name: string): boolean => ofPerson.has(name);

export const isProtocolClaim = (name: string): boolean => protocolClaims.has(name);

/** What the protocol says, or we: nobody passes it on in our place. */
export const isOwnClaim = (name: string): boolean =>
  isReservedClaim(name) || (!ofPerson.has(name) && ofPerson.has(name.toLowerCase()));

/**
 * What the IdP adds of its own, as ProConnect's `custom`: small, or left out as a whole. Never a word that we say ourselves,
 * nor what a rule of the record spent. A value that holds what is no text
 * (U+0000, half a surrogate pair), or too much inside itself, is left out: databases refuse it, here and in tools.
 */
export function customClaims(
  userinfo: ReceivedClaims,
  spent: ReadonlySet<string> = new Set(),
): ReceivedClaims | undefined {
  if (Object.keys(userinfo).length > mostClaims) return undefined;
  const entries = Object.entries(userinfo).filter(
    ([name, value]) =>
      customName.test(name) &&
      !isPersonClaim(name) &&
      !isOwnClaim(name) &&
      !spent.has(name) &&
      value !== null &&
      value !== undefined &&
      isTextOnly(value),
  );
  if (entries.length === 0) return undefined;
  const custom: ReceivedClaims = Object.fromEntries(entries);
  return JSON.stringify(custom).length > customLimit ? undefined : custom;
}

/** Not by JSON.stringify: what is nested deep enough makes it fail. */
function isTextOnly(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return isText(value);
  if (typeof value !== 'object' || value === null) return true;
  return (
    depth < deepest &&
    Object.entries(value).every(([name, each]) => isText(name) && isTextOnly(each, depth + 1))
  );
}

const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000');

/** RFC 8176 names and the like: short ASCII words, a few of them; anything else is worth nothing. */
export function amrClaim(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length > 16) return [];
  const words = value.filter(
    (each): each is string => typeof each === 'string' && /^[\x21-\x7e]{1,64}$/.test(each),
  );
  return words.length === value.length ? [...new Set(words)] : [];
}

/** `acr` as a single printable value; a list or a number is no level. */
export function acrClaim(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\x20-\x7e]{1,255}$/.test(value) ? value : undefined;
}
