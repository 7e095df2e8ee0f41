import type { ClientMetadata } from 'oidc-provider';
import type { Client } from '../declarations/declarations.ts';

/**
 * A declared client as the library's metadata (RFC 7591 §2, OpenID Connect Dynamic Client Registration §2).
 * Deterministic, without null: a null member makes every request of the client fail.
 */
export function clientMetadata(client: Client): ClientMetadata {
  const refreshes = client.refresh_token !== 'never';
  return {
    client_id: client.client_id,
    ...(client.client_secret_sha256 === undefined ? {} : { client_secret: client.client_secret_sha256 }),
    ...(client.jwks === undefined ? {} : { jwks: client.jwks }),
    token_endpoint_auth_method: client.token_endpoint_auth_method,
    redirect_uris: [...client.redirect_uris],
    post_logout_redirect_uris: [...client.post_logout_redirect_uris],
    scope: client.scope,
    response_types: ['code'],
    grant_types: refreshes ? ['authorization_code', 'refresh_token'] : ['authorization_code'],
    id_token_signed_response_alg: client.id_token_signed_response_alg,
    ...(client.userinfo_signed_response_alg === undefined
      ? {}
      : { userinfo_signed_response_alg: client.userinfo_signed_response_alg }),
    subject_type: client.subject_type,
    // Several redirect hosts need one (OpenID Connect Core §8.1). It names the sector; the declaration vouches for it,
    // so that nothing is fetched (configuration.ts).
    ...(client.sector_identifier === undefined
      ? {}
      : { sector_identifier_uri: `https://${client.sector_identifier}/` }),
  };
}
