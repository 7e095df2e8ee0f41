import { startBroker } from '../broker.ts';
import { createLogger } from '../config/config.ts';
import { naming, requireFreePorts } from './ports.ts';
import type { PortToTake } from './ports.ts';
import { untilStopped } from './stopping.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';

/** Starts the broker on stores that `migrate` and `apply` have made ready. */
export async function serve(surroundings: Surroundings): Promise<void> {
  const { clock } = surroundings;
  const config = configOf(surroundings);
  const ports: readonly PortToTake[] = [{ variable: 'PORT', port: config.port }];
  await requireFreePorts(ports);
  const logger = createLogger({ level: config.logLevel });
  const broker = await naming(ports, () => startBroker({ config, logger, clock, clockIsReal: true }));
  logger.info({ url: broker.url, port: config.port }, 'ready');
  await untilStopped(surroundings, async () => {
    logger.info('stopping');
    await broker.close();
  });
}
