import { hash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate, openStores } from '../../src/storage/storage.ts';
import { copyOfPrepared } from './services.ts';

const migrations = join(import.meta.dirname, '../../migrations');

/**
 * A new data directory with every migration applied, for tests about something else than the first start. Delete it
 * afterwards.
 */
export async function newMigratedDataDir(): Promise<string> {
  const names = (await readdir(migrations)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(migrations, name), 'utf8')));
  const digest = hash('sha256', JSON.stringify([names, texts])).slice(0, 16);
  return copyOfPrepared(`migrated-${digest}`, async (dataDir) => {
    const stores = await openStores({ dataDir, clock: () => new Date() });
    await migrate(stores, migrations).finally(() => stores.close());
  });
}
