import type { Clock } from '../config/config.ts';

/** As far back as a process that starts looks: what ended while nobody looked, were it for weeks, is not forgotten. */
const lookBackMs = 31 * 24 * 3600 * 1000;

/**
 * For a watch that asks again and again what has happened since it asked last.
 *
 * @returns reads once: `since(againMs)` is the last time that was read, and so many milliseconds before, for what another
 *   process may have done meanwhile. A reading that fails is done again from the same point.
 */
export function createLookBack(
  clock: Clock,
): <T>(read: (since: (againMs: number) => Date) => Promise<T>) => Promise<T> {
  let lookedAt: Date | undefined;
  return async (read) => {
    const now = clock();
    const before = lookedAt;
    const found = await read((againMs) =>
      before === undefined ? new Date(now.getTime() - lookBackMs) : new Date(before.getTime() - againMs),
    );
    lookedAt = now;
    return found;
  };
}
