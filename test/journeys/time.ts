/**
 * Time for journeys that nobody wants to wait for: the clock of this process, hence of broker, identity provider, tools
 * and browser alike, moves forward; timers and network keep their own. It never goes back while a world lives, since
 * what is kept in memory until a moment would be kept too long; from its first move on, it stands still between moves.
 */
import { afterAll, vi } from 'vitest';

export interface MovableTime {
  pass(seconds: number): void;
  /** @param instant ISO 8601, in the future */
  goTo(instant: string): void;
}

/** To be called at the top of a file: the real time comes back after its tests. */
export function movableTime(): MovableTime {
  const goTo = (instant: number): void => {
    if (instant < Date.now()) throw new Error('time does not go back');
    vi.useFakeTimers({ toFake: ['Date'], now: instant });
  };
  afterAll(() => {
    vi.useRealTimers();
  });
  return {
    pass: (seconds) => goTo(Date.now() + seconds * 1000),
    goTo: (instant) => goTo(new Date(instant).getTime()),
  };
}
