import { BrokerError } from '../errors/errors.ts';
import { canonicalEmail } from '../identity/identity.ts';
import { parentDomains } from './parent-domains.ts';

/** By name: domains whose mailboxes others may read. What is below one is held with it. */
export interface HeldDomains {
  readonly heldDomains: ReadonlyMap<string, unknown>;
}

/** The held domain in which an address lies; what is no address lies in none. */
export function heldDomainOf(email: string, { heldDomains }: HeldDomains): string | undefined {
  // Asked at every use of every token, and nearly always of nothing.
  const domain = heldDomains.size === 0 ? undefined : canonicalEmail(email)?.domain;
  return domain === undefined
    ? undefined
    : [domain, ...parentDomains(domain)].find((one) => heldDomains.has(one));
}

/** @throws BrokerError M-ROUT-004 when nobody is believed by this address: whoever reads its mailbox may be anybody */
export function assertNotHeld(email: string, declared: HeldDomains): void {
  const domain = heldDomainOf(email, declared);
  if (domain !== undefined) throw new BrokerError('M-ROUT-004', { detail: domain, values: { domain } });
}
