import { join } from 'node:path';
import { PGlite, types as pgliteTypes } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely';
import type { Dialect, LogEvent, PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { BrokerError } from '../errors/errors.ts';
import { lockDataDirectory } from './data-directory-lock.ts';
import { failureText, peerOf, within } from './peer.ts';
import type { Database } from './tables.ts';

const openWithinMs = 4_500;

export interface DatabaseConnection {
  readonly db: Kysely<Database>;
  readonly kind: 'postgresql' | 'pglite';
  readonly statements: () => number;
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** SQLSTATE classes 08 and 57P (the server went away or shut down), 57014 (it took too long), and what the sockets say. */
const lost =
  /^(08\w{3}|57014|57P0[123]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)$/;

/** Days stay `yyyy-mm-dd` (a Date would move them by a time zone); counts are numbers, on both engines alike. */
const asText = (value: string): string => value;
const pgTypes = new pg.TypeOverrides();
pgTypes.setTypeParser(pg.types.builtins.DATE, asText);
pgTypes.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * Opens PostgreSQL.
 *
 * @param statementsEndWithinMs a statement that takes longer ends, in a M-STOR-001
 * @throws BrokerError M-STOR-001 when it does not answer within 5 seconds; the detail names host and port
 */
export async function openPostgres(
  databaseUrl: string,
  statementsEndWithinMs?: number,
): Promise<DatabaseConnection> {
  const peer = peerOf(databaseUrl, 5432);
  const unreachable = (cause: unknown) =>
    new BrokerError('M-STOR-001', { cause, detail: `PostgreSQL at ${peer}: ${failureText(cause)}` });
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    connectionTimeoutMillis: openWithinMs,
    keepAlive: true,
    application_name: 'maillon',
    types: pgTypes,
    ...(statementsEndWithinMs === undefined
      ? {}
      : { statement_timeout: statementsEndWithinMs, query_timeout: statementsEndWithinMs + graceMs }),
  });
  // A connection that breaks is replaced, and the statement under way fails; without listeners it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const opened = connect('postgresql', {
    unreachable,
    dialect: new PostgresDialect({
      pool: {
        options: pool.options,
        connect: async () =>
          withoutStragglers(
            await pool.connect().catch((cause: unknown) => Promise.reject(unreachable(cause))),
          ),
        end: () => pool.end(),
      },
    }),
  });
  await opened.ping().catch(async (cause: unknown) => {
    await opened.close();
    throw cause instanceof BrokerError ? cause : unreachable(cause);
  });
  return opened;
}

/** What the database may take to say that it has ended a statement. Later, it does not answer at all. */
const graceMs = 1_000;
const unanswered = 'Query read timeout';

/** The driver hands a connection back while the answer that it gave up waits on it: whoever came next would wait too. */
function withoutStragglers(client: pg.PoolClient): PostgresPoolClient {
  let straggling = false;
  const watched = new Proxy(client, {
    get(target, name) {
      if (name === 'release') return () => target.release(straggling);
      const member: unknown = Reflect.get(target, name, target);
      if (name !== 'query' || typeof member !== 'function') return member;
      return async (...asked: readonly unknown[]): Promise<unknown> => {
        if (straggling) throw new Error(unanswered);
        try {
          const answer: unknown = await Reflect.apply(member, target, asked);
          return answer;
        } catch (error) {
          straggling ||= error instanceof Error && error.message === unanswered;
          throw error;
        }
      };
    },
  });
  return watched;
}

/**
 * Opens the embedded PostgreSQL in `dataDir/pglite`, for one process.
 *
 * @throws BrokerError M-STOR-001 when another process holds the directory, or the directory cannot be used
 */
export async function openPglite(dataDir: string): Promise<DatabaseConnection> {
  const unreachable = (cause: unknown) =>
    new BrokerError('M-STOR-001', {
      cause,
      detail: `embedded database in ${dataDir}: ${failureText(cause)}`,
    });
  const release = await lockDataDirectory(dataDir).catch((cause: unknown) => {
    throw cause instanceof BrokerError ? cause : unreachable(cause);
  });
  try {
    const pglite = await PGlite.create({
      dataDir: join(dataDir, 'pglite'),
      extensions: { pg_trgm },
      parsers: { [pgliteTypes.DATE]: asText, [pgliteTypes.INT8]: Number },
    });
    const opened = connect('pglite', { unreachable, dialect: new PGliteDialect({ pglite }) });
    const close = async () => {
      await opened.close();
      await release();
    };
    return { ...opened, close };
  } catch (cause) {
    await release();
    throw unreachable(cause);
  }
}

function connect(
  kind: DatabaseConnection['kind'],
  needs: { readonly dialect: Dialect; readonly unreachable: (cause: unknown) => BrokerError },
): DatabaseConnection {
  let statements = 0;
  const db = new Kysely<Database>({
    dialect: needs.dialect,
    log(event: LogEvent) {
      statements += 1;
      // Thrown here, it takes the place of the driver's error: a connection lost under a statement is our M-STOR-001.
      if (event.level === 'error' && isLost(event.error)) throw needs.unreachable(event.error);
    },
  });
  return {
    db,
    kind,
    statements: () => statements,
    ping: async () => {
      await within(openWithinMs, sql`select 1`.execute(db));
    },
    close: () => db.destroy(),
  };
}

function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string') return lost.test(error.code);
  return error.message.startsWith('Connection terminated') || error.message === unanswered;
}
