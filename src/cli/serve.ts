import { startBroker } from '../broker.ts';
import { createLogger } from '../config/config.ts';
import { loopbackAddresses, serveMetrics } from '../http/http.ts';
import { naming, requireFreePorts } from './ports.ts';
import type { PortToTake } from './ports.ts';
import { untilStopped } from './stopping.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';

/** Starts the broker on stores that `migrate` and `apply` have made ready. */
export async function serve(surroundings: Surroundings): Promise<void> {
  const { clock } = surroundings;
  const config = configOf(surroundings);
  const ports: readonly PortToTake[] = [
    { variable: 'PORT', port: config.port },
    { variable: 'ADMIN_PORT', port: config.adminPort },
  ];
  await requireFreePorts(ports);
  const logger = createLogger({ level: config.logLevel });
  const broker = await naming(ports, () => startBroker({ config, logger, clock, clockIsReal: true }));
  const figures = await naming(ports, () =>
    serveMetrics(broker.metrics, {
      port: config.adminPort,
      addresses: config.adminHost === undefined ? loopbackAddresses : [config.adminHost],
    }),
  ).catch(async (error: unknown) => {
    await broker.close();
    throw error;
  });
  // It listens before it says so: whoever waits for this line may stop it at once.
  const stopped = untilStopped(surroundings, async () => {
    logger.info('stopping');
    await Promise.all([broker.close(), figures.close()]);
  });
  logger.info({ url: broker.url, port: config.port, adminPort: config.adminPort }, 'ready');
  await stopped;
}
