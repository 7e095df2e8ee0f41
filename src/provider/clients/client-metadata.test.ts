import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';
import { describe, expect, test } from 'vitest';
import { declaredClientSchema } from '../../declarations/declarations.ts';
import type { Client } from '../../declarations/declarations.ts';
import { clientMetadata } from './client-metadata.ts';

const docs = declaredClientSchema.parse({
  client_id: 'docs',
  service: 'docs',
  client_secret_sha256: 'a'.repeat(64),
  redirect_uris: ['https://docs.example/callback'],
  scope: 'openid email',
});
const declared = (change: Partial<Client>): Client => ({ ...docs, ...change });

const keys = async () =>
  Promise.all(
    ['ES256', 'RS256'].map(async (alg) => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true });
      return { ...(await exportJWK(privateKey)), kid: alg, use: 'sig', alg };
    }),
  );

/** What the library makes of it: it refuses a client whose metadata it does not like at each request. */
async function accepted(change: Partial<Client>) {
  const provider = new Provider('https://connexion.example', {
    clients: [clientMetadata(declared(change))],
    clientDefaults: { id_token_signed_response_alg: 'ES256', subject_type: 'pairwise' },
    subjectTypes: ['pairwise', 'public'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    enabledJWA: { idTokenSigningAlgValues: ['ES256', 'RS256'], userinfoSigningAlgValues: ['ES256', 'RS256'] },
    jwks: { keys: [...(await keys())] },
    scopes: ['openid', 'email', 'offline_access'],
    sectorIdentifierUriValidate: () => false,
    features: { devInteractions: { enabled: false }, jwtUserinfo: { enabled: true } },
    issueRefreshToken: () => true,
    fetch: () => Promise.reject(new Error('nothing is fetched')),
  });
  return provider.Client.find('docs');
}

describe('a declared client is one that the library accepts', () => {
  test.each<readonly [string, Partial<Client>]>([
    ['on one host', {}],
    [
      'on several hosts of one sector',
      {
        redirect_uris: ['https://docs.example/callback', 'https://docs2.example/callback'],
        sector_identifier: 'docs.example',
      },
    ],
    ['with refresh tokens', { refresh_token: 'always' }],
    ['public, with PKCE', { client_secret_sha256: undefined, token_endpoint_auth_method: 'none' }],
    ['with a signed userinfo', { userinfo_signed_response_alg: 'RS256' }],
  ])('%s', async (_what, change) => {
    expect((await accepted(change))?.clientId).toBe('docs');
  });

  test('grants only what it declares', () => {
    expect(clientMetadata(declared({})).grant_types).toEqual(['authorization_code']);
    expect(clientMetadata(declared({ refresh_token: 'always' })).grant_types).toContain('refresh_token');
  });
});
