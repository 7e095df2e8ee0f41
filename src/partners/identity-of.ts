import { partnerProviderId } from '../declarations/declarations.ts';
import type { AssertedIdentity } from '../identity/identity.ts';
import type { Partner } from './partner.ts';
import { authenticationOf } from './proofs.ts';
import type { Proof } from './proofs.ts';

/**
 * What the built-in provider says of a partner, as any provider would. The mailbox was proven, so that the address is the
 * person's; but nobody here answers for its domain, and for no organization: a mailbox makes nobody a member by itself.
 *
 * @param issuer identifier of our own provider, as tokens have it
 * @throws BrokerError M-PART-001 when the proofs sign nobody in
 */
export function partnerIdentity(
  partner: Partner,
  proofs: readonly Proof[],
  issuer: string,
): AssertedIdentity {
  const { acr, amr, authTime } = authenticationOf(proofs);
  return {
    idp: partnerProviderId,
    issuer,
    subject: partner.id,
    email: partner.address,
    emailDomain: '',
    emailVerified: true,
    claims: { given_name: partner.givenName, usual_name: partner.usualName, email: partner.address },
    acr,
    idpAcr: undefined,
    amr,
    authTime,
    link: { level: 'declared', method: 'partner_account' },
  };
}
