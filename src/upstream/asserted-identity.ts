import { BrokerError } from '../errors/errors.ts';
import { acrOf } from './acr.ts';
import { assertedEmail } from './asserted-email.ts';
import { assertedSiret } from './asserted-siret.ts';
import type { SealedAttempt } from './attempt.ts';
import { acrClaim, amrClaim, customClaims, optionalClaims } from './claims.ts';
import type { Assertions, ReceivedClaims } from './exchange.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
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
  attempt: SealedAttempt,
): UpstreamIdentity {
  const { idToken, userinfo } = assertions;
  const names = { given_name: nameOf('given_name'), usual_name: nameOf('usual_name', 'family_name') };
  const address = assertedEmail(idp, assertions);
  const siret = assertedSiret(idp, assertions);
  // The ID token speaks of this authentication, userinfo of the person: acr and amr come from the former alone.
  const idpAcr = acrClaim(idToken.acr);
  const acr = acrOf(idp.acr, idpAcr);
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
    claims: { ...names, email: address.email, ...optional(userinfo, idToken) },
    ...address,
    siret,
    link: idp.organization_link,
    acr,
    idpAcr,
    amr: amrClaim(idToken.amr),
    // Unknown is the oldest: `iat` only says when the token was made, perhaps from a session of last week.
    authTime: new Date((idToken.auth_time ?? 0) * 1000),
  };

  function nameOf(...candidates: readonly string[]): string {
    for (const claim of candidates) {
      const text = textClaim(userinfo[claim] ?? idToken[claim]);
      if (text !== undefined) return text;
    }
    throw new BrokerError('M-UPST-010', {
      detail: `${idp.id}: ${candidates.join(' or ')} missing or malformed`,
      values: { idp: idp.name },
    });
  }
}

function optional(userinfo: ReceivedClaims, idToken: ReceivedClaims): ReceivedClaims {
  const custom = customClaims(userinfo);
  const known = optionalClaims.flatMap((claim) => {
    const text = textClaim(userinfo[claim] ?? idToken[claim]);
    return text === undefined ? [] : [[claim, text] as const];
  });
  return {
    ...standardClaims(userinfo, idToken),
    ...Object.fromEntries(known),
    ...(custom === undefined ? {} : { custom }),
  };
}
