import type { Client } from '../declarations/declarations.ts';
import type { Metadata } from './read-metadata.ts';
import { writeMetadata } from './write-metadata.ts';

/**
 * RFC 7591 §3.2.1 and RFC 7592 §3: what a tool is told about itself. The secret is there once, when it is made: only its
 * hash is kept. The registration access token is the one that the tool holds, or just got.
 */
export function registered(
  { client, registeredAt }: { readonly client: Client; readonly registeredAt: Date },
  {
    issuer,
    token,
    secret,
  }: { readonly issuer: string; readonly token: string; readonly secret?: string | undefined },
): Metadata {
  return {
    client_id: client.client_id,
    client_id_issued_at: Math.floor(registeredAt.getTime() / 1000),
    ...(secret === undefined ? {} : { client_secret: secret }),
    // RFC 7591 §3.2.1: to be there with a secret. Zero: it never expires.
    ...(client.client_secret_sha256 === undefined ? {} : { client_secret_expires_at: 0 }),
    registration_access_token: token,
    registration_client_uri: `${issuer}/register/${client.client_id}`,
    ...writeMetadata(client),
  };
}
