import type { Clock } from '../config/config.ts';

/** Entries in the record of one kind in one hour, whatever the crowd and the processes; the rest is counted. */
export const entriesPerHour = 3;

const hour = 3_600_000;

interface Kept {
  readonly hour: number;
  /** Places that were found taken, or are ours. */
  taken: number;
  unrecorded: number;
}

/**
 * Others decide how often it happens: a few times an hour it is written down, the rest is counted and told by the next entry.
 *
 * @param needs.ceiling entries of all kinds together in one hour: for when others choose the kind too
 * @returns writes one down, unless there were enough of its kind; resolves once the record has it
 */
export function createBoundedRecord<T>(needs: {
  readonly clock: Clock;
  /** An atomic mark shared by all processes: true for whoever sets it first. */
  readonly once: (key: string, expiresAt: Date) => Promise<boolean>;
  readonly record: (at: Date, entry: T) => Promise<void>;
  readonly ceiling?: { readonly name: string; readonly entries: number };
}): (kind: string, entry: (unrecordedBefore: number) => T) => Promise<void> {
  const { clock, once, record, ceiling } = needs;
  const kept = new Map<string, Kept>();

  /** @returns false when all processes together have written enough of them in this hour */
  async function takesPlace(kind: string, of: Kept, places: number): Promise<boolean> {
    while (of.taken < places) {
      of.taken += 1;
      if (await once(`${kind}:${of.hour}:${of.taken}`, new Date((of.hour + 2) * hour))) return true;
    }
    return false;
  }

  async function mayRecord(kind: string, of: Kept): Promise<boolean> {
    if (!(await takesPlace(kind, of, entriesPerHour))) return false;
    return (
      ceiling === undefined || takesPlace(ceiling.name, thisHourOf(ceiling.name, of.hour), ceiling.entries)
    );
  }

  function thisHourOf(kind: string, now: number): Kept {
    const before = kept.get(kind);
    if (before?.hour === now) return before;
    const fresh = { hour: now, taken: 0, unrecorded: before?.unrecorded ?? 0 };
    kept.set(kind, fresh);
    return fresh;
  }

  return async (kind, entry) => {
    const now = clock();
    const current = thisHourOf(kind, Math.floor(now.getTime() / hour));
    if (!(await mayRecord(kind, current))) {
      current.unrecorded += 1;
      return;
    }
    const { unrecorded } = current;
    current.unrecorded = 0;
    await record(now, entry(unrecorded));
  };
}
