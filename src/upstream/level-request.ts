import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { acrValuesToRequest, isEarnedByMethod } from './acr.ts';

/**
 * How levels are asked for, in the words of the IdP: the `claims` parameter (OpenID Connect Core §5.5.1.1), essential; or
 * `acr_values`, which an IdP may ignore; both, where it does not say whether it reads the first. The answer is checked in any case.
 *
 * @param readsIt whether the IdP says that it reads the `claims` parameter
 * @throws BrokerError M-UPST-015 when no value of this IdP can reach the levels that are wanted: no use in going there
 */
export function levelParameters(
  idp: IdentityProvider,
  wanted: readonly string[],
  readsIt: boolean,
): Readonly<Record<string, string>> {
  const values = acrValuesToRequest(idp.acr, wanted);
  if (wanted.length > 0 && values.length === 0 && !isEarnedByMethod(idp, wanted)) {
    throw new BrokerError('M-UPST-015', {
      detail: `${idp.id} maps nothing to ${wanted.join(' ')}`,
      values: { idp: idp.name },
    });
  }
  const words = values.length > 0 ? values : idp.acr_always === undefined ? [] : [idp.acr_always];
  if (idp.acr_parameter === 'acr_values' || idp.claims_parameter === false)
    return words.length === 0 ? {} : { acr_values: words.join(' ') };
  const claims = claimsParameter(idp, values, readsIt);
  return {
    ...(claims === undefined ? {} : { claims: JSON.stringify({ id_token: claims }) }),
    ...(words.length > 0 && isLeftUnread(idp, values, readsIt) ? { acr_values: words.join(' ') } : {}),
  };
}

function claimsParameter(
  idp: IdentityProvider,
  values: readonly string[],
  readsIt: boolean,
): object | undefined {
  const [first] = values;
  if (idp.acr_claim === 'acrs') {
    // Entra ID takes one authentication context, and answers an error for claims that it does not know.
    return first === undefined ? undefined : { acrs: { essential: true, value: first } };
  }
  if (first !== undefined) return { acr: { essential: true, values }, amr: null, auth_time: null };
  return readsIt ? { acr: null, amr: null, auth_time: null } : undefined;
}

/** Entra ID takes contexts from the parameter, whatever it says. */
const isLeftUnread = (
  { acr_claim: claim }: Pick<IdentityProvider, 'acr_claim'>,
  values: readonly string[],
  readsIt: boolean,
): boolean => values.length === 0 || (!readsIt && claim !== 'acrs');
