/**
 * The one place that wires the rooms: stores, declarations, rules, provider, pages, and the server in front of them.
 * Nothing here decides; every effect (clock, random, stores, network) is handed over from here.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { goOnBesideRequests } from './beside-requests.ts';
import { createCasework } from './casework.ts';
import type { Casework } from './casework.ts';
import { createSeal } from './config/config.ts';
import type { Clock, Config, Logger } from './config/config.ts';
import { createDynamicClients } from './dynamic-clients/dynamic-clients.ts';
import { createFederation } from './federation.ts';
import type { Watching } from './federation.ts';
import { createGuardedFetch, reachOf, createHttp, trustOnlyOurProxies, underPath } from './http/http.ts';
import { createAccounts, createDeclaredMemberships } from './identity/identity.ts';
import {
  createCatalogue,
  createInteractionRoutes,
  createOpenData,
  createProviderPages,
  createSignOut,
} from './interaction/interaction.ts';
import { invitationDays } from './invitations/invitations.ts';
import { createKeyRing, perKeySet } from './keys/keys.ts';
import type { KeySet } from './keys/keys.ts';
import { gatherKnowledge } from './knowledge.ts';
import { ownPages } from './own-pages.ts';
import { memberDays } from './members/members.ts';
import { createLogouts } from './logout/logout.ts';
import type { Departure } from './logout/logout.ts';
import {
  answerSilentFailures,
  createClientTrust,
  clientRefusal,
  createProvider,
  crossOrigin,
  inOneUnitOfWork,
  issuerIdentifier,
  nobodyToSignOut,
  postOnly,
  postToGet,
  publishedMetadata,
  sessionRecordsOf,
} from './provider/provider.ts';
import { retention } from './registrations/registrations.ts';
import { providerStores } from './provider-stores.ts';
import type { Stores } from './storage/storage.ts';
import { createPartnerAccounts } from './partner-accounts.ts';
import { createVisitors } from './visitor/visitor.ts';

const folder = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** What answers requests, and what goes on beside them. */
export interface Composed {
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  /** Takes a change of declarations or keys, and the logouts due, now rather than at the next look. */
  readonly refresh: () => Promise<void>;
  readonly casework: Pick<Casework, 'blocking' | 'domains' | 'inviting' | 'members' | 'registrations'>;
  /** Stops what goes on beside requests. */
  readonly stop: () => Promise<void>;
}

/** @throws BrokerError when a key, a declaration or a store cannot be read */
export async function compose(needs: {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly factsTtlMs: number;
  readonly rightsEveryMs?: number | undefined;
  readonly limits?: Parameters<typeof createPartnerAccounts>[0]['limits'];
  /** That of the machine when absent. */
  readonly dns?: Parameters<typeof createCasework>[0]['dns'];
  readonly watching: Watching;
  readonly databaseClock?: (() => Promise<Date>) | undefined;
  readonly stores: Stores;
}): Promise<Composed> {
  const { config, logger, clock, factsTtlMs, rightsEveryMs, stores } = needs;
  const { db, ephemeral } = stores;
  const issuer = issuerIdentifier(config);
  const secureCookies = config.issuer.protocol === 'https:';

  const knowledge = await gatherKnowledge({ config, logger, clock, factsTtlMs, db, issuer });
  const { declarations, snapshot, registry, approvals, assess, assessNow, organization, search } = knowledge;
  const kept = providerStores(needs);
  const federation = createFederation({
    ...needs,
    snapshot,
    once: kept.replayOnce,
    keys: () => keyRing.current(),
  });
  const http = createHttp({
    issuer: config.issuer,
    basePath: config.issuerPath,
    logger,
    viewsDir: folder('views'),
    localesDir: folder('locales'),
    securityContact: config.securityContact,
    clock,
    kept: { ...retention, invitationDays, memberDays },
  });
  const keyRing = await createKeyRing({
    db,
    seal: createSeal(config.encryptionKeys, 'signing-key'),
    clock,
    onProblem: (error) => logger.error({ err: error }, 'signing keys could not be read'),
    wanted: federation.wantedKeys,
  });
  const providerNeeds = {
    config,
    snapshot,
    ...kept,
    assess,
    assessNow,
    declaredMemberships: createDeclaredMemberships({ db, clock, ttlMs: factsTtlMs }),
    revokedMemberships: knowledge.revokedMemberships,
    pages: createProviderPages({ http, snapshot, issuer }),
    tellLogouts: (...departures: readonly Departure[]) => logouts.enqueue(...departures),
    ...createClientTrust({ db, config, logger, clock }),
    isAway: federation.isAway,
    logger,
    clock,
  };
  const routeNeeds = {
    snapshot,
    ...federation.forInteraction,
    accounts: createAccounts({
      db,
      clock,
      randomId: randomUUID,
      onRevokedRead: (...read) => knowledge.revokedMemberships.remember(...read),
    }),
    revokedMemberships: knowledge.revokedMemberships,
    approvals: (siren: string) => approvals.forSiren(siren),
    http,
    logger,
    clock,
    basePath: config.issuerPath,
    issuer,
    secureCookies,
    ...createPartnerAccounts({ ...needs, snapshot, onCommit: () => casework.mailer.wake() }),
  };
  const visitorSeal = createSeal(config.encryptionKeys, 'visitor-state', clock);
  const ofVisitors = { ...providerNeeds, db, seal: visitorSeal, random: randomBytes };
  const silentFailures = answerSilentFailures({
    issuer,
    declared: (clientId) => snapshot().clientOf(clientId),
    logger,
  });
  const dynamicClientsNeeds = {
    db,
    snapshot,
    // What was written stays written: without its answer, nobody would know the secret. The next look finds it.
    refresh: knowledge.readAgain,
    issuer,
    random: randomBytes,
    clock,
    limits: routeNeeds.limits,
    logger,
  };
  const catalogue = createCatalogue({
    http,
    snapshot,
    registry,
    search,
    organization,
    assess: knowledge.assessHeld,
    clock,
    basePath: config.issuerPath,
  });
  const openData = createOpenData({ approved: knowledge.approved, producer: issuer, clock });
  const casework = createCasework({
    codes: routeNeeds.codes,
    dns: needs.dns,
    config,
    logger,
    clock,
    databaseClock: needs.databaseClock,
    db,
    http,
    knowledge,
    issuer,
    ending: {
      endLostAccess: (lost) => inForce().endLostAccess(lost),
      sessions: (accountId) => inForce().sessionsOf(accountId),
      endAccess: (accountId, openedUntil) => inForce().endAccess(accountId, openedUntil),
    },
  });
  const { mailer, registrations } = casework;
  const health = http.health(() => stores.health());

  /**
   * Everything that knows a provider is made here, for one set of keys: nothing else may keep one. Requests under way
   * end on the one that they began on; what they store, any provider reads. One more costs less than a millisecond.
   */
  const answering = (keys: KeySet) => {
    logger.info({ event: 'signing_keys', keys: keys.version }, 'signing keys in force');
    const provider = createProvider({ ...providerNeeds, keys });
    const parts = { ...routeNeeds, ...provider };
    const visitors = createVisitors({ ...parts, ...ofVisitors });
    const app = provider.library;
    app.proxy = true;
    app.silent = true;
    for (const step of [
      http.securityHeaders,
      http.errorPages,
      silentFailures,
      inOneUnitOfWork,
      health,
      http.hostGuard,
      http.languageChoice,
      http.assets,
      http.sitePages,
      ...casework.readMails,
      underPath(config.issuerPath),
      openData,
      catalogue,
      publishedMetadata(keys),
      crossOrigin(snapshot),
      postOnly,
      postToGet(issuer),
      ...(config.dynamicRegistration
        ? [
            createDynamicClients({
              ...dynamicClientsNeeds,
              refusalOf: (client) => clientRefusal(provider.library, client),
            }),
          ]
        : []),
      nobodyToSignOut(app),
      createSignOut(parts),
      createInteractionRoutes({
        ...parts,
        filesOf: (accountId) => registrations.ofApplicant(accountId),
      }).routes(),
      ...ownPages({
        ...parts,
        ...casework,
        ...knowledge.ofOperators,
        organization,
        organizationName: knowledge.organizationName,
        search,
        readMembers: knowledge.readMembers,
        readAgain: knowledge.readAgain,
        onCommit: () => mailer.wake(),
        silence: config.silence,
        authority: config.authority,
        providerStatuses: federation.providerStatuses,
        signInUses: kept.signInUses,
        visitors,
        db,
        ephemeral,
      }),
    ]) {
      app.use(step);
    }
    return {
      answer: app.callback(),
      logoutMessageOf: provider.logoutMessageOf,
      endLostAccess: provider.endLostAccess,
      sessionsOf: (accountId: string) => sessionRecordsOf(provider.identities, accountId),
      endAccess: (id: string, until?: Date) => provider.sessionEnding.endAll(id, 'session_ended', until),
    };
  };
  const inForce = perKeySet(
    keyRing,
    answering,
    (error) =>
      logger.error({ err: error }, 'the former signing keys stay in force: the new ones do not serve'),
    clock,
  );
  const logouts = createLogouts({
    db,
    clock,
    randomId: randomUUID,
    fetch: createGuardedFetch({ ...reachOf(config), timeoutMs: 4_000, maxBytes: 65_536 }),
    logger,
    messageOf: (departure) => inForce().logoutMessageOf(departure),
  });
  const stopBeside = goOnBesideRequests({ ...casework, db, clock, logger, logouts, rightsEveryMs });
  return {
    handler: (request: IncomingMessage, response: ServerResponse) => {
      trustOnlyOurProxies(request, config);
      void inForce().answer(request, response);
    },
    refresh: async () => {
      await Promise.all([declarations.refresh(), keyRing.refresh()]);
      logouts.wake();
    },
    casework,
    stop: async () => {
      await federation.stop();
      keyRing.stop();
      knowledge.stop();
      await stopBeside();
      await kept.signInUses.stop();
    },
  };
}
