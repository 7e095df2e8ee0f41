/** Minutes to wait after the first attempt, the second…: a day in all, then the mail is given up. */
const waits = [1, 5, 15, 60, 180, 360, 820] as const;

/**
 * Counted in attempts, not from the day the mail was written: one that waited for a mail server to be configured has its
 * whole day of attempts too.
 *
 * @param made attempts so far, at least 1
 * @returns when to try again; undefined when it was the last
 */
export function nextAttempt(made: number, now: Date): Date | undefined {
  const wait = waits[made - 1];
  return wait === undefined ? undefined : new Date(now.getTime() + wait * 60_000);
}

/** What one sending came to. */
export type Answer =
  | { readonly outcome: 'sent' }
  /** The mail server refuses this mail or this address for good: the next time would be like this one. */
  | {
      readonly outcome: 'refused';
      readonly problem: string;
      /** '550 5.1.1'; undefined: our own. */ readonly code?: string | undefined;
    }
  /** Nobody there, not now (4xx), or our own settings (password, certificate, sender): may pass. */
  | { readonly outcome: 'failed'; readonly problem: string };
