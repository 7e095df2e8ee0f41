import { migrate } from '../storage/storage.ts';
import { configOf, migrationsFolder } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { withStores } from './with-stores.ts';

export async function migrateCommand(surroundings: Surroundings): Promise<void> {
  const config = configOf(surroundings);
  const names = await withStores(surroundings, config, ({ db }) =>
    migrate(db, migrationsFolder(surroundings)),
  );
  surroundings.print(
    names.length === 0
      ? 'Nothing to do: every migration is applied.'
      : names.map((name) => `applied ${name}`).join('\n'),
  );
}
