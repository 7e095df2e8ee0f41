/**
 * The one place that wires the rooms: stores, declarations, rules, provider, pages, and the server in front of them.
 * Nothing here decides; every effect (clock, random, stores, network) is handed over from here.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Middleware } from 'koa';
import { createSeal } from './config/config.ts';
import type { Clock, Config, Logger } from './config/config.ts';
import { createDeclarations, idpSecret, idpSecretPurpose } from './declarations/declarations.ts';
import { createApprovals, createAssess } from './eligibility/eligibility.ts';
import { createHttp, listen, loopbackAddresses, trustOnlyOurProxies, underPath } from './http/http.ts';
import { createAccounts, createDeclaredMemberships } from './identity/identity.ts';
import { createCatalogue, createInteractionRoutes, createProviderPages } from './interaction/interaction.ts';
import { createOrganizationRegistry, loadTerritories } from './organizations/organizations.ts';
import {
  cacheableMetadata,
  createProvider,
  crossOrigin,
  issuerIdentifier,
  loadKeys,
  postToGet,
} from './provider/provider.ts';
import {
  createOidcAdapter,
  grantSnapshot,
  openStores,
  purgeExpired,
  setPendingSnapshot,
  unitOfWork,
} from './storage/storage.ts';
import type { Stores } from './storage/storage.ts';
import { createUpstream } from './upstream/upstream.ts';

export interface Broker {
  /** Where it listens, as people type it. */
  readonly url: string;
  readonly stores: Stores;
  /** Takes a change of the declarations now rather than at the next look. */
  refresh(): Promise<void>;
  /** Stops accepting, lets requests end, closes the stores. */
  close(): Promise<void>;
}

export interface BrokerOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  /** How long facts and approvals are kept in memory; at most 30 s, so that a suspension is everywhere in a minute. */
  readonly factsTtlMs?: number;
}

const purgeEveryMs = 60_000;
const purgeBatch = 1000;
const purgeBatches = 20;

const folder = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** @throws BrokerError (stores, keys), or an error with code EADDRINUSE when the port is taken */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { config, logger, clock, factsTtlMs = 30_000 } = options;
  const stores = await openStores({
    databaseUrl: config.databaseUrl,
    redisUrl: config.redisUrl,
    dataDir: config.dataDir,
    clock,
  });
  try {
    const { handler, refresh, stop } = await assemble({ config, logger, clock, factsTtlMs, stores });
    const server = await listen(handler, {
      port: config.port,
      addresses: config.production ? undefined : loopbackAddresses,
      drainMs: 10_000,
    });
    return {
      url: issuerIdentifier(config),
      stores,
      refresh,
      async close() {
        stop();
        await server.close();
        await stores.close();
      },
    };
  } catch (error) {
    await stores.close();
    throw error;
  }
}

async function assemble(needs: {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly factsTtlMs: number;
  readonly stores: Stores;
}) {
  const { config, logger, clock, factsTtlMs, stores } = needs;
  const { db, ephemeral } = stores;
  const issuer = issuerIdentifier(config);
  const secureCookies = config.issuer.protocol === 'https:';

  const declarations = await createDeclarations({
    db,
    clock,
    onProblem: (error) => logger.error({ err: error }, 'declarations could not be read'),
  });
  const snapshot = () => declarations.current();
  const registry = createOrganizationRegistry({
    db,
    territories: loadTerritories(),
    clock,
    ttlMs: factsTtlMs,
  });
  const approvals = createApprovals({ db, clock, ttlMs: factsTtlMs });
  const assess = createAssess({
    organization: (siret) => registry.bySiret(siret),
    approvals: (siren) => approvals.forSiren(siren),
    policyFor: (service, at) => snapshot().policyFor(service, at),
    clock,
  });
  const replayOnce = (key: string, expiresAt: Date) =>
    ephemeral.replayOnce(key, Math.ceil(expiresAt.getTime() / 1000));

  const http = createHttp({
    issuer: config.issuer,
    basePath: config.issuerPath,
    logger,
    viewsDir: folder('views'),
    localesDir: folder('locales'),
    securityContact: config.securityContact,
    clock,
  });
  const provider = createProvider({
    config,
    keys: await loadKeys({ db, seal: createSeal(config.encryptionKeys, 'signing-key') }),
    snapshot,
    adapter: createOidcAdapter({ db, ephemeral, clock }),
    ephemeral,
    snapshots: { prepare: setPendingSnapshot, read: (grantId) => grantSnapshot(db, grantId) },
    replayOnce,
    assess,
    declaredMemberships: createDeclaredMemberships({ db, clock, ttlMs: factsTtlMs }),
    pages: createProviderPages({ http, snapshot, issuer }),
    logger,
    clock,
  });
  const idpSeal = createSeal(config.encryptionKeys, idpSecretPurpose);
  const upstream = createUpstream({
    issuer: config.issuer,
    seal: createSeal(config.encryptionKeys, 'upstream-attempt'),
    clock,
    logger,
    allowLoopbackHttp: !config.production,
    secretOf: async (idp) => {
      const declared = snapshot().identityProviders.get(idp.id);
      return declared === undefined ? undefined : idpSecret(idpSeal, declared);
    },
    once: replayOnce,
  });
  const routes = createInteractionRoutes({
    ...provider,
    snapshot,
    upstream,
    accounts: createAccounts({ db, clock, randomId: randomUUID }),
    approvals: (siren) => approvals.forSiren(siren),
    http,
    logger,
    clock,
    basePath: config.issuerPath,
    issuer,
    secureCookies,
  });

  const app = provider.library;
  app.proxy = true;
  app.silent = true;
  for (const step of [
    http.securityHeaders,
    http.errorPages,
    inOneUnitOfWork,
    http.health(() => stores.health()),
    http.hostGuard,
    http.languageChoice,
    http.assets,
    http.sitePages,
    underPath(config.issuerPath),
    createCatalogue({ http, snapshot, registry, assess, clock }),
    cacheableMetadata,
    crossOrigin(snapshot),
    postToGet(issuer),
    routes.routes(),
  ]) {
    app.use(step);
  }
  const purging = setInterval(() => void purge(db, clock, logger), purgeEveryMs).unref();
  const answer = app.callback();
  return {
    handler: (request: IncomingMessage, response: ServerResponse) => {
      trustOnlyOurProxies(request, config);
      void answer(request, response);
    },
    refresh: () => declarations.refresh(),
    stop: () => {
      clearInterval(purging);
      declarations.stop();
    },
  };
}

/** Grants and refresh tokens that have expired leave by small batches: no long lock, and every process may do it. */
async function purge(db: Stores['db'], clock: Clock, logger: Logger): Promise<void> {
  try {
    for (let batch = 0; batch < purgeBatches; batch += 1) {
      if ((await purgeExpired(db, clock(), purgeBatch)) < purgeBatch) return;
    }
  } catch (error) {
    logger.warn({ err: error }, 'expired rows could not be purged');
  }
}

/**
 * What the request writes to the ephemeral store leaves in one batch, before its answer does. When the batch is lost,
 * so is the answer that counted on it: no redirect, no cookie, an error page instead.
 */
const inOneUnitOfWork: Middleware = async (ctx, next) => {
  try {
    await unitOfWork(next);
  } catch (error) {
    ctx.remove('Location');
    ctx.remove('Set-Cookie');
    throw error;
  }
};
