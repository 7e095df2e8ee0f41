/**
 * One PostgreSQL for all test files of a run (vitest's `globalSetup`): to initialize and start one for each file takes
 * more than most of their tests. Files find it by `startPostgres` and `newMigratedDatabase`. Without PostgreSQL on this
 * machine there is none, and each suite that needs it says so itself.
 */
import { sharedPostgresVariable } from './databases.ts';
import { startOwnPostgres } from './services.ts';

export default async function startSharedPostgres(): Promise<() => Promise<void>> {
  const server = await startOwnPostgres(undefined);
  process.env[sharedPostgresVariable] = server?.server ?? '';
  return () => server?.stop() ?? Promise.resolve();
}
