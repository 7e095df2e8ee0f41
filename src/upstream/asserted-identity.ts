import { agentClaims } from '../declarations/declarations.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { authenticationOf } from './acr.ts';
import { assertedEmail } from './asserted-email.ts';
import { assertedName } from './asserted-names.ts';
import { assertedSiret } from './asserted-siret.ts';
import type { SealedAttempt } from './attempt.ts';
import { customClaims } from './claims.ts';
import type { Assertions, ReceivedClaims } from './exchange.ts';
import { mapClaims } from './map-claims.ts';
import type { MappedClaims } from './map-claims.ts';
import { standardClaims } from './standard-claims.ts';
import { textClaim } from './text-claim.ts';
import type { UpstreamIdentity } from './types.ts';

/**
 * From verified assertions to the identity that the house works with: names, address, establishment, level.
 *
 * @throws BrokerError M-UPST-010 to M-UPST-013, M-UPST-015
 */
export function assertedIdentity(
  idp: IdentityProvider,
  assertions: Assertions,
  attempt: Pick<SealedAttempt, 'acrValues'>,
): UpstreamIdentity {
  const { idToken } = assertions;
  const mapped = mapClaims(idp.claims, assertions);
  const names = {
    given_name: assertedName(idp, mapped, 'given_name'),
    usual_name: assertedName(idp, mapped, 'usual_name'),
  };
  const address = assertedEmail(idp, mapped);
  const establishment = assertedSiret(idp, mapped);
  // The ID token speaks of this authentication, userinfo of the person: acr and amr come from the former alone.
  const authentication = authenticationOf(idp, idToken, attempt.acrValues);
  const { acr, idpAcr } = authentication;
  if (attempt.acrValues.length > 0 && !attempt.acrValues.includes(acr)) {
    throw new BrokerError('M-UPST-015', {
      detail: `${idp.id}: acr ${idpAcr ?? 'missing'} read as ${acr}, wanted ${attempt.acrValues.join(' ')}`,
      values: { idp: idp.name },
    });
  }
  return {
    idp: idp.id,
    issuer: idp.issuer,
    subject: idToken.sub,
    claims: { ...names, email: address.email, ...optionalOf(mapped) },
    ...address,
    ...(establishment === undefined ? {} : { siret: establishment.siret, siretSource: establishment.source }),
    link: idp.organization_link,
    ...authentication,
    // Unknown is the oldest: `iat` only says when the token was made, perhaps from a session of last week.
    authTime: new Date((idToken.auth_time ?? 0) * 1000),
  };
}

/** What a person may have or not: left out one by one when malformed, and what we do not know in `custom`. */
export function optionalOf({ userinfo, idToken, spent }: MappedClaims): ReceivedClaims {
  const custom = customClaims(userinfo, spent);
  const known = agentClaims.flatMap((claim) => {
    const text = textClaim(userinfo[claim] ?? idToken[claim]);
    return text === undefined ? [] : [[claim, text] as const];
  });
  return {
    ...standardClaims(userinfo, idToken),
    ...Object.fromEntries(known),
    ...(custom === undefined ? {} : { custom }),
  };
}
