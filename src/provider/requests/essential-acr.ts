import { claimWishes } from './claims-parameter.ts';

/**
 * The acr values of which the request needs one (OpenID Connect Core §5.5.1.1); empty when it has no such wish.
 * `acr_values` is voluntary (§3.1.2.1).
 */
export function essentialAcr(params: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  const [acr] = claimWishes(params, 'acr', ['id_token']);
  return acr?.essential === true ? acr.values : [];
}
