/** What a process holds in memory of the database, made again when the database has changed. */
export interface LookingAgain {
  /** Resolves when what is held is at least as new as this call; rejects when the reading does. */
  readonly refresh: () => Promise<void>;
  readonly stop: () => void;
}

/**
 * Reads every `pollMs` milliseconds, counted from the end of a reading, and whenever somebody asks. One reading at a
 * time: who asks while one runs gets the next one, since the running one may have begun before their change.
 *
 * @param onProblem told when a reading of its own accord failed: what is held stays
 */
export function lookAgain({
  read,
  pollMs,
  onProblem,
}: {
  readonly read: () => Promise<void>;
  readonly pollMs: number;
  readonly onProblem: (error: unknown) => void;
}): LookingAgain {
  let reading: Promise<void> | undefined;
  let queued: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function refresh(): Promise<void> {
    if (reading === undefined) {
      reading = read().finally(() => {
        reading = undefined;
      });
      return reading;
    }
    queued ??= reading
      .catch(() => undefined)
      .then(() => {
        queued = undefined;
        return refresh();
      });
    return queued;
  }

  function poll(): void {
    timer = setTimeout(() => {
      void refresh()
        .catch(onProblem)
        .finally(() => {
          if (!stopped) poll();
        });
    }, pollMs).unref();
  }
  poll();

  return {
    refresh,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
