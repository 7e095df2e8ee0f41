import { declaredClientSchema } from '../../declarations/declarations.ts';
import type { Client, ResourceServer } from '../../declarations/declarations.ts';

/** A declared client, for tests of rules about clients. */
export const declaredClient = (clientId: string, changes: Readonly<Record<string, unknown>> = {}): Client =>
  declaredClientSchema.parse({
    client_id: clientId,
    service: clientId,
    ...(changes['token_endpoint_auth_method'] === undefined ? { client_secret_sha256: 'a'.repeat(64) } : {}),
    redirect_uris: [`https://${clientId}.example/callback`],
    scope: 'openid email',
    ...changes,
  });

/** A declared API, for tests of rules about them. */
export const declaredApi = (changes: Partial<ResourceServer> = {}): ResourceServer => ({
  id: 'archive',
  name: { fr: 'Archives', en: 'Archive' },
  resource: 'https://archive.example/',
  scopes: ['files:read', 'files:write'],
  clients: ['tool'],
  access_token_format: 'jwt',
  access_token_signed_response_alg: 'ES256',
  access_token_lifetime: 300,
  introspected_by: [],
  ...changes,
});
