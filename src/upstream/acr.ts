import { acrAtLeast, acrValues } from '../eligibility/eligibility.ts';
import type { Acr } from '../eligibility/eligibility.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { acrClaim, amrClaim } from './claims.ts';
import type { ReceivedClaims } from './exchange.ts';

const lowest: Acr = 'eidas0';

/**
 * The level that we hold true after an IdP asserted one: a value that its record maps, and never more than the maximum
 * that its record allows. An IdP earns a level by configuration, not by sending a string: absent, unknown or unmapped
 * is worth the lowest. (ProConnect raises it to `eidas1`; we never raise.)
 *
 * @param asserted the `acr` claim as received
 */
export function acrOf(mapping: IdentityProvider['acr'], asserted: string | undefined): Acr {
  const known = asserted !== undefined && Object.hasOwn(mapping.values, asserted);
  return capped((known ? mapping.values[asserted] : undefined) ?? lowest, mapping.maximum);
}

/** The order is partial: `eidas0-mfa` under a maximum of `eidas1` is worth what both contain, `eidas0`. */
function capped(level: Acr, maximum: Acr): Acr {
  return acrValues.findLast((acr) => acrAtLeast(level, acr) && acrAtLeast(maximum, acr)) ?? lowest;
}

export interface Authentication {
  readonly acr: Acr;
  /** The IdP's own word, the one that counted. */
  readonly idpAcr: string | undefined;
  /** Our words. */
  readonly amr: readonly string[];
}

type Levels = Pick<IdentityProvider, 'acr' | 'acr_claim' | 'amr'>;

/** Entra ID lists the authentication contexts that were reached: a few words. */
const mostWords = 16;

/** A level, and the IdP's word that counted when it was reached. */
interface Reached {
  readonly acr: Acr;
  readonly word: string | undefined;
}

/**
 * How strongly the person authenticated: the best of the levels that the IdP says and of those that its methods earn. Two
 * that cannot be compared are not added up: what was said stands. Of wanted levels that were reached the best counts, even
 * below another: whoever wants `eidas1` lists it, and `eidas1-mfa` is not on their list.
 */
export function authenticationOf(
  idp: Levels,
  idToken: ReceivedClaims,
  wanted: readonly string[] = [],
): Authentication {
  const words = acrWords(idp, idToken);
  const [word] = words;
  const best = (all: readonly Reached[]): Reached =>
    all.reduce((one, other) => (isAbove(other.acr, one.acr) ? other : one), { acr: lowest, word });
  const said = words.map((each): Reached => ({ acr: acrOf(idp.acr, each), word: each }));
  const amr = amrWords(idp.amr, amrClaim(idToken.amr));
  const earned = amr.flatMap((method): Reached[] => {
    const acr = earnedBy(idp, method);
    return acr === undefined ? [] : [{ acr, word: best(said).word }];
  });
  const reached = [...said, ...earned];
  const among = reached.filter(({ acr }) => wanted.includes(acr));
  const counted = best(among.length > 0 ? among : reached);
  return { acr: counted.acr, idpAcr: counted.word, amr };
}

const isAbove = (one: Acr, other: Acr): boolean => one !== other && acrAtLeast(one, other);

function acrWords(idp: Levels, idToken: ReceivedClaims): readonly string[] {
  if (idp.acr_claim !== 'acrs') return [acrClaim(idToken.acr)].filter((word) => word !== undefined);
  const { acrs } = idToken;
  const list: readonly unknown[] = Array.isArray(acrs) ? acrs : [acrs];
  return list.length > mostWords
    ? []
    : list.map((word) => acrClaim(word)).filter((word) => word !== undefined);
}

/** Methods that the record lets the IdP assert, in our words; without such a list, none: policies believe them. */
function amrWords(mapping: IdentityProvider['amr'], asserted: readonly string[]): readonly string[] {
  const values = mapping?.values ?? {};
  const ours = asserted.map((word) => (Object.hasOwn(values, word) ? values[word] : undefined));
  return [...new Set(ours.filter((word) => word !== undefined))];
}

function earnedBy({ acr, amr }: Levels, word: string): Acr | undefined {
  const earns = amr?.earns ?? {};
  const level = Object.hasOwn(earns, word) ? earns[word] : undefined;
  return level === undefined ? undefined : capped(level, acr.maximum);
}

/**
 * The IdP's own words for the levels that we want: only those which would be read back as one of them. Membership, not
 * order: who accepts `eidas1-mfa` and `eidas2` lists both (domain reference §5.3). The best liked first, as they are listed.
 */
export function acrValuesToRequest(
  mapping: IdentityProvider['acr'],
  wanted: readonly string[],
): readonly string[] {
  const rank = (value: string) => wanted.indexOf(acrOf(mapping, value));
  return Object.keys(mapping.values)
    .filter((value) => rank(value) >= 0)
    .toSorted((one, other) => rank(one) - rank(other));
}

/** Whether a method may reach one of these levels: there is nothing to ask for then, only to look at. */
export function isEarnedByMethod(idp: Levels, wanted: readonly string[]): boolean {
  return Object.keys(idp.amr?.earns ?? {}).some((word) => {
    const level = earnedBy(idp, word);
    return level !== undefined && wanted.includes(level);
  });
}
