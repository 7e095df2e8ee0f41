import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSeal } from '../../../src/config/config.ts';
import {
  applyDeclarations,
  idpSecretPurpose,
  loadDeclarations,
} from '../../../src/declarations/declarations.ts';
import type { World } from '../../support/world.ts';

/** What a test declares beside the demonstration: the sections of `config/`, as plain objects. */
export type Extra = Readonly<Record<string, readonly object[]>>;

/** A folder with the declarations of the demonstration and one more file; whoever asks for it removes it. */
export async function demoAnd(
  extra: Extra,
): Promise<{ readonly dir: string; readonly remove: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'maillon-replay-'));
  await cp('config/demo', dir, { recursive: true });
  // YAML 1.2 contains JSON.
  await writeFile(join(dir, 'replay.yaml'), JSON.stringify(extra));
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}

/** Declares again while the broker runs, as `maillon apply` would, and has it read at once. */
export async function redeclare(world: World, extra: Extra): Promise<void> {
  const { dir, remove } = await demoAnd(extra);
  const { config, broker } = world;
  const variables = {
    DEMO_IDP_PORT: String(config.demoIdpPort),
    DEMO_TOOLS_PORT: String(config.demoToolsPort),
  };
  const declared = await loadDeclarations(dir, { variables, production: false });
  const seal = createSeal(config.encryptionKeys, idpSecretPurpose);
  await applyDeclarations(declared, { db: broker.stores.db, seal, clock: () => new Date() });
  await broker.refresh();
  await remove();
}
