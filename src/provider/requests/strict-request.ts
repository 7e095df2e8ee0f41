import { errors } from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';

/** What ProConnect knows, and what every request of ours may need: PKCE, and a request that is signed or pushed. */
const known: ReadonlySet<string> = new Set([
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'claims',
  'state',
  'nonce',
  'prompt',
  'idp_hint',
  'login_hint',
  'siret_hint',
  'acr_values',
  'code_challenge',
  'code_challenge_method',
]);

/** RFC 9101 §5, RFC 9126 §2.1, RFC 7523 §2.2: they say who pushes, not what is asked. */
const envelope: ReadonlySet<string> = new Set([
  'request',
  'request_uri',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
]);

const shortest = 32;

/**
 * ProConnect's checks, for clients that are declared `strict`: `state` and `nonce` of 32 characters at least, and no
 * parameter that it does not know (for all others RFC 6749 §3.1 has unknown parameters ignored).
 */
export function assertStrict({ oidc, query }: KoaContextWithOIDC): void {
  const { params = {} } = oidc;
  for (const name of ['state', 'nonce']) {
    const value = params[name];
    if (typeof value !== 'string' || value.length < shortest) {
      throw new errors.InvalidRequest(`${name} must be at least ${shortest} characters`);
    }
  }
  const sent = oidc.route === 'pushed_authorization_request' ? (oidc.body ?? {}) : query;
  // Around a request object or a pushed request, parameters are not read at all (RFC 9101 §6.3, RFC 9126 §4).
  if ('request' in sent || 'request_uri' in sent) return;
  const unknown = Object.keys(sent).find((name) => !known.has(name) && !envelope.has(name));
  if (unknown === undefined) return;
  const name = /^[\w-]{1,64}$/.test(unknown) ? unknown : 'one';
  throw new errors.InvalidRequest(`unknown parameter: ${name}`);
}
