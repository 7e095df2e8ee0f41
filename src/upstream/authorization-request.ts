import { hash } from 'node:crypto';
import { isAuthoritative } from '../homerealm/homerealm.ts';
import { attemptLifetime } from './attempt.ts';
import type { SealedAttempt } from './attempt.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { levelParameters } from './level-request.ts';
import type { UpstreamRequest } from './types.ts';

/**
 * The parameters of the authorization request (OpenID Connect Core §3.1.2.1, PKCE of RFC 7636).
 *
 * @throws BrokerError M-UPST-015 when no value of this IdP can reach the levels that are wanted: no use in going there
 */
export function authorizationParameters(
  idp: IdentityProvider,
  attempt: SealedAttempt,
  request: UpstreamRequest,
  context: { readonly redirectUri: string; readonly readsClaimsParameter: boolean },
): Record<string, string> {
  const { loginHint, uiLocales } = request;
  return {
    // Validated: none of them is one of ours.
    ...idp.authorization_parameters,
    redirect_uri: context.redirectUri,
    response_type: 'code',
    ...(idp.response_mode === undefined ? {} : { response_mode: idp.response_mode }),
    scope: idp.scope,
    state: attempt.state,
    nonce: attempt.nonce,
    // S256 (RFC 7636 §4.2); the library's own goes through a thread for these 43 bytes.
    code_challenge: hash('sha256', attempt.codeVerifier, 'base64url'),
    code_challenge_method: 'S256',
    ...levelParameters(idp, attempt.acrValues, context.readsClaimsParameter),
    ...(attempt.forceLogin ? { prompt: 'login' } : {}),
    // `prompt=login` alone does not oblige the IdP to send auth_time, `max_age` does (§2), and without it we could not
    // check that the person was really asked. Ten minutes is what an attempt lasts, so it asks for nothing more.
    ...(attempt.maxAge !== undefined || attempt.forceLogin
      ? { max_age: String(attempt.maxAge ?? attemptLifetime) }
      : {}),
    // Personal data: only to the IdP that owns the address.
    ...(loginHint !== undefined && isAuthoritative(idp, loginHint) ? { login_hint: loginHint } : {}),
    ...(uiLocales === undefined ? {} : { ui_locales: uiLocales }),
  };
}
