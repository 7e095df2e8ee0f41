import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';
import type { Database } from './tables.ts';

interface Migration {
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

/** Any number will do, as long as every version of Maillon takes the same. */
const lockNumber = 7_214_400_933;

const appliedSchema = z.array(z.object({ name: z.string(), checksum: z.string() }));

/**
 * Applies the SQL files of `folder` that were not applied yet, in the order of their names, each in its own transaction.
 * Any number of processes may call this at once. A file that the database knows and the folder does not is left alone:
 * the version N−1 runs beside N during a deployment.
 *
 * @returns the names of the files applied by this call
 * @throws BrokerError M-STOR-003 when a file was changed after it was applied
 */
export async function migrate(
  stores: Kysely<Database> | { readonly db: Kysely<Database> },
  folder: string,
): Promise<readonly string[]> {
  const db = 'db' in stores ? stores.db : stores;
  const migrations = await readMigrations(folder);
  const known = await appliedTo(db);
  const done: string[] = [];
  for (const migration of migrations) {
    if (isApplied(migration, known)) continue;
    const here = await db.transaction().execute((transaction) => applyOnce(transaction, migration));
    if (here) done.push(migration.name);
  }
  return done;
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

/** Released when the transaction ends, however it ends; another process waits, then finds the file applied. */
async function applyOnce(db: Transaction<Database>, migration: Migration): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(${lockNumber}::bigint)`.execute(db);
  await sql`create table if not exists schema_migration (
    name text primary key, checksum text not null, applied_at timestamptz not null default now())`.execute(
    db,
  );
  if (isApplied(migration, await appliedTo(db))) return false;
  await run(db, migration);
  await sql`insert into schema_migration (name, checksum) values (${migration.name}, ${migration.checksum})`.execute(
    db,
  );
  return true;
}

/** A file holds several statements, which only EXECUTE takes on every driver (the extended protocol takes one). */
async function run(db: Transaction<Database>, { name, text }: Migration): Promise<void> {
  if (text.includes('$migration$'))
    throw new Error(`migration ${name}: $migration$ may not occur in a migration`);
  try {
    await sql.raw(`do $do$ begin execute $migration$${text}$migration$; end $do$`).execute(db);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`migration ${name} was not applied: ${reason}`, { cause });
  }
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
