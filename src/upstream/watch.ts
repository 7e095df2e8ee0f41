import type { IdentityProvider } from '../declarations/declarations.ts';

/** Milliseconds; each is shortened by chance, by up to a fifth, so that processes and IdPs do not fall into step. */
export interface Pace {
  /** Until the first look at an IdP: the broker starts first, and what it is started with may be an IdP. */
  readonly firstMs: number;
  /** Between looks at an IdP that people use: who goes down is noticed within so much, and keys are never old. */
  readonly usedMs: number;
  /** At one that nobody used lately: before its metadata are half an hour old. */
  readonly idleMs: number;
  /** At one that does not answer, or may not: before the rest after a failure is over, so that no person finds out. */
  readonly failingMs: number;
}
export const usualPace: Pace = {
  firstMs: 20_000,
  usedMs: 60_000,
  idleMs: 25 * 60_000,
  failingMs: 4_500,
};

/** IdPs that are looked at at once: each look holds a connection for as long as its timeout. */
const atOnce = 8;

export interface Watch {
  /** Resolves once no look is under way. */
  readonly stop: () => Promise<void>;
}

/**
 * Looks at every IdP in the background, one after its own delay, so that people wait neither for metadata nor for keys,
 * nor for one that is down. Nothing else depends on it: readiness does not ask it.
 */
export function startWatch(needs: {
  readonly pace: Pace;
  /** Those that are enabled now. */
  readonly idps: () => readonly IdentityProvider[];
  /** Never rejects. */
  readonly look: (idp: IdentityProvider) => Promise<void>;
  /** It is to be looked at soon. */
  readonly isDue: (idpId: string) => boolean;
  readonly isUsed: (idpId: string) => boolean;
  /** Between 0 and 1. */
  readonly random?: () => number;
}): Watch {
  const { pace, random = Math.random } = needs;
  const due = new Map<string, number>();
  const looking = new Map<string, Promise<void>>();
  const within = (ms: number) => performance.now() + ms * (0.8 + 0.2 * random());
  const delayOf = (id: string) =>
    needs.isDue(id) ? pace.failingMs : needs.isUsed(id) ? pace.usedMs : pace.idleMs;

  function round(): void {
    const idps = needs.idps();
    const known = new Set(idps.map(({ id }) => id));
    for (const id of due.keys()) if (!known.has(id)) due.delete(id);
    for (const idp of idps) {
      const { id } = idp;
      const at = due.get(id) ?? performance.now() + pace.firstMs * (0.2 + 0.8 * random());
      // Whoever was idle and is used now waits no longer than the others.
      due.set(id, Math.min(at, performance.now() + delayOf(id)));
      if (at > performance.now() || looking.has(id) || looking.size >= atOnce) continue;
      const look = needs.look(idp).finally(() => {
        looking.delete(id);
        due.set(id, within(delayOf(id)));
      });
      looking.set(id, look);
    }
  }

  const every = Math.min(1_000, pace.failingMs / 4);
  const timer = setInterval(round, every).unref();
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(looking.values());
    },
  };
}
