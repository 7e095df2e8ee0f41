import { hash } from 'node:crypto';
import { mkdtemp, readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openStores } from '../../src/storage/storage.ts';
import { copyOfPreparedDatabase } from './databases.ts';
import { copyOfPrepared } from './services.ts';

const migrations = join(import.meta.dirname, '../../migrations');

/** Another one as soon as a migration changes. */
async function digestOfMigrations(): Promise<string> {
  const names = (await readdir(migrations)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(migrations, name), 'utf8')));
  return hash('sha256', JSON.stringify([names, texts])).slice(0, 16);
}

async function migrated(options: { readonly dataDir: string; readonly databaseUrl?: string }): Promise<void> {
  const stores = await openStores({ ...options, clock: () => new Date() });
  await migrate(stores, migrations).finally(() => stores.close());
}

/**
 * A new data directory with every migration applied, for tests about something else than the first start. Delete it
 * afterwards.
 */
export async function newMigratedDataDir(): Promise<string> {
  return copyOfPrepared(`migrated-${await digestOfMigrations()}`, (dataDir) => migrated({ dataDir }));
}

/**
 * URL of a new database with every migration applied, on the PostgreSQL that the files of a run share: a third of the
 * work of the embedded one, for tests that are about neither. Undefined, hence the embedded one, where none is shared.
 */
export async function newMigratedDatabase(): Promise<string | undefined> {
  return copyOfPreparedDatabase(`migrated_${await digestOfMigrations()}`, (databaseUrl) =>
    migrated({ dataDir: 'unused', databaseUrl }),
  );
}

/**
 * Settings of a command on a new database with every migration applied: the shared PostgreSQL, or the embedded one where
 * none is shared. Delete `DATA_DIR` afterwards.
 */
export async function newMigratedSettings(): Promise<{
  readonly DATA_DIR: string;
  readonly DATABASE_URL?: string;
}> {
  const databaseUrl = await newMigratedDatabase();
  if (databaseUrl === undefined) return { DATA_DIR: await newMigratedDataDir() };
  return { DATA_DIR: await mkdtemp(join(tmpdir(), 'maillon-data-')), DATABASE_URL: databaseUrl };
}
