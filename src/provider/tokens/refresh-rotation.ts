import Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';

type Asking = Pick<KoaContextWithOIDC['oidc'], 'isFapi'>;

/**
 * Whether a refresh gives a new refresh token. Not to FAPI clients (FAPI 2.0 Security Profile §5.3.2.1): they prove who
 * they are with a key at each refresh, so a copy of the token serves nobody, and an answer lost on the way costs nothing.
 * Their token ends when the first one of a family would, used or not (lifetimes.ts).
 *
 * The library reads the profile once a request, so that this and `clientWhoseTokensRotate` agree.
 */
export const rotates = (oidc: Asking): boolean => oidc.isFapi('2.0') === undefined;

/**
 * The client that is redeeming a refresh token now, if one is whose tokens rotate. A client that became one of FAPI finds
 * no grace for a token that it had consumed before: the token would otherwise serve again.
 */
export function clientWhoseTokensRotate(): string | undefined {
  const oidc = Provider.ctx?.oidc;
  return oidc?.route === 'token' && rotates(oidc) ? oidc.client?.clientId : undefined;
}
