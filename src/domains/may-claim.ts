import { openMailDomains } from '../organizations/organizations.ts';
import { isRegistrySuffix, isReserved, isSharedHosting, upwards } from './shared-domains.ts';

/** In the order in which they are said: what a domain is comes before who has it. */
export const claimRefusals = [
  'malformed',
  'reserved',
  'public_suffix',
  'open_mail',
  'disposable',
  'shared_hosting',
  'identity_provider',
  'provider_below',
] as const;
export type ClaimRefusal = (typeof claimRefusals)[number];

/** What others know of the domain. */
export interface ClaimFacts {
  /** Mailboxes that last an hour. */
  readonly isDisposable: boolean;
  /** Domains of the identity providers that are declared, with those of each that go for their sub-domains too. */
  readonly providerDomains: readonly { readonly domain: string; readonly withSubdomains: boolean }[];
}

export interface Claim {
  /** Canonical; undefined: what was typed is none. */
  readonly domain: string | undefined;
  readonly withSubdomains: boolean;
}

/**
 * Why nobody may claim this domain for an organization; undefined when somebody may, who then has to prove it. Pure.
 *
 * Asked again each time that the proof is looked for: an identity provider that is declared later takes its domain with it.
 */
export function mayClaim(
  { domain, withSubdomains }: Claim,
  { isDisposable, providerDomains }: ClaimFacts,
): ClaimRefusal | undefined {
  if (domain === undefined) return 'malformed';
  if (isReserved(domain)) return 'reserved';
  if (isRegistrySuffix(domain)) return 'public_suffix';
  const names = upwards(domain);
  // Personal pages are below the domain of the mailboxes (`assoc.free.fr`).
  if (names.some((one) => openMailDomains.has(one))) return 'open_mail';
  if (isDisposable) return 'disposable';
  if (isSharedHosting(domain)) return 'shared_hosting';
  const isAbove = ({ domain: of, withSubdomains: below }: ClaimFacts['providerDomains'][number]): boolean =>
    of === domain || (below && names.includes(of));
  if (providerDomains.some(isAbove)) return 'identity_provider';
  if (withSubdomains && providerDomains.some(({ domain: of }) => of.endsWith(`.${domain}`)))
    return 'provider_below';
  return undefined;
}
