/**
 * A foreign provider that demands all that ours can do: `oidc-provider` as anybody would set it up, with pushed requests,
 * a client known by the keys that it publishes, an answer by form post, and ID tokens and userinfo signed, then encrypted.
 *
 * Flow: `startStrictIdp` listens; `expectClient` gives it its client once the address of the broker is known, since each
 * has to know the other's. Whoever comes is signed in as the one person, without a page.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';
import type { Adapter, AdapterPayload, ClientMetadata } from 'oidc-provider';

export interface StrictIdp {
  readonly issuer: string;
  /** Of each request to it, in order: `POST /par`. */
  readonly requests: readonly string[];
  /** @param broker its issuer */
  readonly expectClient: (broker: string, changes?: Partial<ClientMetadata>) => void;
  readonly close: () => Promise<void>;
}

const clientId = 'maillon';

export const strictPerson = {
  sub: 'agent-strict',
  given_name: 'Maud',
  usual_name: 'Kerautret',
  email: 'agent@strict.example',
  siret: '21440109300015',
};

/** The record of the broker's side. */
export const strictRecord = (issuer: string) => ({
  id: 'strict',
  name: 'Fournisseur exigeant',
  issuer,
  client_id: clientId,
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_signing_alg: 'PS256',
  id_token_signed_response_alg: 'ES256',
  id_token_encrypted_response_alg: 'ECDH-ES',
  id_token_encrypted_response_enc: 'A256GCM',
  userinfo_signed_response_alg: 'ES256',
  userinfo_encrypted_response_alg: 'RSA-OAEP-256',
  userinfo_encrypted_response_enc: 'A128CBC-HS256',
  require_pushed_authorization_requests: true,
  response_mode: 'form_post',
  scope: 'openid person',
  domains: ['strict.example'],
  acr: { values: {}, maximum: 'eidas1' },
  sirets: [strictPerson.siret],
  organization_link: { level: 'moderated', method: 'proof_received' },
  support: { name: 'Assistance', email: 'aide@strict.example' },
});

/** For as long as the provider: a few requests. */
function inMemory(name: string): Adapter {
  const store = new Map<string, AdapterPayload>();
  const by = (member: 'uid' | 'userCode', value: string) =>
    Promise.resolve([...store.values()].find((each) => each[member] === value));
  return {
    upsert: async (id, payload) => void store.set(`${name}:${id}`, payload),
    find: async (id) => store.get(`${name}:${id}`),
    findByUid: (uid) => by('uid', uid),
    findByUserCode: (code) => by('userCode', code),
    consume: async (id) => {
      const found = store.get(`${name}:${id}`);
      if (found !== undefined) found.consumed = Math.floor(Date.now() / 1000);
    },
    destroy: async (id) => void store.delete(`${name}:${id}`),
    revokeByGrantId: async (grantId) => {
      for (const [id, { grantId: own }] of store) if (own === grantId) store.delete(id);
    },
  };
}

export async function startStrictIdp(): Promise<StrictIdp> {
  const requests: string[] = [];
  let answer = (_request: IncomingMessage, response: ServerResponse): unknown =>
    response.writeHead(503).end();
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${(request.url ?? '').split('?')[0] ?? ''}`);
    void answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP address was expected');
  const issuer = `http://127.0.0.1:${address.port}`;
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: 'strict-1', use: 'sig', alg: 'ES256' };

  return {
    issuer,
    requests,
    expectClient(broker, changes = {}) {
      const provider = new Provider(issuer, {
        clients: [
          {
            client_id: clientId,
            redirect_uris: [`${broker}/callback/strict`],
            response_types: ['code'],
            grant_types: ['authorization_code'],
            jwks_uri: `${broker}/jwks`,
            token_endpoint_auth_method: 'private_key_jwt',
            token_endpoint_auth_signing_alg: 'PS256',
            id_token_signed_response_alg: 'ES256',
            id_token_encrypted_response_alg: 'ECDH-ES',
            id_token_encrypted_response_enc: 'A256GCM',
            userinfo_signed_response_alg: 'ES256',
            userinfo_encrypted_response_alg: 'RSA-OAEP-256',
            userinfo_encrypted_response_enc: 'A128CBC-HS256',
            require_pushed_authorization_requests: true,
            ...changes,
          },
        ],
        jwks: { keys: [jwk] },
        cookies: { keys: ['cookie-key-of-the-strict-provider'] },
        scopes: ['openid', 'person'],
        claims: { openid: ['sub'], person: ['given_name', 'usual_name', 'email', 'siret'] },
        features: {
          devInteractions: { enabled: false },
          encryption: { enabled: true },
          jwtUserinfo: { enabled: true },
          pushedAuthorizationRequests: { enabled: true },
        },
        adapter: inMemory,
        // Its own would not read keys from this machine.
        fetch: (url, options) =>
          fetch(url, { headers: options?.headers ?? {}, signal: options?.signal ?? null }),
        ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
        interactions: { url: (_ctx, interaction) => `/enter/${interaction.uid}` },
        findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ ...strictPerson }) }),
        async loadExistingGrant(ctx) {
          const grant = new ctx.oidc.provider.Grant({
            clientId: clientId,
            accountId: strictPerson.sub,
          });
          grant.addOIDCScope('openid person');
          await grant.save();
          return grant;
        },
      });
      const library = provider.callback();
      answer = async (request, response) => {
        if (request.url?.startsWith('/enter/') !== true) return library(request, response);
        return provider.interactionFinished(request, response, { login: { accountId: strictPerson.sub } });
      };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
