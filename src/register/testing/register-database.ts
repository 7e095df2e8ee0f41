import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { newMigratedDataDir, newMigratedDatabase } from '../../../test/support/migrated-data-dir.ts';
import { systemClock } from '../../config/config.ts';
import { migrate, openStores } from '../../storage/storage.ts';
import type { Database, Stores } from '../../storage/storage.ts';

const migrations = join(import.meta.dirname, '../../../migrations');

/** A database of its own, migrated and empty: on PostgreSQL, or on PGlite where the run shares none. */
export const openRegister = async (): Promise<Stores> => openRegisterIn(await newMigratedDatabase());

/** The same in the PostgreSQL of the URL, or in PGlite when undefined. */
export async function openRegisterIn(databaseUrl: string | undefined): Promise<Stores> {
  const dataDir = databaseUrl === undefined ? await newMigratedDataDir() : 'unused';
  const stores = await openStores({ databaseUrl, dataDir, clock: systemClock });
  await migrate(stores, migrations);
  return {
    ...stores,
    async close() {
      await stores.close();
      if (databaseUrl === undefined) await rm(dataDir, { recursive: true });
    },
  };
}

/** Empties every table of the register. */
export async function emptyRegister(db: Kysely<Database>): Promise<void> {
  for (const table of [
    'establishment',
    'organization',
    'organization_word',
    'register_record',
    'register_change',
    'register_import',
  ] as const) {
    await db.deleteFrom(table).execute();
  }
}
