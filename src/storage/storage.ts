/**
 * storage/: what is kept, and where.
 *
 * What it does: opens the two stores and hides which ones they are. `db` is SQL (PostgreSQL, or PGlite in this process)
 * and keeps what must not be lost; `ephemeral` (Redis, or a map in this process) keeps what may expire. Both pass one
 * conformance suite. The adapter of oidc-provider puts grants and refresh tokens in the first, all else in the second.
 *
 * Flow: migrate() brings the tables up to date. A request runs in unitOfWork(): what the library writes is queued, and
 * leaves in one batch before the answer does; what it reads twice is read once. No bearer value is stored: keys are
 * SHA-256 of ids (keys.ts), values lose the id they stand under (entry.ts) or seal others with it (seal-under.ts).
 *
 * May import: config, errors.
 */
import type { Kysely } from 'kysely';
import type { Clock } from '../config/config.ts';
import { openPglite, openPostgres } from './database.ts';
import { openMemoryStore } from './ephemeral-memory.ts';
import { openRedisStore } from './ephemeral-redis.ts';
import type { EphemeralStore } from './ephemeral.ts';
import type { Database } from './tables.ts';

export type * from './register-tables.ts';
export type * from './tables.ts';
export type { Consumption, EphemeralStore, FoundSession, Write } from './ephemeral.ts';
export { believed } from './believed.ts';
export { endGrantsOfAccount } from './account-grants.ts';
export { databaseTime } from './database-time.ts';
export { endGrantsOfClient } from './client-grants.ts';
export { hashId } from './keys.ts';
export { countLiveGrants, isGrant, liveGrantsOf, openedAtClients } from './live-grants.ts';
export type { Holders, LiveGrant, OpenCounted, OpenedAt, OpenedFor } from './live-grants.ts';
export { lookAgain } from './look-again.ts';
export { createLookBack } from './look-back.ts';
export type { LookingAgain } from './look-again.ts';
export { migrate } from './migrate.ts';
export { createOidcAdapter } from './oidc-adapter.ts';
export { purgeExpired, startPurging } from './purge.ts';
export { createRefreshAnswers } from './refresh-answers.ts';
export type { RefreshAnswer, RefreshAnswers } from './refresh-answers.ts';
export { RotationLost } from './refresh-tokens.ts';
export { recordSecretUse, secretUses } from './secret-uses.ts';
export { createSignInUses, purgeSignInUses, signInUseMonths, signInUsesOf } from './sign-in-uses.ts';
export type { SignInUse, SignInUses } from './sign-in-uses.ts';
export { grantSnapshot, setPendingSnapshot } from './snapshots.ts';
export { createRevocation } from './revocation.ts';
export type { Revocation } from './revocation.ts';
export { whileSessionLasts } from './sessions.ts';
export { flush, unitOfWork, write } from './unit-of-work.ts';
export { workOff } from './work-off.ts';
export type { WorkingOff } from './work-off.ts';

export interface StoreOptions {
  /** `postgres:`; absent, PGlite in `dataDir/pglite`. */
  readonly databaseUrl?: string | undefined;
  /** `redis:` or `rediss:`; absent, a map in this process. */
  readonly redisUrl?: string | undefined;
  readonly dataDir: string;
  readonly clock: Clock;
  /** Milliseconds a statement may take on PostgreSQL, for who answers people; absent, imports and migrations take their time. */
  readonly statementsEndWithinMs?: number | undefined;
}

export interface Stores {
  readonly db: Kysely<Database>;
  readonly ephemeral: EphemeralStore;
  readonly kind: {
    readonly database: 'postgresql' | 'pglite';
    readonly ephemeral: 'redis' | 'memory';
  };
  /** Whether each store answers, within seconds; never rejects. */
  readonly health: () => Promise<{ database: boolean; ephemeral: boolean }>;
  /** Since the opening: SQL statements (begin and commit included), trips to Redis (0 in process). */
  readonly statistics: () => { sql: number; redisRoundTrips: number };
  readonly close: () => Promise<void>;
}

/** @throws BrokerError M-STOR-001 (database) or M-STOR-002 (Redis) within 5 seconds when one does not answer */
export async function openStores(options: StoreOptions): Promise<Stores> {
  const { databaseUrl, redisUrl, dataDir, clock, statementsEndWithinMs } = options;
  const ephemeral =
    redisUrl === undefined ? openMemoryStore({ clock }) : await openRedisStore({ redisUrl, clock });
  const opening =
    databaseUrl === undefined ? openPglite(dataDir) : openPostgres(databaseUrl, statementsEndWithinMs);
  const database = await opening.catch(async (error: unknown) => {
    await ephemeral.close();
    throw error;
  });
  return {
    db: database.db,
    ephemeral: ephemeral.store,
    kind: { database: database.kind, ephemeral: redisUrl === undefined ? 'memory' : 'redis' },
    async health() {
      const [sqlAnswer, ephemeralAnswer] = await Promise.allSettled([database.ping(), ephemeral.ping()]);
      return {
        database: sqlAnswer.status === 'fulfilled',
        ephemeral: ephemeralAnswer.status === 'fulfilled',
      };
    },
    statistics: () => ({ sql: database.statements(), redisRoundTrips: ephemeral.roundTrips() }),
    async close() {
      await ephemeral.close();
      await database.close();
    },
  };
}
