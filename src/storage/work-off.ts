/** Something that works off a queue kept in the database, beside the requests. */
export interface WorkingOff {
  /** Looks now for what is due, rather than at the next turn. */
  wake(): void;
  /** @returns what stops looking, and resolves once the work under way has ended */
  start(): () => Promise<void>;
}

/** Milliseconds between two looks: what another process left behind, and what is due again. */
const lookEvery = 5_000;

/**
 * Claims what is due and works it off, so many at once. A claim comes first, so that of several processes one does the
 * work, and a process that dies in the middle only delays: its claim ends by itself.
 */
export function workOff<Claimed>(needs: {
  /** Takes at most `limit`, for this process alone. */
  readonly claim: (limit: number) => Promise<readonly Claimed[]>;
  /** Does it, and writes what became of it. */
  readonly attempt: (claimed: Claimed) => Promise<void>;
  readonly atOnce: number;
  /** The outcome could not be written: it is done again once the claim has ended. */
  readonly onUnwritten: (error: unknown, claimed: Claimed) => void;
  /** What is due could not be read: the next look will. */
  readonly onUnread: (error: unknown) => void;
}): WorkingOff {
  const { claim, attempt, atOnce, onUnwritten, onUnread } = needs;
  const underWay = new Set<Promise<void>>();
  let looking: Promise<void> | undefined;
  let again = false;
  let running = false;

  function begin(claimed: Claimed): void {
    const work = attempt(claimed)
      .catch((error: unknown) => onUnwritten(error, claimed))
      .finally(() => {
        underWay.delete(work);
        wake();
      });
    underWay.add(work);
  }

  async function look(): Promise<void> {
    try {
      do {
        again = false;
        const room = atOnce - underWay.size;
        if (room <= 0) return;
        const claimed = await claim(room);
        claimed.forEach(begin);
        if (claimed.length === room) again = true;
      } while (again && running);
    } catch (error) {
      onUnread(error);
    }
  }

  function wake(): void {
    if (!running) return;
    if (looking !== undefined) {
      again = true;
      return;
    }
    // Not in look() itself: with no room it ends before `looking` is written, which would then stay for ever.
    looking = look().finally(() => {
      looking = undefined;
      if (again) wake();
    });
  }

  return {
    wake,
    start() {
      running = true;
      const timer = setInterval(wake, lookEvery).unref();
      wake();
      return async () => {
        running = false;
        clearInterval(timer);
        await looking;
        await Promise.all(underWay);
      };
    },
  };
}
