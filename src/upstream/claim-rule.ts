import type { ClaimRule } from '../declarations/declarations.ts';
import type { ReceivedClaims } from './exchange.ts';

/** The two answers of an IdP, each under the name that a rule calls it by. */
export interface Sources {
  readonly id_token: ReceivedClaims;
  readonly userinfo: ReceivedClaims;
}

type Reading = Exclude<ClaimRule, { readonly from: 'constant' }>;

/** Bounds of what a rule looks at: an answer is somebody else's text. */
const longestText = 2048;
const longestList = 100;

/** What a rule makes of the answers; undefined when it finds nothing there and has no default. */
export function valueOf(rule: ClaimRule, sources: Sources): unknown {
  if (rule.from === 'constant') return rule.value;
  const found = inLowerCase(
    part(picked(at(sources[rule.from], pathOf(rule)), rule.pick), rule.split),
    rule.lower_case,
  );
  return isNothing(found) ? rule.default : found;
}

export const pathOf = ({ claim }: Reading): readonly string[] =>
  typeof claim === 'string' ? [claim] : claim;

export const isNothing = (value: unknown): boolean => value === undefined || value === null || value === '';

/** Own members only: `constructor` is no claim. */
function at(claims: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(member, claims);
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

/** A single value stands for a list of one: directories write both. */
function picked(value: unknown, pick: Reading['pick']): unknown {
  if (pick === undefined || isNothing(value)) return value;
  const list: readonly unknown[] = Array.isArray(value) ? value.slice(0, longestList) : [value];
  if (pick === 'last') return list.at(-1);
  if (typeof pick === 'number') return list[pick];
  if ('starts_with' in pick)
    return list.find((one) => typeof one === 'string' && one.startsWith(pick.starts_with));
  return member(
    list.find((one) => member(one, pick.where) === pick.is),
    pick.take,
  );
}

/** Capitals alone, and more than an initial: how French directories write a family name. */
const isUpperCase = (word: string): boolean =>
  /\p{Lu}.*\p{Lu}/u.test(word) && word === word.toLocaleUpperCase('fr');

function part(value: unknown, split: Reading['split']): unknown {
  if (split === undefined || isNothing(value)) return value;
  if (typeof value !== 'string' || value.length > longestText) return undefined;
  const parts = value
    .split(split.on)
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const { keep, on } = split;
  if (typeof keep === 'number') return parts[keep];
  switch (keep) {
    case 'last':
      return parts.at(-1);
    case 'all_but_first':
      return parts.slice(1).join(on);
    case 'all_but_last':
      return parts.slice(0, -1).join(on);
    case 'upper_case':
      return parts.filter(isUpperCase).join(on);
    case 'not_upper_case':
      return parts.filter((word) => !isUpperCase(word)).join(on);
  }
}

/** ASCII alone: Unicode has letters whose small form is one of ours (U+212A, the Kelvin sign), and an address must not become another. */
function inLowerCase(value: unknown, which: Reading['lower_case']): unknown {
  if (which === undefined || typeof value !== 'string') return value;
  const from = which === 'all' ? 0 : value.lastIndexOf('@') + 1;
  return value.slice(0, from) + value.slice(from).replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
}
