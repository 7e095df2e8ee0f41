/**
 * Runs the same journeys on each pair of stores: embedded (PGlite, memory) always, PostgreSQL and Redis when this
 * machine has them. One world per pair, shared by its tests.
 */
import { afterAll, beforeAll, describe } from 'vitest';
import { newMigratedDatabase } from '../support/migrated-data-dir.ts';
import { startPostgres, startRedis } from '../support/services.ts';
import { startWorld } from '../support/world.ts';
import type { World, WorldOptions } from '../support/world.ts';

/** A first start unpacks PGlite: seconds, more on a busy machine. */
export const startTimeout = 180_000;

/**
 * Pairs of stores that this machine has, for `describe.each`; their servers end with the file. To be awaited at the top of
 * the file: which servers exist decides which tests do.
 */
export async function backends(
  suite: string,
): Promise<readonly (readonly [name: string, options: () => Promise<WorldOptions>])[]> {
  const postgres = await startPostgres(`${suite}, on PostgreSQL and Redis`);
  const redis = await startRedis(`${suite}, on PostgreSQL and Redis`);
  afterAll(async () => {
    await postgres?.stop();
    await redis?.stop();
  });
  const embedded = ['PGlite and memory', async () => ({ embedded: true })] as const;
  if (postgres === undefined || redis === undefined) return [embedded];
  const real = async () => ({
    databaseUrl: (await newMigratedDatabase()) ?? (await postgres.createDatabase()),
    redisUrl: redis.url,
  });
  return [embedded, ['PostgreSQL and Redis', real]];
}

export async function describeOnEachBackend(
  suite: string,
  tests: (world: () => World) => void,
  more: WorldOptions = {},
): Promise<void> {
  describe.each(await backends(suite))(`${suite}, on %s`, (_name, options) => {
    let world: World | undefined;
    beforeAll(async () => {
      world = await startWorld({ ...more, ...(await options()) });
    }, startTimeout);
    afterAll(() => world?.close());
    tests(() => {
      if (world === undefined) throw new Error('the world has not started');
      return world;
    });
  });
}
