import { hash } from 'node:crypto';
import { BrokerError } from '../errors/errors.ts';
import { isAuthoritative } from '../homerealm/homerealm.ts';
import { acrValuesToRequest } from './acr.ts';
import { attemptLifetime } from './attempt.ts';
import type { SealedAttempt } from './attempt.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
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
  const claims = claimsParameter(idp, attempt, context.readsClaimsParameter);
  return {
    redirect_uri: context.redirectUri,
    response_type: 'code',
    scope: idp.scope,
    state: attempt.state,
    nonce: attempt.nonce,
    // S256 (RFC 7636 §4.2); the library's own goes through a thread for these 43 bytes.
    code_challenge: hash('sha256', attempt.codeVerifier, 'base64url'),
    code_challenge_method: 'S256',
    ...(claims === undefined ? {} : { claims }),
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

function claimsParameter(
  idp: IdentityProvider,
  attempt: SealedAttempt,
  readsIt: boolean,
): string | undefined {
  const { acrValues } = attempt;
  if (acrValues.length === 0) {
    return readsIt ? JSON.stringify({ id_token: { acr: null, amr: null, auth_time: null } }) : undefined;
  }
  const values = acrValuesToRequest(idp.acr, acrValues);
  if (values.length === 0) {
    throw new BrokerError('M-UPST-015', {
      detail: `${idp.id} maps nothing to ${acrValues.join(' ')}`,
      values: { idp: idp.name },
    });
  }
  return JSON.stringify({ id_token: { acr: { essential: true, values }, amr: null, auth_time: null } });
}
