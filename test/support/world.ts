/**
 * The whole demonstration in this process, on free ports and an empty folder: broker, demo identity provider, tools.
 * What a journey needs to change (an approval, a state of the register) is changed through the stores, as an operator
 * or an importer would, and seen at once: facts are not kept in memory here.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { demoPeople } from '../../demo/people.ts';
import type { DemoPerson } from '../../demo/people.ts';
import { startDemoIdp } from '../../demo/identity-provider/identity-provider.ts';
import { startDemoTools } from '../../demo/tools/tools.ts';
import { startBroker } from '../../src/broker.ts';
import type { Broker, BrokerOptions } from '../../src/broker.ts';
import { createSeal, loadConfig } from '../../src/config/config.ts';
import type { Config } from '../../src/config/config.ts';
import {
  applyDeclarations,
  idpSecretPurpose,
  loadDeclarations,
} from '../../src/declarations/declarations.ts';
import { migrate, openStores } from '../../src/storage/storage.ts';
import { noLimits } from './no-limits.ts';
import type { LimitTable } from '../../src/limits/limits.ts';
import { newMigratedDataDir, newMigratedDatabase } from './migrated-data-dir.ts';
import { freePort } from './services.ts';

export interface World {
  readonly broker: Broker;
  readonly config: Config;
  readonly issuer: string;
  readonly tools: string;
  readonly idp: string;
  /** Lines that the broker logged. */
  readonly log: readonly string[];
  /** Stops the demo identity provider, as an outage would. */
  stopIdp(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** PostgreSQL; the one that the files of a run share, or the embedded database on a machine without, when absent. */
  readonly databaseUrl?: string;
  /** On the embedded database, even where PostgreSQL is. */
  readonly embedded?: boolean;
  readonly redisUrl?: string;
  /** Path of the issuer, such as `/api/v2`. */
  readonly issuerPath?: string;
  /** Folder of declarations; the demo when absent. */
  readonly configDir?: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** Settings of the broker beside those that the tests need. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Lets tools register themselves. */
  readonly dynamicRegistration?: boolean;
  /** Those who sign in at the demo identity provider; the people of the demo when absent. */
  readonly people?: readonly DemoPerson[];
  readonly clock?: () => Date;
  /** How long facts are kept in memory: not at all when absent, so that a change is seen at once. */
  readonly factsTtlMs?: number;
  /** How closely identity providers are watched: never during a test when absent. */
  readonly watching?: BrokerOptions['watching'];
  /** How often rights that have ended are looked for: never during a test when absent. */
  readonly rightsEveryMs?: number;
  /** How often what may be attempted: without end when absent, since all people of a test share one network. */
  readonly limits?: LimitTable;
  /** Who answers what the DNS is asked: nobody when absent, so that no test asks the network. */
  readonly dns?: BrokerOptions['dns'];
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const clock = options.clock ?? (() => new Date());
  const databaseUrl =
    options.databaseUrl ?? (options.embedded === true ? undefined : await newMigratedDatabase());
  const dataDir =
    databaseUrl === undefined ? await newMigratedDataDir() : await mkdtemp(join(tmpdir(), 'maillon-data-'));
  const [port, idpPort, toolsPort] = [await freePort(), await freePort(), await freePort()];
  const environment = {
    ISSUER: `http://localhost:${port}${options.issuerPath ?? ''}`,
    PORT: String(port),
    DEMO_IDP_PORT: String(idpPort),
    DEMO_TOOLS_PORT: String(toolsPort),
    DATA_DIR: dataDir,
    COOKIE_KEYS: 'cookie-key-of-the-tests-0123456789abcdef',
    ENCRYPTION_KEYS: 'encryption-key-of-the-tests-0123456789abcdef',
    ...(options.dynamicRegistration === true ? { DYNAMIC_REGISTRATION: 'on' } : {}),
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    ...(options.redisUrl === undefined ? {} : { REDIS_URL: options.redisUrl }),
    ...options.environment,
  };
  const config = loadConfig(environment, process.cwd());
  const stores = await openStores({ ...config, clock });
  await migrate(stores, 'migrations');
  await applyDeclarations(
    await loadDeclarations(options.configDir ?? 'config/demo', {
      variables: { ...environment, ...options.variables },
      production: false,
    }),
    { db: stores.db, seal: createSeal(config.encryptionKeys, idpSecretPurpose), clock },
  );
  await stores.close();

  const log: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void log.push(line) });
  const never = 3_600_000;
  const {
    factsTtlMs = 0,
    rightsEveryMs = never,
    watching = neverWatching(never),
    limits = noLimits,
    dns = noDns,
  } = options;
  const broker = await startBroker({
    config,
    logger,
    clock,
    factsTtlMs,
    rightsEveryMs,
    limits,
    dns,
    watching,
  });
  const issuer = broker.url;
  const idp = await startDemoIdp({
    port: idpPort,
    name: 'Fournisseur d’identité de démonstration',
    people: options.people ?? demoPeople,
    clients: [
      {
        client_id: 'maillon',
        client_secret: 'maillon-demo-secret-not-for-production-0123456789',
        client_name: 'Maillon',
        redirect_uris: [`${issuer}/callback/demo`],
        post_logout_redirect_uris: [`${issuer}/logout-callback`],
      },
    ],
  });
  const tools = await startDemoTools({ port: toolsPort, issuer });
  let idpStopped = false;
  const stopIdp = async () => {
    if (!idpStopped) await idp.close();
    idpStopped = true;
  };
  return {
    broker,
    config,
    issuer,
    tools: tools.url,
    idp: idp.url,
    log,
    stopIdp,
    async close() {
      await tools.close();
      await stopIdp();
      await broker.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const nobodyAnswers = () => Promise.reject(Object.assign(new Error('no DNS here'), { code: 'ESERVFAIL' }));
const noDns: BrokerOptions['dns'] = { resolveTxt: nobodyAnswers, resolveMx: nobodyAnswers };

/** Looks in the background would count as requests of the test. */
const neverWatching = (ms: number): BrokerOptions['watching'] => ({
  pace: { firstMs: 5 * ms, usedMs: ms, idleMs: ms, failingMs: ms },
});
