import type { Clock } from '../config/config.ts';

/** Milliseconds that the rate speaks of, and the answers without which there is none. */
const window = 60_000;
const atLeast = 10;
/** Of a crowd, the last ones are enough. */
const atMost = 200;

/** How many of the last answers said that the IdP failed (HTTP 5xx). */
export interface ServerErrorRate {
  readonly add: (isServerError: boolean) => void;
  /** Half of them or more, of ten at least, within a minute. */
  readonly isHigh: () => boolean;
}

export function createServerErrorRate(clock: Clock): ServerErrorRate {
  let answers: readonly { readonly at: number; readonly isServerError: boolean }[] = [];
  const recent = () => answers.filter(({ at }) => clock().getTime() - at < window);
  return {
    add(isServerError) {
      answers = [...recent(), { at: clock().getTime(), isServerError }].slice(-atMost);
    },
    isHigh() {
      const all = recent();
      return all.length >= atLeast && all.filter((one) => one.isServerError).length * 2 >= all.length;
    },
  };
}
