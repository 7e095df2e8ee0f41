import type { Clock } from '../config/config.ts';
import type { ErrorCode } from '../errors/errors.ts';

/** Minutes of sign-ins that the error rate speaks of. */
export const windowMinutes = 15;

/** What became of sign-ins at one IdP, as this process saw them. */
export interface Outcomes {
  readonly lastSuccess: Date | undefined;
  readonly lastFailure: { readonly at: Date; readonly code: ErrorCode } | undefined;
  /** Of the last fifteen minutes. */
  readonly recent: { readonly asked: number; readonly failed: number };
  readonly keyChanges: number;
  readonly keysChangedAt: Date | undefined;
}

export interface History {
  /** Somebody is sent there: who is down sends nobody back. */
  readonly begun: (idpId: string) => void;
  readonly succeeded: (idpId: string) => void;
  readonly failed: (idpId: string, code: ErrorCode) => void;
  readonly keysChanged: (idpId: string) => void;
  readonly of: (idpId: string) => Outcomes;
  /** Somebody signed in there, or was sent there to, within the window. */
  readonly isUsed: (idpId: string) => boolean;
}

interface Minute {
  readonly minute: number;
  asked: number;
  failed: number;
}
interface Kept {
  usedAt: number;
  minutes: readonly Minute[];
  lastSuccess: Date | undefined;
  lastFailure: Outcomes['lastFailure'];
  keyChanges: number;
  keysChangedAt: Date | undefined;
}

/** Counts by the minute: fifteen numbers for each IdP, whatever the crowd. */
export function createHistory(clock: Clock): History {
  const kept = new Map<string, Kept>();
  const minuteNow = () => Math.floor(clock().getTime() / 60_000);

  function of(idpId: string): Kept {
    const known = kept.get(idpId);
    if (known !== undefined) return known;
    const fresh: Kept = {
      usedAt: Number.NEGATIVE_INFINITY,
      minutes: [],
      lastSuccess: undefined,
      lastFailure: undefined,
      keyChanges: 0,
      keysChangedAt: undefined,
    };
    kept.set(idpId, fresh);
    return fresh;
  }

  const recent = (one: Kept) => one.minutes.filter(({ minute }) => minute > minuteNow() - windowMinutes);

  function used(idpId: string): Kept {
    const one = of(idpId);
    one.usedAt = clock().getTime();
    return one;
  }

  function count(idpId: string, failed: number): Kept {
    const one = used(idpId);
    const last = one.minutes.at(-1);
    if (last?.minute === minuteNow()) {
      last.asked += 1;
      last.failed += failed;
    } else one.minutes = [...recent(one), { minute: minuteNow(), asked: 1, failed }];
    return one;
  }

  return {
    begun: (idpId) => void used(idpId),
    succeeded(idpId) {
      count(idpId, 0).lastSuccess = clock();
    },
    failed(idpId, code) {
      count(idpId, 1).lastFailure = { at: clock(), code };
    },
    keysChanged(idpId) {
      const one = of(idpId);
      one.keyChanges += 1;
      one.keysChangedAt = clock();
    },
    of(idpId) {
      const one = of(idpId);
      const { lastSuccess, lastFailure, keyChanges, keysChangedAt } = one;
      const total = (member: 'asked' | 'failed') => recent(one).reduce((sum, each) => sum + each[member], 0);
      return {
        lastSuccess,
        lastFailure,
        keyChanges,
        keysChangedAt,
        recent: { asked: total('asked'), failed: total('failed') },
      };
    },
    isUsed: (idpId) => clock().getTime() - of(idpId).usedAt < windowMinutes * 60_000,
  };
}
