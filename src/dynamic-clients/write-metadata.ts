import type { Client } from '../declarations/declarations.ts';
import { sameMembers } from './members.ts';
import type { Metadata } from './read-metadata.ts';

/** A client as RFC 7591 §3.2.1 shows it: everything that is registered, defaults and replacements included. */
export function writeMetadata(client: Client): Metadata {
  const same = sameMembers.flatMap((name) =>
    client[name] === undefined || (name === 'backchannel_logout_session_required' && !tellsOfLogout(client))
      ? []
      : [[name, client[name]] as const],
  );
  return {
    ...Object.fromEntries(same),
    redirect_uris: client.redirect_uris,
    post_logout_redirect_uris: client.post_logout_redirect_uris,
    ...(client.response_modes === undefined ? {} : { response_modes: client.response_modes }),
    response_types: ['code'],
    grant_types:
      client.refresh_token === 'never' ? ['authorization_code'] : ['authorization_code', 'refresh_token'],
    scope: client.scope,
    ...(client.jwks === undefined ? {} : { jwks: client.jwks }),
    ...(client.home_url === undefined ? {} : { client_uri: client.home_url }),
  };
}

const tellsOfLogout = (client: Client): boolean => client.backchannel_logout_uri !== undefined;
