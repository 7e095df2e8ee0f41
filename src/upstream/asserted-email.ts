import { BrokerError } from '../errors/errors.ts';
import { isAuthoritative } from '../homerealm/homerealm.ts';
import { canonicalEmail } from '../identity/identity.ts';
import { isNothing } from './claim-rule.ts';
import type { ReceivedClaims } from './exchange.ts';
import { oneLine } from './failures.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';

export interface AssertedEmail {
  readonly email: string;
  /** Empty when nobody vouches for it. */
  readonly emailDomain: string;
  readonly emailVerified: boolean;
}

/**
 * The address, if this IdP may assert it. Taken as it is: an address that needs repair is refused. When userinfo and
 * the ID token both carry one they must agree, so that no check reads one and the account keeps the other
 * (CVE-2026-14781). An IdP that gives no organization vouches for no address either: it is for contact, whatever its domain.
 *
 * @throws BrokerError M-UPST-010 without address, M-UPST-011 malformed, contradictory or of a domain of others
 */
export function assertedEmail(
  idp: IdentityProvider,
  { idToken, userinfo }: { readonly idToken: ReceivedClaims; readonly userinfo: ReceivedClaims },
): AssertedEmail {
  const given = [userinfo.email, idToken.email].filter((value) => !isNothing(value));
  if (given.length === 0) {
    throw new BrokerError('M-UPST-010', { detail: `${idp.id}: email missing`, values: { idp: idp.name } });
  }
  const shown = typeof given[0] === 'string' ? oneLine(given[0], 254) : '';
  const refuse = (detail: string) =>
    new BrokerError('M-UPST-011', {
      detail: `${idp.id}: ${detail}`,
      values: { idp: idp.name, email: shown },
    });

  const [first, ...others] = given.map((value) =>
    typeof value === 'string' ? canonicalEmail(value) : undefined,
  );
  if (first === undefined) throw refuse('not an e-mail address');
  // Letter case alone is no contradiction: sloppy directories write the same mailbox in two ways.
  if (others.some((other) => other?.address.toLowerCase() !== first.address.toLowerCase())) {
    throw refuse('userinfo and ID token carry different addresses');
  }
  if (idp.gives_organization === false)
    return { email: first.address, emailDomain: '', emailVerified: false };
  if (!isAuthoritative(idp, first.address)) throw refuse(`not authoritative for ${first.domain}`);
  return {
    email: first.address,
    emailDomain: first.domain,
    emailVerified: isVerified([userinfo, idToken]),
  };
}

/**
 * What is said beside an address is said of it: an answer without address proves nothing of the address of the other. Said
 * nowhere, the IdP is believed: the domain is its own. A single no is a no.
 */
function isVerified(answers: readonly ReceivedClaims[]): boolean {
  const said = answers.filter(({ email_verified: verified }) => !isNothing(verified));
  if (said.some(({ email_verified: verified }) => verified !== true)) return false;
  return said.length === 0 || said.some(({ email }) => !isNothing(email));
}
