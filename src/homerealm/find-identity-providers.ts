import { canonicalEmail } from '../identity/identity.ts';
import { openMailDomains } from '../organizations/organizations.ts';
import { hiddenFor, isHidden } from './hidden.ts';
import type { Hideable } from './hidden.ts';
import type { Authority } from './is-authoritative.ts';
import { parentDomains } from './parent-domains.ts';

export interface RoutedIdentityProvider extends Pick<Authority, 'allow_subdomains'>, Hideable {
  readonly enabled: boolean;
}

/** What is declared. */
export interface Declared<Idp> {
  readonly identityProviders: ReadonlyMap<string, Idp>;
  /** By domain (lower case, A-labels), in the order in which a chooser shows them. */
  readonly idpsByDomain: ReadonlyMap<string, readonly Idp[]>;
}

/** `address` is the canonical form of what was typed: what may be sent to the IdP as `login_hint`. */
export type HomeRealm<Idp> =
  | { readonly kind: 'one'; readonly idp: Idp; readonly address: string; readonly domain: string }
  | {
      readonly kind: 'several';
      readonly idps: readonly Idp[];
      readonly address: string;
      readonly domain: string;
    }
  /** Only IdPs that an operator closed: the first of them, to name it. */
  | { readonly kind: 'disabled'; readonly idp: Idp; readonly address: string; readonly domain: string }
  /** Anybody opens a mailbox there: it says nothing of an organization. */
  | { readonly kind: 'free_mail'; readonly address: string; readonly domain: string }
  | { readonly kind: 'unknown'; readonly address: string; readonly domain: string }
  | { readonly kind: 'malformed' };

/** What a keyboard or a paste leaves around an address. A line break is no such thing. */
const blanksAround = /^[ \t\u00A0]+|[ \t\u00A0]+$/g;

/**
 * Which IdPs may be asked for the person who typed this address. A test address goes to the hidden IdPs that name it, and
 * to no other; everybody else of its domain is answered as if they were not there.
 *
 * @param email as typed: blanks around it are dropped
 */
export function findIdentityProviders<Idp extends RoutedIdentityProvider>(
  email: string,
  { identityProviders, idpsByDomain }: Declared<Idp>,
): HomeRealm<Idp> {
  const read = canonicalEmail(email.replace(blanksAround, ''));
  if (read === undefined) return { kind: 'malformed' };
  const { domain } = read;
  // Both are done for every address, so that a test address takes no other time.
  const hidden = hiddenFor(read.address, identityProviders.values()).filter(isEnabled);
  const declared = declaredFor(domain, idpsByDomain);
  const open = hidden.length > 0 ? hidden : declared.filter(isEnabled);
  const [first, second] = open;
  if (second !== undefined) return { kind: 'several', idps: open, ...read };
  if (first !== undefined) return { kind: 'one', idp: first, ...read };
  const [closed] = declared;
  if (closed !== undefined) return { kind: 'disabled', idp: closed, ...read };
  return { kind: openMailDomains.has(domain) ? 'free_mail' : 'unknown', ...read };
}

const isEnabled = ({ enabled }: RoutedIdentityProvider): boolean => enabled;

/** The most specific domain that anybody declared; enabled or not, so that disabling an IdP opens no other door. */
function declaredFor<Idp extends RoutedIdentityProvider>(
  domain: string,
  byDomain: ReadonlyMap<string, readonly Idp[]>,
): readonly Idp[] {
  const declared = (name: string) => (byDomain.get(name) ?? []).filter((idp) => !isHidden(idp));
  const exact = declared(domain);
  if (exact.length > 0) return exact;
  for (const parent of parentDomains(domain)) {
    const idps = declared(parent).filter((idp) => idp.allow_subdomains === true);
    if (idps.length > 0) return idps;
  }
  return [];
}
