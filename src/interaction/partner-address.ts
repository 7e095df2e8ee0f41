import type { IdentityProvider, Snapshot } from '../declarations/declarations.ts';
import { partnerProviderId } from '../declarations/declarations.ts';

/** Accounts kept here, when people may have one. */
export function openPartnerProvider(
  snapshot: Pick<Snapshot, 'identityProviders'>,
): IdentityProvider | undefined {
  const idp = snapshot.identityProviders.get(partnerProviderId);
  return idp?.enabled === true ? idp : undefined;
}
