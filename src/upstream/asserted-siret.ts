import { BrokerError } from '../errors/errors.ts';
import { parseSiret } from '../organizations/organizations.ts';
import type { Siret } from '../organizations/organizations.ts';
import { isNothing } from './claim-rule.ts';
import type { ReceivedClaims } from './exchange.ts';
import { oneLine } from './failures.ts';
import { answersFor } from '../declarations/declarations.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';

/** Said by the IdP, or that of its record because it said none that is one. */
export type SiretSource = 'asserted' | 'default';

export interface AssertedSiret {
  readonly siret: Siret;
  readonly source: SiretSource;
}

/**
 * The establishment for which the person acts. An IdP of one organization may leave it to `default_siret`. A number that
 * is none is replaced by the default only if the record says so (as ProConnect does), never one that contradicts itself or
 * is of somebody else: the person would act for an organization that nobody named.
 *
 * @returns undefined for an IdP that gives no organization, whatever it sends
 * @throws BrokerError M-UPST-012 missing, invalid or contradictory; M-UPST-013 of an organization that is not its own
 */
export function assertedSiret(
  idp: IdentityProvider,
  { idToken, userinfo }: { readonly idToken: ReceivedClaims; readonly userinfo: ReceivedClaims },
): AssertedSiret | undefined {
  if (idp.gives_organization === false) return undefined;
  const values = { idp: idp.name };
  const contradictory = () =>
    new BrokerError('M-UPST-012', {
      detail: `${idp.id}: userinfo and ID token carry different SIRETs`,
      values,
    });
  const usual = idp.default_siret === undefined ? undefined : parseSiret(idp.default_siret);
  const given = [userinfo.siret, idToken.siret].filter((value) => !isNothing(value));
  const [first, ...others] = given;
  const siret = typeof first === 'string' ? parseSiret(first) : undefined;
  if (siret === undefined) {
    const mayReplace = first === undefined || idp.invalid_siret === 'default';
    if (usual !== undefined && mayReplace) {
      if (others.some((other) => other !== first && !isSame(other, usual))) throw contradictory();
      return { siret: usual, source: 'default' };
    }
    const detail =
      first === undefined
        ? 'SIRET missing'
        : `SIRET invalid: ${typeof first === 'string' ? oneLine(first, 40) : typeof first}`;
    throw new BrokerError('M-UPST-012', { detail: `${idp.id}: ${detail}`, values });
  }
  if (others.some((other) => !isSame(other, siret))) throw contradictory();
  if (!answersFor(idp, siret)) throw new BrokerError('M-UPST-013', { detail: `${idp.id}: ${siret}`, values });
  return { siret, source: 'asserted' };
}

const isSame = (said: unknown, siret: Siret): boolean =>
  typeof said === 'string' && parseSiret(said) === siret;
