import { join } from 'node:path';
import { openStores } from '../../storage/storage.ts';
import type { Stores } from '../../storage/storage.ts';
import { run } from '../run.ts';
import type { Surroundings } from '../surroundings.ts';

export const root = join(import.meta.dirname, '../../..');

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const keys = { COOKIE_KEYS: 'c'.repeat(32), ENCRYPTION_KEYS: 'e'.repeat(32) };

/** Runs a command in this process as main.ts would, on an environment of its own. */
export async function type(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  surroundings: Partial<Surroundings> = {},
): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await run(argv, {
    env: { ...keys, ...env },
    root,
    cwd: process.cwd(),
    clock: () => new Date(),
    print: (text) => out.push(text),
    printError: (text) => err.push(text),
    readInput: () => Promise.resolve(''),
    onStopRequest: () => undefined,
    exitNow: (exitCode) => {
      throw new Error(`left at once with ${exitCode}`);
    },
    ...surroundings,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

/** The stores that a command works on in this environment; to be closed. */
export const storesOf = (env: Readonly<Record<string, string>>, clock: () => Date): Promise<Stores> =>
  openStores({ databaseUrl: env['DATABASE_URL'], dataDir: env['DATA_DIR'] ?? '', clock });
