import { canonicalEmail } from '../identity/identity.ts';
import type { Authority } from './is-authoritative.ts';
import { parentDomains } from './parent-domains.ts';

export interface RoutedIdentityProvider extends Pick<Authority, 'allow_subdomains'> {
  readonly enabled: boolean;
}

/** `address` is the canonical form of what was typed: what may be sent to the IdP as `login_hint`. */
export type HomeRealm<Idp> =
  | { readonly kind: 'one'; readonly idp: Idp; readonly address: string }
  | { readonly kind: 'several'; readonly idps: readonly Idp[]; readonly address: string }
  /** Only IdPs that an operator closed: the first of them, to name it. */
  | { readonly kind: 'disabled'; readonly idp: Idp; readonly address: string }
  | { readonly kind: 'unknown'; readonly domain: string; readonly address: string }
  | { readonly kind: 'malformed' };

/** What a keyboard or a paste leaves around an address. A line break is no such thing. */
const blanksAround = /^[ \t\u00A0]+|[ \t\u00A0]+$/g;

/**
 * Which IdPs may be asked for the person who typed this address.
 *
 * @param email as typed: blanks around it are dropped
 * @param snapshot declared IdPs by domain (lower case, A-labels), in the order in which a chooser shows them
 */
export function findIdentityProviders<Idp extends RoutedIdentityProvider>(
  email: string,
  snapshot: { readonly idpsByDomain: ReadonlyMap<string, readonly Idp[]> },
): HomeRealm<Idp> {
  const read = canonicalEmail(email.replace(blanksAround, ''));
  if (read === undefined) return { kind: 'malformed' };
  const { address, domain } = read;
  const declared = declaredFor(domain, snapshot.idpsByDomain);
  const [any] = declared;
  if (any === undefined) return { kind: 'unknown', domain, address };
  const idps = declared.filter((idp) => idp.enabled);
  const [first, second] = idps;
  if (first === undefined) return { kind: 'disabled', idp: any, address };
  return second === undefined ? { kind: 'one', idp: first, address } : { kind: 'several', idps, address };
}

/** The most specific domain that anybody declared; enabled or not, so that disabling an IdP opens no other door. */
function declaredFor<Idp extends RoutedIdentityProvider>(
  domain: string,
  byDomain: ReadonlyMap<string, readonly Idp[]>,
): readonly Idp[] {
  const exact = byDomain.get(domain) ?? [];
  if (exact.length > 0) return exact;
  for (const parent of parentDomains(domain)) {
    const idps = (byDomain.get(parent) ?? []).filter((idp) => idp.allow_subdomains === true);
    if (idps.length > 0) return idps;
  }
  return [];
}
