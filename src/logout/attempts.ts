/** Seconds to wait after the first attempt, the second… and then always the last. */
const waits = [5, 30, 120, 600, 3600, 6 * 3600] as const;

/** Seconds after which a tool that could not be told is no longer tried: its own sessions have ended by then. */
export const givenUpAfter = 24 * 3600;

/**
 * @param made attempts so far, at least 1
 * @returns when to try again; undefined when that would be more than a day after the person signed out
 */
export function nextAttempt(made: number, createdAt: Date, now: Date): Date | undefined {
  const wait = waits[Math.min(made, waits.length) - 1] ?? waits[0];
  const next = now.getTime() + wait * 1000;
  return next <= createdAt.getTime() + givenUpAfter * 1000 ? new Date(next) : undefined;
}

/** What a delivery came to. `status` is absent when nobody answered. */
export interface Answer {
  readonly status?: number;
  /** For the operator: host and reason, nothing of the token. */
  readonly problem?: string;
}

/**
 * Back-Channel Logout §2.8: 200, or 204 as frameworks make of it, is done. 400 is the tool's own word that it refuses the
 * token: the next would be like it. Anything else (nobody, a proxy, an error, a path that is not there yet) may pass.
 */
export function outcomeOf({ status }: Answer): 'delivered' | 'refused' | 'failed' {
  if (status === 200 || status === 204) return 'delivered';
  return status === 400 ? 'refused' : 'failed';
}
