import { BrokerError } from '../errors/errors.ts';
import { parseSiret } from '../organizations/organizations.ts';
import type { Siret } from '../organizations/organizations.ts';
import type { Assertions } from './exchange.ts';
import { oneLine } from './failures.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';

/**
 * The establishment for which the person acts. An IdP of one organization may leave it to `default_siret`; a wrong
 * number is never replaced by the default, because then the person would act for somebody else's organization.
 *
 * @throws BrokerError M-UPST-012 missing, invalid or contradictory; M-UPST-013 outside the allow-list of the IdP
 */
export function assertedSiret(idp: IdentityProvider, { idToken, userinfo }: Assertions): Siret {
  const values = { idp: idp.name };
  const given = [userinfo.siret, idToken.siret].filter(
    (value) => value !== undefined && value !== null && value !== '',
  );
  const [first, ...others] = given.length > 0 ? given : [idp.default_siret];
  const siret = typeof first === 'string' ? parseSiret(first) : undefined;
  if (siret === undefined) {
    const detail =
      first === undefined
        ? 'SIRET missing'
        : `SIRET invalid: ${typeof first === 'string' ? oneLine(first, 40) : typeof first}`;
    throw new BrokerError('M-UPST-012', { detail: `${idp.id}: ${detail}`, values });
  }
  if (others.some((other) => typeof other !== 'string' || parseSiret(other) !== siret)) {
    throw new BrokerError('M-UPST-012', {
      detail: `${idp.id}: userinfo and ID token carry different SIRETs`,
      values,
    });
  }
  if (idp.sirets !== undefined && !idp.sirets.includes(siret)) {
    throw new BrokerError('M-UPST-013', { detail: `${idp.id}: ${siret}`, values });
  }
  return siret;
}
