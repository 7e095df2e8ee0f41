/** So many requests in any span of so many milliseconds. */
export interface Rate {
  readonly count: number;
  readonly windowMs: number;
}

export interface Quota {
  /**
   * Takes one request of the quota. Renewals leave a third of it to people whose organization is not known yet.
   *
   * @returns undefined when it is granted; otherwise the instant from which to ask again
   */
  take(now: Date, urgency: 'sign_in' | 'renewal'): Date | undefined;
  /** Gives one back: the request was not sent. */
  giveBack(): void;
}

/**
 * A window that slides over the requests sent, rather than a bucket that fills: after a rest, a bucket lets nearly twice
 * the quota through within one window, and INSEE counts by the minute.
 */
export function createQuota({ count, windowMs }: Rate): Quota {
  /** Milliseconds since the epoch, oldest first; at most `count`. */
  const sent: number[] = [];
  const reserve = count > 2 ? Math.ceil(count / 3) : 0;

  return {
    take(now, urgency) {
      const at = now.getTime();
      while (sent[0] !== undefined && sent[0] <= at - windowMs) sent.shift();
      const allowed = urgency === 'sign_in' ? count : count - reserve;
      if (sent.length < allowed) {
        sent.push(at);
        return undefined;
      }
      return new Date((sent[sent.length - allowed] ?? at) + windowMs);
    },
    giveBack() {
      sent.pop();
    },
  };
}
