import { answersFor, isPartnerProvider } from '../declarations/declarations.ts';
import type { IdentityProvider, Snapshot } from '../declarations/declarations.ts';
import { acrAtLeast, toAcr } from '../eligibility/eligibility.ts';
import { hasIdentityProvider, heldDomainOf, isAuthoritative } from '../homerealm/homerealm.ts';
import { isVouchedFor } from '../identity/identity.ts';
import type { SignIn } from '../identity/identity.ts';

/**
 * Whether a sign-in of before is still good: its identity provider is declared and open, and may still say what it said then;
 * others do not read the mailboxes of its domain; and an account kept here asserts no address for which a provider answers
 * since, open or closed: whoever left that organization would go on in its name.
 */
export type StillVouchedFor = (
  signIn: Pick<SignIn, 'idp' | 'issuer' | 'email' | 'emailDomain' | 'emailVerified' | 'acr' | 'memberships'>,
) => boolean;

export const vouching =
  (snapshot: () => Snapshot): StillVouchedFor =>
  (signIn) => {
    const { idp, email } = signIn;
    const current = snapshot();
    const provider = current.identityProviders.get(idp);
    if (provider?.enabled !== true) return false;
    // An address that nobody answers for opens nothing.
    if (isVouchedFor(signIn) && heldDomainOf(email, current) !== undefined) return false;
    return isPartnerProvider(provider) ? !hasIdentityProvider(email, current) : maySay(provider, signIn);
  };

/**
 * By its record of today: who signs the answers, for which domains, organizations and levels. An address that nobody answered
 * for then is for contact: it says nothing.
 */
const maySay = (
  idp: IdentityProvider,
  { issuer = idp.issuer, email, emailDomain, acr, memberships }: Parameters<StillVouchedFor>[0],
): boolean =>
  issuer === idp.issuer &&
  (emailDomain === '' || isAuthoritative(idp, email)) &&
  acrAtLeast(idp.acr.maximum, toAcr(acr)) &&
  memberships.every(
    ({ origin, siret }) => origin !== 'idp' || (idp.gives_organization !== false && answersFor(idp, siret)),
  );
