/**
 * One process of the broker: opens the stores, has the rooms wired (compose.ts), listens, and ends all of it in order:
 * no new request, then what goes on beside requests, then the stores.
 */
import { compose } from './compose.ts';
import type { Composed } from './compose.ts';
import type { Clock, Config, Logger } from './config/config.ts';
import type { Watching } from './federation.ts';
import { createMetrics, listen, loopbackAddresses } from './http/http.ts';
import { issuerIdentifier } from './provider/provider.ts';
import type { DnsLookups } from './domains/domains.ts';
import type { LimitTable } from './limits/limits.ts';
import { databaseTime, openStores } from './storage/storage.ts';
import type { Stores } from './storage/storage.ts';

export interface Broker extends Readonly<Composed['casework']> {
  /** Where it listens, as people type it. */
  readonly url: string;
  readonly stores: Stores;
  /** Takes a change of declarations or keys, and the logouts due, now rather than at the next look. */
  refresh(): Promise<void>;
  /** The figures of this process, as Prometheus reads them. */
  readonly metrics: () => Promise<string>;
  /** Stops accepting, lets requests end, closes the stores. */
  close(): Promise<void>;
}

export interface BrokerOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  /** How long facts and approvals are kept in memory; at most 30 s, so that a suspension is everywhere in a minute. */
  readonly factsTtlMs?: number;
  /** How often rights that have ended are looked for, to end what was issued under them; 20 s when not said. */
  readonly rightsEveryMs?: number | undefined;
  /** How often what may be attempted; the table of limits/ when absent. */
  readonly limits?: LimitTable | undefined;
  /** Who answers what the DNS is asked; the resolver of the machine when absent. */
  readonly dns?: DnsLookups | undefined;
  /** How closely identity providers are watched. */
  readonly watching?: Omit<Watching, 'metrics'> | undefined;
  /** That `clock` is the time of the day: what time decides is then decided only while the database agrees. */
  readonly clockIsReal?: boolean;
}

/** @throws BrokerError (stores, keys), or an error with code EADDRINUSE when the port is taken */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { config, logger, clock, factsTtlMs = 30_000, rightsEveryMs, clockIsReal = false } = options;
  const stores = await openStores({
    databaseUrl: config.databaseUrl,
    redisUrl: config.redisUrl,
    dataDir: config.dataDir,
    clock,
    statementsEndWithinMs: 60_000,
  });
  const metrics = createMetrics();
  try {
    const { handler, refresh, stop, casework } = await compose({
      config,
      logger,
      clock,
      factsTtlMs,
      rightsEveryMs,
      limits: options.limits,
      dns: options.dns,
      watching: { ...options.watching, metrics },
      databaseClock: clockIsReal ? () => databaseTime(stores.db) : undefined,
      stores,
    });
    const server = await listen(handler, {
      port: config.port,
      addresses: config.production ? undefined : loopbackAddresses,
      drainMs: 10_000,
    });
    return {
      url: issuerIdentifier(config),
      stores,
      registrations: casework.registrations,
      domains: casework.domains,
      members: casework.members,
      blocking: casework.blocking,
      inviting: casework.inviting,
      refresh,
      metrics: metrics.text,
      async close() {
        await server.close();
        await stop();
        await stores.close();
      },
    };
  } catch (error) {
    await stores.close();
    throw error;
  }
}
