/**
 * provider/: the OpenID Provider towards tools.
 *
 * What it does: configures `oidc-provider` 9 for a broker: clients from the declarations, codes and tokens in the
 * stores, identities as snapshots of grants, one decision asked at every step.
 *
 * Flow: `/authorize` ──▶ prompts.ts (sign in? choose? eligible?) ──▶ interaction/ ──▶ resumption: the sign-in is kept
 * for the session (session-identity.ts) and copied into a grant (grants.ts) ──▶ code. `/token`, `/userinfo`: account.ts
 * reads the snapshot of the grant, asks for a decision again (access.ts) and releases claims (claims.ts).
 * Cures of the library's undocumented behaviour live in library.ts, and only there.
 *
 * May import: declarations, identity, eligibility, organizations, http, storage, config, errors.
 */
import { Provider } from 'oidc-provider';
import type { AdapterFactory, KoaContextWithOIDC } from 'oidc-provider';
import type { Config, Logger } from '../config/config.ts';
import type { Snapshot } from '../declarations/declarations.ts';
import type { Assess } from '../eligibility/eligibility.ts';
import type { DeclaredMemberships } from '../identity/identity.ts';
import type { EphemeralStore } from '../storage/storage.ts';
import { createAccess } from './access.ts';
import type { AccessOf } from './access.ts';
import { createAccounts } from './account.ts';
import { clientMetadata } from './client-metadata.ts';
import { providerConfiguration } from './configuration.ts';
import type { ProviderPages } from './configuration.ts';
import { logEvents } from './events.ts';
import { nobodyToSignOut } from './front.ts';
import { createLoadGrant } from './grants.ts';
import type { SnapshotStore } from './grants.ts';
import type { ProviderKeys } from './keys.ts';
import {
  bindTokensToTheirSession,
  cacheClients,
  compareHashedSecrets,
  markReplaysAtomically,
  pinUrlsToIssuer,
} from './library.ts';
import { lifetimes } from './lifetimes.ts';
import { interactionPrompts } from './prompts.ts';
import { createSessionIdentities } from './session-identity.ts';
import type { SessionIdentities } from './session-identity.ts';

export { crossOrigin } from './cross-origin.ts';
export { cacheableMetadata, postToGet } from './front.ts';
export { loadKeys } from './keys.ts';
export { essentialAcr } from './essential-acr.ts';
export { chosenMembership } from './session-identity.ts';
export type { Access, AccessOf } from './access.ts';
export type { ProviderPages, SessionIdentities, SnapshotStore };
export type { SessionRecord } from './session-identity.ts';

export interface ProviderNeeds {
  readonly config: Config;
  readonly keys: ProviderKeys;
  readonly snapshot: () => Snapshot;
  readonly adapter: AdapterFactory;
  readonly ephemeral: EphemeralStore;
  readonly snapshots: SnapshotStore;
  readonly replayOnce: (key: string, expiresAt: Date) => Promise<boolean>;
  readonly assess: Assess;
  readonly declaredMemberships: DeclaredMemberships;
  readonly pages: ProviderPages;
  readonly logger: Logger;
  readonly clock: () => Date;
}

export interface OpenIdProvider {
  /** The library's provider: a koa application. */
  readonly library: Provider;
  readonly identities: SessionIdentities;
  readonly accessOf: AccessOf;
}

export function createProvider(needs: ProviderNeeds): OpenIdProvider {
  const { config, snapshot, adapter } = needs;
  const declared = (clientId: string) => snapshot().clients.get(clientId);
  const clientOf = (ctx: KoaContextWithOIDC) => {
    const id = ctx.oidc.client?.clientId;
    return id === undefined ? undefined : declared(id);
  };
  const idpEnabled = (id: string) => snapshot().identityProviders.get(id)?.enabled ?? false;
  const identities = createSessionIdentities({
    ephemeral: needs.ephemeral,
    ttlSeconds: lifetimes.sessionAbsolute,
  });
  const accessOf = createAccess(needs);
  const accounts = createAccounts({ identities, snapshots: needs.snapshots, accessOf, clientOf, idpEnabled });

  const library = new Provider(
    issuerIdentifier(config),
    providerConfiguration({
      secure: config.issuer.protocol === 'https:',
      issuerPath: config.issuerPath,
      cookieKeys: config.cookieKeys,
      keys: needs.keys,
      adapter: (model) => {
        const stored = adapter(model);
        return model === 'Client'
          ? { ...stored, find: async (id: string) => metadataOf(declared(id)) }
          : stored;
      },
      accounts,
      loadGrant: createLoadGrant({
        identities,
        clientOf,
        accessOf,
        snapshots: needs.snapshots,
        ttlSeconds: lifetimes.grant,
        clock: needs.clock,
      }),
      policy: interactionPrompts({ identities, clientOf, accessOf, idpEnabled }),
      declared,
      pages: needs.pages,
      clock: needs.clock,
    }),
  );
  pinUrlsToIssuer(library);
  cacheClients(library, declared);
  compareHashedSecrets(library);
  markReplaysAtomically(library, needs.replayOnce);
  bindTokensToTheirSession(library);
  logEvents(library, needs.logger);
  library.use(nobodyToSignOut(library));
  return { library, identities, accessOf };
}

/** The issuer exactly as tokens carry it: no trailing slash (OpenID Connect Discovery §4.3 compares strings). */
export function issuerIdentifier({ issuer, issuerPath }: Config): string {
  return issuer.origin + issuerPath;
}

function metadataOf(client: Parameters<typeof clientMetadata>[0] | undefined) {
  return client === undefined ? undefined : clientMetadata(client);
}
