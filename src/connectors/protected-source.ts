import type { Clock, Logger } from '../config/config.ts';
import { NotCalled, createProtectedCalls } from '../http/http.ts';
import type { BreakerState, CallProtection } from '../http/http.ts';
import type { Siret } from '../organizations/organizations.ts';
import type { Answer, Urgency } from '../register/register.ts';
import { createQuota } from './quota.ts';
import type { Rate } from './quota.ts';
import { SourceUnavailable } from './source.ts';
import type { OrganizationSource, SourceId } from './source.ts';

/** For people who watch: what a source is worth now. */
export interface SourceStatus {
  readonly source: SourceId;
  /** `paused`: it said to wait. */
  readonly state: BreakerState | 'paused';
  readonly lastSuccess: Date | undefined;
  readonly lastError: { readonly at: Date; readonly message: string } | undefined;
  /** Until when it is not asked. */
  readonly openUntil: Date | undefined;
}

export interface ProtectedSource extends Pick<OrganizationSource, 'id' | 'absenceIsProof'> {
  /** @throws SourceUnavailable */
  ask(siret: Siret, asking: { readonly signal: AbortSignal; readonly urgency: Urgency }): Promise<Answer>;
  status(): SourceStatus;
}

export interface Protection extends CallProtection {
  readonly rate: Rate;
  /** Milliseconds that a source must have had before its silence counts as a failure. */
  readonly fairMs: number;
}

export const usualProtection: Omit<Protection, 'rate'> = {
  failures: 5,
  restMs: 30_000,
  atOnce: 8,
  waiting: 32,
  fairMs: 800,
};

/**
 * A source with its quota, its breaker and its bulkhead: neither the source is harmed by us, nor are we by it. A quota
 * that is spent, or a delay that the source asked for, says nothing about its health: neither counts as a failure.
 */
export function createProtectedSource(
  source: OrganizationSource,
  needs: {
    readonly protection: Protection;
    readonly clock: Clock;
    readonly logger: Pick<Logger, 'info' | 'warn'>;
  },
): ProtectedSource {
  const { clock, logger, protection } = needs;
  const quota = createQuota(protection.rate);
  let lastSuccess: Date | undefined;
  let lastError: SourceStatus['lastError'];
  let pausedUntil: Date | undefined;

  const unavailable = (reason: 'rate_limited' | 'resting' | 'busy' | 'out_of_time', at?: Date) =>
    new SourceUnavailable(source.id, reason, 'not asked', at);
  const calls = createProtectedCalls({
    protection,
    clock,
    isFailure: (error) => !(error instanceof SourceUnavailable) || error.isFailure,
    onOpen: (until) => {
      logger.warn(
        { event: 'organization_source', source: source.id, status: 'open', until, error: lastError?.message },
        'a register fails: it is not asked for a while',
      );
    },
    onClose: () => {
      logger.info(
        { event: 'organization_source', source: source.id, status: 'closed' },
        'a register answers again',
      );
    },
  });

  async function admitted(signal: AbortSignal, urgency: Urgency): Promise<void> {
    const pause = pausedUntil;
    if (pause !== undefined && clock() < pause) throw unavailable('rate_limited', pause);
    for (;;) {
      const from = quota.take(clock(), urgency);
      if (from === undefined) return;
      // A copy can wait for another day; a person whose organization is unknown waits for as long as they would anyway.
      if (urgency === 'renewal') throw unavailable('rate_limited', from);
      await pauseFor(from.getTime() - clock().getTime(), signal).catch(() => {
        throw unavailable('rate_limited', from);
      });
    }
  }

  async function call(siret: Siret, signal: AbortSignal): Promise<Answer> {
    // It waited for a place until its login gave up.
    if (signal.aborted) throw unavailable('out_of_time');
    const fair = AbortSignal.timeout(protection.fairMs);
    try {
      const answer = await source.bySiret(siret, signal);
      lastSuccess = clock();
      return answer;
    } catch (error) {
      lastError = { at: clock(), message: error instanceof Error ? error.message : String(error) };
      if (error instanceof SourceUnavailable) {
        if (error.retryAt !== undefined) pause(error.retryAt);
        // Of the one request that finds out whether it is back, silence is silence.
        const isProbe = calls.state() === 'probing';
        if (error.reason === 'time_out' && !fair.aborted && !isProbe) throw unavailable('out_of_time');
      }
      throw error;
    }
  }

  function pause(until: Date): void {
    pausedUntil = until;
    logger.warn(
      { event: 'organization_source', source: source.id, status: 'paused', until },
      'a register asks to wait',
    );
  }

  return {
    id: source.id,
    absenceIsProof: source.absenceIsProof,
    async ask(siret, { signal, urgency }) {
      // One request finds out whether it is back; the others do not wait for it.
      if (calls.state() === 'probing') throw unavailable('resting', calls.openUntil());
      await admitted(signal, urgency);
      try {
        return await calls.run(() => call(siret, signal));
      } catch (error) {
        if (!(error instanceof NotCalled)) throw error;
        quota.giveBack();
        throw unavailable(error.reason, error.reason === 'resting' ? calls.openUntil() : undefined);
      }
    },
    status() {
      const paused = pausedUntil !== undefined && clock() < pausedUntil;
      const state = calls.state();
      return {
        source: source.id,
        state: state === 'closed' && paused ? 'paused' : state,
        lastSuccess,
        lastError,
        openUntil: state === 'closed' ? (paused ? pausedUntil : undefined) : calls.openUntil(),
      };
    },
  };
}

/** Rejects when the signal is aborted first. */
function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const gaveUp = (): void => {
      clearTimeout(timer);
      reject(new Error('given up'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', gaveUp);
      resolve();
    }, ms);
    if (signal.aborted) gaveUp();
    else signal.addEventListener('abort', gaveUp, { once: true });
  });
}
