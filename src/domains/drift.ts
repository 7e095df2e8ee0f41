const day = 24 * 3600 * 1000;

/** Both are needed: an evening without DNS is no loss, nor are three looks within a minute. */
export const failuresToLose = 3;
export const daysToLose = 3;

/** Days for which a DNS that does not answer says nothing: a zone that nobody serves any longer proves nothing either. */
export const unansweredDays = 14;

export interface DriftStanding {
  /** When the proof was last seen. */
  readonly provenAt: Date;
  readonly failures: number;
  readonly failingSince: Date | undefined;
}

/** `unanswered`: nobody said whether it is there. */
export type Seen = 'there' | 'gone' | 'unanswered';

export type Drift = {
  /** `failing`: it was there the time before. */
  readonly change: 'none' | 'failing' | 'lost';
  readonly standing: DriftStanding;
};

/** What a look at the proof of a verified domain changes. Pure. */
export function driftOf(standing: DriftStanding, seen: Seen, now: Date): Drift {
  if (seen === 'there')
    return { change: 'none', standing: { provenAt: now, failures: 0, failingSince: undefined } };
  const isForgiven =
    seen === 'unanswered' && now.getTime() - standing.provenAt.getTime() < unansweredDays * day;
  if (isForgiven) return { change: 'none', standing };
  const failures = standing.failures + 1;
  const failingSince = standing.failingSince ?? now;
  const isLost = failures >= failuresToLose && now.getTime() - failingSince.getTime() >= daysToLose * day;
  return {
    change: isLost ? 'lost' : failures === 1 ? 'failing' : 'none',
    standing: { ...standing, failures, failingSince },
  };
}
