import type { Clock } from '../config/config.ts';

/** Entries in the record of one kind in one hour, whatever the crowd and the processes; the rest is counted. */
export const entriesPerHour = 3;

const hour = 3_600_000;

/** Of several kinds together: for when others choose the kind too. */
export interface Ceiling {
  readonly name: string;
  /** In one hour, whatever the crowd and the processes. */
  readonly entries: number;
}

/** What this process left out in hours before. */
export interface Unrecorded {
  readonly ofKind: number;
  /** Of other kinds under the same ceilings, for which there was no room. */
  readonly ofOthers: number;
}

interface Kept {
  readonly hour: number;
  /** Places that were found taken, or are ours. */
  taken: number;
  unrecorded: number;
}

/**
 * Others decide how often it happens: a few times an hour it is written down, the rest is counted and told by the next entry.
 *
 * @returns writes one down, unless there were enough of its kind or under one of its ceilings; resolves once the record has it
 */
export function createBoundedRecord<T>(needs: {
  readonly clock: Clock;
  /** An atomic mark shared by all processes: true for whoever sets it first. */
  readonly once: (key: string, expiresAt: Date) => Promise<boolean>;
  readonly record: (at: Date, entry: T) => Promise<void>;
}): (
  of: { readonly kind: string; readonly ceilings: readonly Ceiling[] },
  entry: (before: Unrecorded) => T,
) => Promise<void> {
  const { clock, once, record } = needs;
  const kept = new Map<string, Kept>();

  /** @returns false when all processes together have written enough of them in this hour */
  async function takesPlace(name: string, of: Kept, places: number): Promise<boolean> {
    while (of.taken < places) {
      of.taken += 1;
      if (await once(`${name}:${of.hour}:${of.taken}`, new Date((of.hour + 2) * hour))) return true;
    }
    return false;
  }

  function thisHourOf(name: string, now: number): Kept {
    const before = kept.get(name);
    if (before?.hour === now) return before;
    const fresh = { hour: now, taken: 0, unrecorded: before?.unrecorded ?? 0 };
    kept.set(name, fresh);
    return fresh;
  }

  return async ({ kind, ceilings }, entry) => {
    const now = clock();
    const at = Math.floor(now.getTime() / hour);
    const ofKind = thisHourOf(kind, at);
    if (!(await takesPlace(kind, ofKind, entriesPerHour))) {
      ofKind.unrecorded += 1;
      return;
    }
    const above = ceilings.map((ceiling) => ({ ...ceiling, held: thisHourOf(ceiling.name, at) }));
    for (const { name, held, entries } of above) {
      if (await takesPlace(name, held, entries)) continue;
      held.unrecorded += 1;
      return;
    }
    const before = {
      ofKind: ofKind.unrecorded,
      ofOthers: above.reduce((sum, { held }) => sum + held.unrecorded, 0),
    };
    for (const one of [ofKind, ...above.map(({ held }) => held)]) one.unrecorded = 0;
    await record(now, entry(before));
  };
}
