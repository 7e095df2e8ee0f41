import { BrokerError } from '../errors/errors.ts';
import { isDisposable } from './disposable.ts';
import { findIdentityProviders } from './find-identity-providers.ts';
import type { Declared, RoutedIdentityProvider } from './find-identity-providers.ts';
import { hasIdentityProvider } from './has-identity-provider.ts';
import { assertNotHeld } from './held-domain.ts';
import type { HeldDomains } from './held-domain.ts';

/**
 * An address of somebody without an identity provider: one for which none answers, be it closed (a closed door opens no
 * other), and whose mailbox is neither thrown away nor read by others.
 *
 * @returns its canonical form
 * @throws BrokerError M-PART-018, M-PART-019, M-ROUT-004; M-HTTP-003 when it is no address
 */
export function assertPartnerAddress<Idp extends RoutedIdentityProvider>(
  typed: string,
  declared: Declared<Idp> & HeldDomains,
): string {
  const realm = findIdentityProviders(typed, declared);
  if (realm.kind === 'malformed') throw new BrokerError('M-HTTP-003', { detail: 'no address' });
  const { address, domain } = realm;
  const told = { detail: domain, values: { email: address, domain } };
  if (hasIdentityProvider(address, declared)) throw new BrokerError('M-PART-018', told);
  if (isDisposable(domain)) throw new BrokerError('M-PART-019', told);
  assertNotHeld(address, declared);
  return address;
}
