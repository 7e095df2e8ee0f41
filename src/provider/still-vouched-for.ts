import { isPartnerProvider } from '../declarations/declarations.ts';
import type { Snapshot } from '../declarations/declarations.ts';
import { hasIdentityProvider } from '../homerealm/homerealm.ts';
import type { SignIn } from '../identity/identity.ts';

/**
 * Whether a sign-in of before is still good: its identity provider is declared and open; and an account kept here asserts no
 * address for which a provider answers since, open or closed: whoever left that organization would go on in its name.
 */
export type StillVouchedFor = (signIn: Pick<SignIn, 'idp' | 'email'>) => boolean;

export const vouching =
  (snapshot: () => Snapshot): StillVouchedFor =>
  ({ idp, email }) => {
    const current = snapshot();
    if (current.identityProviders.get(idp)?.enabled !== true) return false;
    return !isPartnerProvider({ id: idp }) || !hasIdentityProvider(email, current);
  };
