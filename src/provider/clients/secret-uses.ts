import type { Logger } from '../../config/config.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;

/**
 * Remembers when each secret was last shown: once an hour and process is enough to know that one can go, and costs a
 * request nothing. A failure is logged, and tried again by a later request.
 */
export function createSecretUses(needs: {
  readonly record: (use: { clientId: string; digest: string; at: Date }) => Promise<void>;
  readonly clock: () => Date;
  readonly logger: Pick<Logger, 'warn'>;
}) {
  const { record, clock, logger } = needs;
  /** By digest: from when on it is worth writing again. Only secrets of declared clients come here. */
  const next = new Map<string, number>();
  return (clientId: string, digest: string): void => {
    const at = clock();
    const key = `${clientId} ${digest}`;
    if ((next.get(key) ?? 0) > at.getTime()) return;
    next.set(key, at.getTime() + hourMs);
    record({ clientId, digest, at }).catch((error: unknown) => {
      next.set(key, at.getTime() + minuteMs);
      logger.warn({ err: error, client: clientId }, 'the use of a client secret could not be recorded');
    });
  };
}
