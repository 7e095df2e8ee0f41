import { isAbsolute, join } from 'node:path';
import { createSeal } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import {
  applyDeclarations,
  formatDiff,
  idpSecretPurpose,
  loadDeclarations,
} from '../declarations/declarations.ts';
import type { Diff, DeclaredSet } from '../declarations/declarations.ts';
import type { Stores } from '../storage/storage.ts';
import { commandLineActor } from './command-line-actor.ts';
import type { Arguments } from './commands.ts';
import { configOf, declarationVariables } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { withStores } from './with-stores.ts';

export async function apply(surroundings: Surroundings, { positionals, flags }: Arguments): Promise<void> {
  const config = configOf(surroundings);
  const dryRun = flags.has('dry-run');
  const declared = await readDeclared(surroundings, config, positionals[0] ?? '');
  const diff = await withStores(surroundings, config, (stores) =>
    applyDeclared(declared, { surroundings, config, stores, dryRun }),
  );
  surroundings.print(dryRun ? `${formatDiff(diff)}\nDry run: nothing was applied.` : formatDiff(diff));
}

/** @param folder as typed, relative to where the person stands */
export function readDeclared(
  surroundings: Surroundings,
  config: Config,
  folder: string,
): Promise<DeclaredSet> {
  // Kept as typed when they stand there, so that `file:line` is short and a click away in an editor.
  const path =
    isAbsolute(folder) || surroundings.cwd === process.cwd() ? folder : join(surroundings.cwd, folder);
  return loadDeclarations(path, {
    variables: declarationVariables(surroundings, config),
    production: config.production,
  });
}

export function applyDeclared(
  declared: DeclaredSet,
  needs: {
    readonly surroundings: Surroundings;
    readonly config: Config;
    readonly stores: Stores;
    readonly dryRun?: boolean;
  },
): Promise<Diff> {
  return applyDeclarations(declared, {
    db: needs.stores.db,
    seal: createSeal(needs.config.encryptionKeys, idpSecretPurpose),
    clock: needs.surroundings.clock,
    actor: commandLineActor(needs.surroundings),
    dryRun: needs.dryRun ?? false,
  });
}
