/**
 * limits/: how often something may be tried.
 *
 * What it does: counts attempts by address, account, network (IP) and device, and says which one is too many and for how
 * long. What is allowed is one table (limits-table.ts). It knows no page: whoever is limited is told by M-LIMI-001.
 *
 * Flow: a step of a sign-in says what is attempted and by whom ──▶ attempt() ──▶ assertAllowed() ──▶ the step ──▶
 * succeeded() gives back what the attempt took. A browser that has signed in before (device-cookie.ts) counts
 * for itself: strangers who use up an address or a network do not lock its owner out. Counters live in the ephemeral store,
 * as hashes; when it is away nothing is attempted (M-STOR-002): limits are never lifted.
 *
 * May import: http, storage, config, errors.
 */
import { BrokerError } from '../errors/errors.ts';
import type { EphemeralStore } from '../storage/storage.ts';
import { bucketsOf } from './buckets.ts';
import { limitsTable } from './limits-table.ts';
import type { LimitedAct, LimitKey, LimitTable } from './limits-table.ts';

export { comparableAddress, mailboxSpelling } from './comparable-address.ts';
export { createDeviceCookie, deviceCookieSeconds } from './device-cookie.ts';
export type { DeviceCookie } from './device-cookie.ts';
export { limitedActs, limitKeys, limitsTable } from './limits-table.ts';
export type { Limit, LimitedAct, LimitKey, LimitTable } from './limits-table.ts';

/** Who attempts. What is not known is left out, and not limited by. */
export interface Who {
  /** As koa's `ctx.ip`. */
  readonly ip: string;
  /** Canonical; compared in the one comparable spelling of comparable-address.ts. */
  readonly address?: string | undefined;
  /** Id of an account or of a partner. */
  readonly account?: string | undefined;
  /** What `DeviceCookie.open` said of this address or account, and of no other. */
  readonly device?: string | undefined;
}

export type Attempt =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly by: LimitKey;
      readonly retryAfterSeconds: number;
      /** The first that this window refuses: whoever has to hear of it hears once. */
      readonly first: boolean;
    };

export interface Limits {
  /** Counts one attempt. Each refused one is counted too, and prolongs nothing: the window began with the first. */
  readonly attempt: (act: LimitedAct, who: Who) => Promise<Attempt>;
  /** Gives the device, or else the address and the account, their attempts back; never the network. */
  readonly succeeded: (act: LimitedAct, who: Who) => Promise<void>;
}

export interface LimitNeeds {
  readonly ephemeral: EphemeralStore;
  readonly table?: LimitTable | undefined;
}

/** Failures of the store are BrokerError M-STOR-002. */
export function createLimits({ ephemeral, table = limitsTable }: LimitNeeds): Limits {
  return {
    async attempt(act, who) {
      const buckets = bucketsOf(table, act, who);
      // In order, and no further: a network that is limited already uses up nobody's address.
      const exceeded = await ephemeral.countUntilExceeded(
        buckets.map(({ key, limit }) => ({ key, ...limit })),
      );
      const bucket = exceeded && buckets[exceeded.index];
      if (exceeded === undefined || bucket === undefined) return { allowed: true };
      const { by, limit } = bucket;
      const first = exceeded.count === limit.times + 1;
      return { allowed: false, by, retryAfterSeconds: exceeded.secondsLeft, first };
    },
    async succeeded(act, who) {
      const own = bucketsOf(table, act, who).filter(({ by }) => by !== 'ip');
      if (own.length > 0) await ephemeral.delete(...own.map(({ key }) => key));
    },
  };
}

/** @throws BrokerError M-LIMI-001, whose page says when to come back (Retry-After, RFC 9110 §10.2.3) */
export function assertAllowed(attempt: Attempt): void {
  if (attempt.allowed) return;
  const { by, retryAfterSeconds } = attempt;
  throw new BrokerError('M-LIMI-001', {
    detail: `too many attempts by ${by}, ${retryAfterSeconds} s left`,
    retryAfterSeconds,
  });
}
