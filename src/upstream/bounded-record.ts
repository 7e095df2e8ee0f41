import type { Clock } from '../config/config.ts';

/** Entries in the record of one kind in one hour, whatever the crowd and the processes; the rest is counted. */
export const entriesPerHour = 3;

const hour = 3_600_000;

interface Kept {
  readonly hour: number;
  isFull: boolean;
  unrecorded: number;
}

/**
 * Others decide how often it happens: a few times an hour it is written down, the rest is counted and told by the next entry.
 *
 * @returns writes one down, unless there were enough of its kind; resolves once the record has it
 */
export function createBoundedRecord<T>(needs: {
  readonly clock: Clock;
  /** An atomic mark shared by all processes: true for whoever sets it first. */
  readonly once: (key: string, expiresAt: Date) => Promise<boolean>;
  readonly record: (at: Date, entry: T) => Promise<void>;
}): (kind: string, entry: (unrecordedBefore: number) => T) => Promise<void> {
  const { clock, once, record } = needs;
  const kept = new Map<string, Kept>();

  /** @returns false when all processes together have written enough of them in this hour */
  async function mayRecord(kind: string, at: number): Promise<boolean> {
    for (let number = 1; number <= entriesPerHour; number += 1)
      if (await once(`${kind}:${at}:${number}`, new Date((at + 2) * hour))) return true;
    return false;
  }

  return async (kind, entry) => {
    const now = clock();
    const thisHour = Math.floor(now.getTime() / hour);
    const before = kept.get(kind);
    const current =
      before?.hour === thisHour
        ? before
        : { hour: thisHour, isFull: false, unrecorded: before?.unrecorded ?? 0 };
    kept.set(kind, current);
    if (current.isFull || !(await mayRecord(kind, thisHour))) {
      current.isFull = true;
      current.unrecorded += 1;
      return;
    }
    const { unrecorded } = current;
    current.unrecorded = 0;
    await record(now, entry(unrecorded));
  };
}
