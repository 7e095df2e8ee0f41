/**
 * The broker, as a child of the bench: declarations of the demonstration, stores given by the environment.
 * Answers `cpu` (microseconds, and what the stores were asked) and ends on `stop`.
 */
import { join } from 'node:path';
import { startBroker } from '../src/broker.ts';
import { createLogger, createSeal, loadConfig, systemClock } from '../src/config/config.ts';
import { applyDeclarations, idpSecretPurpose, loadDeclarations } from '../src/declarations/declarations.ts';
import { migrate, openStores } from '../src/storage/storage.ts';

const config = loadConfig(process.env, process.cwd());
const clock = systemClock;
const stores = await openStores({ ...config, clock });
await migrate(stores, 'migrations');
await applyDeclarations(
  await loadDeclarations(join('config', 'demo'), { variables: process.env, production: false }),
  { db: stores.db, seal: createSeal(config.encryptionKeys, idpSecretPurpose), clock },
);
await stores.close();

const broker = await startBroker({ config, logger: createLogger({ level: 'info' }), clock });
process.send?.('ready');
process.on('message', (message) => {
  if (message === 'cpu')
    process.send?.({ ...process.cpuUsage(), ...broker.stores.statistics(), rss: process.memoryUsage.rss() });
  if (message === 'gc') {
    globalThis.gc?.();
    process.send?.(process.memoryUsage());
  }
  if (message === 'stop') void broker.close().then(() => process.exit(0));
});
