/**
 * One world for the refusals that the RFCs demand: the demonstration, and one client for each way of being a client.
 * All of them use the service Visio, open to all, so that whatever is refused is refused by the protocol.
 */
import { exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey, JWK } from 'jose';
import { startWorld } from '../../support/world.ts';
import type { World } from '../../support/world.ts';
import { demoAnd } from '../../replay/support/declarations.ts';
import { extraClient, extraTool } from '../../replay/support/extra-clients.ts';
import type { Tool } from '../../replay/support/relying-party.ts';

export interface RefusalWorld {
  readonly world: World;
  /** With a secret (Basic), refresh tokens, and the right to call `resource`. */
  readonly tiers: Tool;
  /** As `tiers`, another client. */
  readonly voisin: Tool;
  /** With a secret, without refresh tokens. */
  readonly court: Tool;
  /** Without secret. */
  readonly ouvert: Tool;
  /** Signs assertions and request objects with `key`. */
  readonly signe: Tool;
  readonly key: CryptoKey;
  readonly publicJwk: JWK;
  /** Has to push its requests. */
  readonly pousse: Tool;
  /** Its tokens are bound to a key (DPoP). */
  readonly lie: Tool;
  /** An API: introspects the tokens of `tiers`, and nothing else. */
  readonly api: Tool;
  /** On the machine of a person: no secret, a loopback address. */
  readonly natif: Tool;
  /** Address of an API that `tiers` may call with JWT access tokens. */
  readonly resource: string;
}

export const resource = 'https://archives.example/';

export async function startRefusalWorld(): Promise<RefusalWorld> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const publicJwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1' };
  const jwks = { keys: [publicJwk] };
  const { dir, remove } = await demoAnd({
    clients: [
      extraClient('tiers', { refresh_token: 'always' }),
      extraClient('voisin', { refresh_token: 'always' }),
      extraClient('court'),
      extraClient('ouvert', { token_endpoint_auth_method: 'none', refresh_token: 'always' }),
      extraClient('signe', { token_endpoint_auth_method: 'private_key_jwt', jwks }),
      extraClient('pousse', { require_pushed_authorization_requests: true }),
      extraClient('lie', { dpop_bound_access_tokens: true, refresh_token: 'always' }),
      extraClient('natif', {
        token_endpoint_auth_method: 'none',
        application_type: 'native',
        redirect_uris: ['http://127.0.0.1/cb'],
      }),
      extraClient('api', { redirect_uris: [], introspects: ['tiers'] }),
    ],
    resource_servers: [
      {
        id: 'archives',
        name: { fr: 'Archives', en: 'Archives' },
        resource,
        scopes: ['read'],
        clients: ['tiers'],
      },
    ],
  });
  const world = await startWorld({ configDir: dir });
  await remove();
  return {
    world,
    tiers: extraTool('tiers'),
    voisin: extraTool('voisin'),
    court: extraTool('court'),
    ouvert: extraTool('ouvert', { authentication: 'none' }),
    signe: extraTool('signe', { authentication: 'none' }),
    key: pair.privateKey,
    publicJwk,
    pousse: extraTool('pousse'),
    lie: extraTool('lie'),
    api: extraTool('api'),
    natif: extraTool('natif', { authentication: 'none', redirectUri: 'http://127.0.0.1/cb' }),
    resource,
  };
}
