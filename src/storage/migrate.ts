import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';
import { isOutsideTransaction, runOutside } from './migrate-outside.ts';
import type { Database } from './tables.ts';

interface Migration {
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

/** How long a migration waits for a lock. Whoever signs in waits behind it meanwhile: it gives way, and comes again. */
interface Patience {
  readonly lockMs: number;
  readonly tries: number;
  readonly pauseMs: number;
}
const usualPatience: Patience = { lockMs: 2_000, tries: 30, pauseMs: 1_000 };

/** Any number will do, as long as every version of Maillon takes the same. */
const lockNumber = 7_214_400_933;
const pollMs = 100;

const appliedSchema = z.array(z.object({ name: z.string(), checksum: z.string() }));

/**
 * Applies the SQL files of `folder` that were not applied yet, in the order of their names, each in its own transaction,
 * or statement by statement when it says so (migrate-outside.ts). Any number of processes may call this at once: one
 * works, the others wait. A file that the database knows and the folder does not is left alone: the version N−1 runs
 * beside N during a deployment.
 *
 * @returns the names of the files applied by this call
 * @throws BrokerError M-STOR-003 when a file was changed after it was applied, M-STOR-004 when a lock could not be had
 */
export async function migrate(
  stores: Kysely<Database> | { readonly db: Kysely<Database> },
  folder: string,
  patience: Patience = usualPatience,
): Promise<readonly string[]> {
  const db = 'db' in stores ? stores.db : stores;
  const migrations = await readMigrations(folder);
  if ((await notApplied(db, migrations)).length === 0) return [];
  return db.connection().execute((connection) =>
    alone(connection, async () => {
      await sql`create table if not exists schema_migration (
        name text primary key, checksum text not null, applied_at timestamptz not null default now())`.execute(
        connection,
      );
      const done: string[] = [];
      // Another process may have applied some while this one waited.
      for (const migration of await notApplied(connection, migrations)) {
        await applyOne(connection, migration, patience);
        done.push(migration.name);
      }
      return done;
    }),
  );
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/**
 * The lock is of the session, asked for again and again: an index built concurrently waits for every statement that was
 * there before it, and a process that waited inside of one would never let it end.
 */
async function alone<T>(connection: Kysely<Database>, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const { rows } = await sql<{
      mine: boolean;
    }>`select pg_try_advisory_lock(${lockNumber}::bigint) as mine`.execute(connection);
    if (rows[0]?.mine === true) break;
    await sleep(pollMs);
  }
  try {
    return await work();
  } finally {
    // A connection that is lost has lost its locks.
    await sql`select pg_advisory_unlock(${lockNumber}::bigint)`.execute(connection).catch(() => undefined);
  }
}

async function applyOne(
  connection: Kysely<Database>,
  migration: Migration,
  { lockMs, tries, pauseMs }: Patience,
): Promise<void> {
  const { name, text } = migration;
  for (let count = 1; ; count += 1) {
    try {
      if (isOutsideTransaction(text)) {
        await runOutside(connection, text);
        await record(connection, migration);
      } else {
        await connection.transaction().execute(async (transaction) => {
          await sql`select set_config('lock_timeout', ${String(lockMs)}, true)`.execute(transaction);
          await runInside(transaction, text);
          await record(transaction, migration);
        });
      }
      return;
    } catch (cause) {
      if (cause instanceof BrokerError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      if (!isInTheWay(cause)) throw new Error(`migration ${name} was not applied: ${reason}`, { cause });
      if (count >= tries) {
        const detail = `migration ${name} was not applied, after ${count} tries: ${reason}`;
        throw new BrokerError('M-STOR-004', { cause, detail });
      }
      await sleep(pauseMs);
    }
  }
}

/** Somebody held a lock for too long, or waited for one of ours: SQLSTATE lock_not_available, deadlock_detected. */
function isInTheWay(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === '55P03' || cause.code === '40P01');
}

/** A file holds several statements, which only EXECUTE takes on every driver (the extended protocol takes one). */
async function runInside(transaction: Kysely<Database>, text: string): Promise<void> {
  if (text.includes('$migration$')) throw new Error('$migration$ may not occur in a migration');
  await sql.raw(`do $do$ begin execute $migration$${text}$migration$; end $do$`).execute(transaction);
}

const record = (db: Kysely<Database>, { name, checksum }: Migration) =>
  sql`insert into schema_migration (name, checksum) values (${name}, ${checksum})`.execute(db);

async function notApplied(
  db: Kysely<Database>,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  const known = await appliedTo(db);
  return migrations.filter((migration) => !isApplied(migration, known));
}

async function appliedTo(db: Kysely<Database>): Promise<ReadonlyMap<string, string>> {
  const table = await sql<{
    found: boolean;
  }>`select to_regclass('schema_migration') is not null as found`.execute(db);
  if (table.rows[0]?.found !== true) return new Map();
  const { rows } = await sql`select name, checksum from schema_migration`.execute(db);
  return new Map(appliedSchema.parse(rows).map((row) => [row.name, row.checksum]));
}

function isApplied(migration: Migration, applied: ReadonlyMap<string, string>): boolean {
  const checksum = applied.get(migration.name);
  if (checksum === undefined) return false;
  if (checksum !== migration.checksum) {
    throw new BrokerError('M-STOR-003', {
      detail: `migrations/${migration.name} is not the file that was applied`,
    });
  }
  return true;
}
