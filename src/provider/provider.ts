/**
 * provider/: the OpenID Provider towards tools.
 *
 * What it does: configures `oidc-provider` 9 for a broker: clients from the declarations, codes and tokens in the
 * stores, identities as snapshots of grants, one decision asked at every step.
 *
 * Flow: `/authorize` ──▶ requests/ (what may be asked; sign in? choose? eligible?) ──▶ interaction/ ──▶ resumption: the
 * sign-in is kept for the session (session-identity.ts) and copied into a grant (grants.ts) ──▶ code. `/token` ──▶ clients/
 * (who asks, and how it proves it) ──▶ tokens/ (what is issued, refreshed, introspected). `/userinfo` and all of these:
 * account.ts reads the snapshot of the grant, asks for a decision again (access.ts) and releases claims (claims.ts).
 * What everybody may read is in metadata/. Cures of the library's undocumented behaviour live in library.ts only.
 *
 * A provider has one set of keys: compose builds another when they change, and hands it what outlives it.
 *
 * May import: logout, keys, homerealm (whose sign-in a hint asks for), declarations, identity, eligibility, organizations, http, storage, config, errors.
 */
import { setTimeout } from 'node:timers/promises';
import { Provider } from 'oidc-provider';
import type { AdapterFactory, KoaContextWithOIDC } from 'oidc-provider';
import type { Kysely } from 'kysely';
import type { Config, Logger } from '../config/config.ts';
import type { IdentityProvider, Snapshot } from '../declarations/declarations.ts';
import type { Assess } from '../eligibility/eligibility.ts';
import type { Authentication, DeclaredMemberships, RevokedMemberships } from '../identity/identity.ts';
import type { KeySet } from '../keys/keys.ts';
import type { Departure, MessageOf } from '../logout/logout.ts';
import type { Database, EphemeralStore, Revocation, SignInUses } from '../storage/storage.ts';
import { createRefreshAnswers, flush } from '../storage/storage.ts';
import { createAccess, takingEmailCode } from './access.ts';
import type { AccessOf } from './access.ts';
import { vouching } from './still-vouched-for.ts';
import { createEndLostAccess } from './access-lost.ts';
import type { EndLostAccess } from './access-lost.ts';
import { createAccounts } from './account.ts';
import { clientMetadata } from './clients/client-metadata.ts';
import { createSecretCheck } from './clients/client-secrets.ts';
import type { ClientTrust } from './clients/client-trust.ts';
import { providerConfiguration } from './configuration.ts';
import type { ProviderPages } from './configuration.ts';
import { createSessionEnding } from './end-session.ts';
import type { SessionEnding } from './end-session.ts';
import { logEvents } from './events.ts';
import { createLoadGrant } from './grants.ts';
import type { SnapshotStore } from './grants.ts';
import {
  bindTokensToTheirSession,
  cacheClients,
  compareHashedSecrets,
  keepPublishedKeys,
  inspectPresentedTokens,
  logoutToken,
  markReplaysAtomically,
  ownFormPostPage,
  pinUrlsToIssuer,
  queueLogouts,
  sendFailuresOfSilentRequests,
  tellDecidedAuthentication,
} from './library.ts';
import { lifetimes } from './lifetimes.ts';
import { noteUses } from './note-uses.ts';
import { checkPresentedToken } from './tokens/presented-token.ts';
import { servedHere } from './clients/mutual-tls.ts';
import { pragmaOfTokens } from './tokens/pragma.ts';
import { interactionPrompts } from './requests/prompts.ts';
import { resourceServerFor } from './tokens/resource-servers.ts';
import { sameRefreshAnswer } from './tokens/same-refresh-answer.ts';
import { createSessionIdentities } from './session-identity.ts';
import { createPairwise } from './subject.ts';
import type { SessionIdentities } from './session-identity.ts';
import { sidInTokenResponse } from './tokens/token-sid.ts';
import { unauthorizedGrant } from './tokens/unauthorized-grant.ts';

export { decisionClaims } from './claims.ts';
export { createClientTrust } from './clients/client-trust.ts';
export { clientRefusal } from './clients/client-refusal.ts';
export { crossOrigin } from './metadata/cross-origin.ts';
export { inOneUnitOfWork, nobodyToSignOut, postToGet } from './front.ts';
export { publishedMetadata } from './metadata/published-metadata.ts';
export { essentialAcr, withDemandedLevel } from './requests/essential-acr.ts';
export { idpHint, siretHint } from './requests/hints.ts';
export { kindNotRequested, organizationKindWishes } from './requests/organization-kind.ts';
export { lifetimes } from './lifetimes.ts';
export { postOnly } from './post-only.ts';
export { inWordsOf } from './requests/profile-errors.ts';
export type { Refusal } from './requests/profile-errors.ts';
export { refusalOf } from './requests/prompts.ts';
export { clientWhoseTokensRotate } from './tokens/refresh-rotation.ts';
export { answerSilentFailures } from './requests/silent-failures.ts';
export { chosenMembership, sessionRecordsOf } from './session-identity.ts';
export { vouching } from './still-vouched-for.ts';
export type { Access, AccessOf } from './access.ts';
export type { EndLostAccess, LostAccess } from './access-lost.ts';
export type { ProviderPages, SessionIdentities, SnapshotStore };
export type { SessionRecord } from './session-identity.ts';
export type { SessionEnding };

export interface ProviderNeeds extends ClientTrust {
  readonly config: Config;
  readonly keys: KeySet;
  readonly snapshot: () => Snapshot;
  readonly adapter: AdapterFactory;
  readonly ephemeral: EphemeralStore;
  readonly snapshots: SnapshotStore;
  readonly replayOnce: (key: string, expiresAt: Date) => Promise<boolean>;
  readonly assess: Assess;
  /** The same with nothing remembered: of what has just changed, memory is what is wrong. */
  readonly assessNow: () => Assess;
  readonly db: Kysely<Database>;
  readonly declaredMemberships: DeclaredMemberships;
  readonly revokedMemberships: RevokedMemberships;
  readonly pages: ProviderPages;
  /** Keeps which tools to tell that a session has ended; telling them is not for the request. */
  readonly tellLogouts: (...departures: readonly Departure[]) => Promise<void>;
  readonly revocation: Revocation;
  /** Where people signed in, for themselves. */
  readonly signInUses: Pick<SignInUses, 'note'>;
  /** Down, as far as is known or can be found out at once: nobody could sign in there now. Never rejects. */
  readonly isAway: (idp: IdentityProvider) => Promise<boolean>;
  readonly logger: Logger;
  readonly clock: () => Date;
}

export interface OpenIdProvider {
  /** The library's provider: a koa application. */
  readonly library: Provider;
  readonly identities: SessionIdentities;
  readonly accessOf: AccessOf;
  readonly sessionEnding: SessionEnding;
  /** Ends what was issued under a right that has ended. */
  readonly endLostAccess: EndLostAccess;
  /** What a tool is told of a session that has ended. */
  readonly logoutMessageOf: MessageOf;
}

export function createProvider(needs: ProviderNeeds): OpenIdProvider {
  const { config, snapshot, adapter } = needs;
  const declared = (clientId: string) => snapshot().clientOf(clientId);
  const clientOf = (ctx: KoaContextWithOIDC) => {
    const id = ctx.oidc.client?.clientId;
    return id === undefined ? undefined : declared(id);
  };
  const identityProvider = (id: string) => snapshot().identityProviders.get(id);
  const stillVouchedFor = vouching(snapshot);
  const pairwise = createPairwise(needs.keys.pairwiseSalt, declared);
  const identities = createSessionIdentities({
    ephemeral: needs.ephemeral,
    ttlSeconds: lifetimes.sessionAbsolute,
    clock: needs.clock,
    isBlocked: (accountId) => needs.revokedMemberships.isBlocked(accountId),
    tellsLogouts: (idp) => identityProvider(idp)?.back_channel_logout === true,
  });
  const accessOf = createAccess({ ...needs, takesEmailCode: takingEmailCode(needs) });
  const decidedOn = new WeakMap<KoaContextWithOIDC, Authentication>();
  const accounts = createAccounts({
    identities,
    snapshots: needs.snapshots,
    accessOf,
    declared,
    stillVouchedFor,
  });

  const library = new Provider(
    issuerIdentifier(config),
    providerConfiguration({
      issuer: issuerIdentifier(config),
      secure: config.issuer.protocol === 'https:',
      issuerPath: config.issuerPath,
      dynamicRegistration: config.dynamicRegistration,
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
        decidedOn,
      }),
      policy: interactionPrompts({
        identities,
        clientOf,
        accessOf,
        identityProvider,
        stillVouchedFor,
        declared: snapshot,
        isAway: needs.isAway,
        policyOf: (service) => snapshot().policyFor(service, needs.clock())?.policy,
        subjectOf: (accountId, client) =>
          client.subjectType === 'pairwise' ? pairwise(accountId, client) : accountId,
      }),
      declared,
      snapshot,
      identityProvider,
      settleWrites: () => flush(needs.ephemeral),
      pages: needs.pages,
      fetch: needs.fetch,
      clientCertificate: config.clientCertificate,
      clock: needs.clock,
    }),
  );
  pinUrlsToIssuer(library);
  tellDecidedAuthentication(library, decidedOn);
  const served = servedHere(declared, config.clientCertificate, needs.logger);
  cacheClients(library, served, (client) => keepPublishedKeys(client, needs.clientKeys));
  compareHashedSecrets(library, createSecretCheck({ declared, used: needs.secretUsed }));
  markReplaysAtomically(library, needs.replayOnce);
  bindTokensToTheirSession(library);
  inspectPresentedTokens(
    library,
    () => Provider.ctx,
    (ctx, token) =>
      checkPresentedToken(ctx, token, (resource, clientId) => {
        resourceServerFor(snapshot(), resource, clientId);
      }),
  );
  logEvents(library, needs.logger);
  noteUses(library, { ...needs, identities, clientOf, accessOf });
  queueLogouts(library, (departure) => needs.tellLogouts({ ...departure, reason: 'signed_out' }));
  sendFailuresOfSilentRequests(library);
  library.use(pragmaOfTokens(library));
  library.use(
    sameRefreshAnswer({
      provider: library,
      answers: createRefreshAnswers({ ephemeral: needs.ephemeral }),
      wait: (milliseconds) => setTimeout(milliseconds),
      logger: needs.logger,
    }),
  );
  library.use(sidInTokenResponse(library));
  library.use(unauthorizedGrant(library));
  library.use(ownFormPostPage(library, needs.pages.formPost));
  const sessionEnding = createSessionEnding({
    library,
    identities,
    revocation: needs.revocation,
    tell: needs.tellLogouts,
  });
  return {
    library,
    identities,
    accessOf,
    sessionEnding,
    endLostAccess: createEndLostAccess({ ...needs, library, tell: needs.tellLogouts }),
    logoutMessageOf: async ({ clientId, accountId, sid }) => {
      const client = await library.Client.find(clientId);
      const uri = client?.backchannelLogoutUri;
      if (client === undefined || uri === undefined) return undefined;
      return { uri, token: await logoutToken(library, client, { accountId, sid }) };
    },
  };
}

/** The issuer exactly as tokens carry it: no trailing slash (OpenID Connect Discovery §4.3 compares strings). */
export function issuerIdentifier({ issuer, issuerPath }: Config): string {
  return issuer.origin + issuerPath;
}

function metadataOf(client: Parameters<typeof clientMetadata>[0] | undefined) {
  return client === undefined ? undefined : clientMetadata(client);
}
