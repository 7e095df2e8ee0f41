import { pino, destination as fileDestination } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { redactLine } from './redact.ts';

export type { Logger };

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * JSON lines. Standard error by default: standard output belongs to what a command has to say (`apply --dry-run`).
 * @param options.destination where lines go, for tests.
 */
export function createLogger(options: { level: LogLevel; destination?: DestinationStream }): Logger {
  return pino(
    {
      level: options.level,
      base: { app: 'maillon' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: redactLine },
    },
    options.destination ?? fileDestination({ fd: 2, sync: true }),
  );
}
