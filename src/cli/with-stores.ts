import { openStores } from '../storage/storage.ts';
import type { Stores } from '../storage/storage.ts';
import type { Config } from '../config/config.ts';
import type { Surroundings } from './surroundings.ts';

/** Opens the stores, works, and closes them whatever happens. */
export async function withStores<T>(
  { clock }: Surroundings,
  config: Config,
  work: (stores: Stores) => Promise<T>,
): Promise<T> {
  // A command that writes tables has no use for Redis: it works while Redis is away.
  const stores = await openStores({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, clock });
  try {
    return await work(stores);
  } finally {
    await stores.close();
  }
}
