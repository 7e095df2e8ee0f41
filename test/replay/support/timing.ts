import { vi } from 'vitest';

/** Milliseconds that a world may take to start on a busy machine: PGlite, migrations and keys of its own each time. */
export const startUp = 180_000;

/**
 * Moves everybody's clock forward: the broker runs in this process. Timers are left alone, and time goes on. It never
 * goes back inside a file, because a cache filled in the future would seem fresh.
 */
export function later(seconds: number): void {
  if (!vi.isFakeTimers()) vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: true });
  vi.setSystemTime(Date.now() + seconds * 1000);
}

export function backToNow(): void {
  vi.useRealTimers();
}
