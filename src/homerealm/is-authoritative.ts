import { canonicalEmail } from '../identity/identity.ts';
import { parentDomains } from './parent-domains.ts';

/** What the record of an IdP says about the addresses that it may assert. */
export interface Authority {
  /** Lower case, A-labels. */
  readonly domains: readonly string[];
  /** Absent: exact domains only. */
  readonly allow_subdomains?: boolean | undefined;
  /** Domains of others that an operator let it assert; exactly these, whatever is said of sub-domains. */
  readonly extra_domains?: readonly { readonly domain: string }[] | undefined;
}

/**
 * Whether an IdP may assert this address. Used on what comes back from the IdP, so the address is read strictly: an
 * IdP that asserts an address of somebody else's domain is refused, never merely logged.
 *
 * @param email as asserted: nothing is trimmed
 */
export function isAuthoritative(idp: Authority, email: string): boolean {
  const read = canonicalEmail(email);
  if (read === undefined) return false;
  if (idp.domains.includes(read.domain)) return true;
  if (idp.extra_domains?.some((extra) => extra.domain === read.domain) === true) return true;
  return (
    idp.allow_subdomains === true && parentDomains(read.domain).some((parent) => idp.domains.includes(parent))
  );
}
