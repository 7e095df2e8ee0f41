import { createPublicKey } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { errors } from 'oidc-provider';
import type { ResourceServer as LibraryResourceServer } from 'oidc-provider';
import type { ResourceServer, Snapshot } from '../../declarations/declarations.ts';

/**
 * The API that a client names as `resource` (RFC 8707 §2), as the library wants it: who may ask for its tokens, what
 * they look like, how long they live. Whoever may not ask learns nothing: an unknown API gives the same error.
 *
 * The `sub` of its JWTs is the one that the client gets, pairwise or public (RFC 9068 §5): an API correlates a person
 * with the tool that calls it, and two tools of different sectors stay apart even there.
 *
 * @throws errors.InvalidTarget when there is no such API for this client
 */
export function resourceServerFor(
  { resourceServers }: Pick<Snapshot, 'resourceServers'>,
  resource: string,
  clientId: string,
): LibraryResourceServer {
  const server = resourceServers.get(resource);
  if (server?.clients.includes(clientId) !== true)
    throw new errors.InvalidTarget('unknown resource, or none of this client');
  const { access_token_format: format, access_token_signed_response_alg: alg } = server;
  return {
    audience: server.resource,
    scope: server.scopes.join(' '),
    accessTokenTTL: server.access_token_lifetime,
    accessTokenFormat: format,
    ...(format === 'opaque' ? {} : { jwt: { sign: { alg }, ...encryptionTo(server) } }),
  };
}

type Encrypt = Exclude<NonNullable<LibraryResourceServer['jwt']>['encrypt'], false | undefined>;

function encryptionTo(server: ResourceServer): { readonly encrypt?: Encrypt } {
  const { access_token_encrypted_response_alg: alg, access_token_encrypted_response_enc: enc } = server;
  if (alg === undefined) return {};
  const found = encryptionKey(server, alg);
  if (found === undefined)
    throw new errors.InvalidTarget(`the resource has no suitable encryption key (${alg})`);
  // Ours is the default of RFC 7591 §2 for other responses.
  return { encrypt: { alg, enc: enc ?? 'A128CBC-HS256', key: found.key, kid: found.kid } };
}

/** The first key that is not said to be for something else (RFC 7517 §4.2, §4.4). */
function encryptionKey(
  { jwks }: ResourceServer,
  alg: string,
): { readonly key: KeyObject; readonly kid: string } | undefined {
  const types: readonly string[] = alg.startsWith('RSA') ? ['RSA'] : ['EC', 'OKP'];
  const jwk = jwks?.keys.find(
    (key) => types.includes(key.kty) && key.use !== 'sig' && (key.alg === undefined || key.alg === alg),
  );
  if (jwk === undefined) return undefined;
  const { kid, ...members } = jwk;
  const key: JsonWebKey = Object.fromEntries(
    Object.entries(members).filter(([, value]) => typeof value === 'string'),
  );
  return { key: createPublicKey({ key, format: 'jwk' }), kid };
}
