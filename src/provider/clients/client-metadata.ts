import type { ClientMetadata } from 'oidc-provider';
import { standardMembers } from '../../declarations/declarations.ts';
import type { Client } from '../../declarations/declarations.ts';

const asTheyAre = [...standardMembers, 'scope'] as const satisfies readonly (keyof Client)[];

/**
 * A declared client as the library's metadata (RFC 7591 §2, OpenID Connect Dynamic Client Registration §2).
 * Deterministic, without null: a null member makes every request of the client fail.
 */
export function clientMetadata(client: Client): ClientMetadata {
  const signsPeopleIn = client.redirect_uris.length > 0;
  return {
    client_id: client.client_id,
    ...Object.fromEntries(
      asTheyAre.flatMap((name) => (client[name] === undefined ? [] : [[name, client[name]]])),
    ),
    ...(client.client_secret_sha256 === undefined ? {} : { client_secret: client.client_secret_sha256 }),
    // The library writes into the keys that it is given.
    ...(client.jwks === undefined ? {} : { jwks: structuredClone(client.jwks) }),
    ...(client.response_modes === undefined ? {} : { response_modes: [...client.response_modes] }),
    ...(client.backchannel_logout_uri === undefined
      ? {}
      : { backchannel_logout_session_required: client.backchannel_logout_session_required }),
    redirect_uris: [...client.redirect_uris],
    post_logout_redirect_uris: [...client.post_logout_redirect_uris],
    response_types: signsPeopleIn ? ['code'] : [],
    grant_types: grantTypes(client, signsPeopleIn),
    // Several redirect hosts need one (OpenID Connect Core §8.1). It names the sector; the declaration vouches for it,
    // so that nothing is fetched (configuration.ts).
    ...(client.sector_identifier === undefined
      ? {}
      : { sector_identifier_uri: `https://${client.sector_identifier}/` }),
  };
}

function grantTypes(client: Client, signsPeopleIn: boolean): string[] {
  if (!signsPeopleIn) return [];
  return client.refresh_token === 'never' ? ['authorization_code'] : ['authorization_code', 'refresh_token'];
}
