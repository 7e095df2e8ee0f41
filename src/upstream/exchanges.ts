import type { Clock, Logger } from '../config/config.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { NotCalled, createProtectedCalls } from '../http/http.ts';
import type { BreakerState, CallProtection, ProtectedCalls } from '../http/http.ts';
import type { History } from './history.ts';

/** Sign-ins at once that are brought to their end with one IdP, by one process, when its record says nothing. */
export const usualConcurrency = 32;

export type ExchangeProtection = Omit<CallProtection, 'atOnce' | 'waiting'>;
export const usualExchangeProtection: ExchangeProtection = { failures: 3, restMs: 15_000 };

/** What an IdP answers, rightly, about a person: it works. */
const notItsFailure: readonly ErrorCode[] = ['M-UPST-003', 'M-UPST-015', 'M-UPST-017'];

export interface Exchanges {
  /** @throws BrokerError M-UPST-001 while the exchanges with this IdP rest after failures in a row */
  readonly assertAsked: (idp: IdentityProvider) => void;
  /** @throws BrokerError M-UPST-001 (not asked, or no answer), M-UPST-034 (too many at once), or what `work` threw */
  readonly run: <T>(idp: IdentityProvider, work: () => Promise<T>) => Promise<T>;
  /** The same for what only begins a sign-in: when it works, nobody has signed in yet. */
  readonly begin: <T>(idp: IdentityProvider, work: () => Promise<T>) => Promise<T>;
  /** `open`: nobody is sent there. `probing`: who comes now finds out. */
  readonly state: (idpId: string) => BreakerState;
}

/**
 * Code → tokens → userinfo, with a breaker and a bulkhead for each IdP: one that fails is not waited for, one that is
 * slow holds no more than its share of what we have. Nobody queues: a person is told at once.
 */
export function createExchanges(needs: {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly history: History;
  readonly protection?: ExchangeProtection | undefined;
  /** Told of each exchange that was made: its end, and its milliseconds. */
  readonly onEnd?: ((idp: IdentityProvider, outcome: 'ok' | ErrorCode, ms: number) => void) | undefined;
}): Exchanges {
  const { clock, logger, history, protection = usualExchangeProtection, onEnd } = needs;
  const calls = new Map<string, { readonly atOnce: number; readonly calls: ProtectedCalls }>();

  function of({ id, concurrency: atOnce = usualConcurrency }: IdentityProvider): ProtectedCalls {
    const known = calls.get(id);
    if (known?.atOnce === atOnce) return known.calls;
    const fresh = createProtectedCalls({
      protection: { ...protection, atOnce, waiting: 0 },
      isFailure: (error) => !(error instanceof BrokerError) || error.code === 'M-UPST-001',
      clock,
      onOpen: (until) =>
        logger.warn(
          { event: 'idp_breaker', idp: id, status: 'open', until },
          'sign-ins at an identity provider fail: it is not asked for a while',
        ),
      onClose: () =>
        logger.info({ event: 'idp_breaker', idp: id, status: 'closed' }, 'sign-ins succeed again'),
    });
    calls.set(id, { atOnce, calls: fresh });
    return fresh;
  }

  async function counted<T>(idp: IdentityProvider, work: () => Promise<T>, ends: boolean): Promise<T> {
    const startedAt = performance.now();
    const end = (outcome: 'ok' | ErrorCode): void => {
      if (outcome !== 'ok' && !notItsFailure.includes(outcome)) history.failed(idp.id, outcome);
      else if (ends) history.succeeded(idp.id);
      if (ends || outcome !== 'ok') onEnd?.(idp, outcome, performance.now() - startedAt);
    };
    try {
      const done = await work();
      end('ok');
      return done;
    } catch (error) {
      end(error instanceof BrokerError ? error.code : 'M-HTTP-001');
      throw error;
    }
  }

  async function run<T>(idp: IdentityProvider, work: () => Promise<T>, ends: boolean): Promise<T> {
    try {
      return await of(idp).run(() => counted(idp, work, ends));
    } catch (error) {
      if (!(error instanceof NotCalled)) throw error;
      if (error.reason === 'resting') throw resting(idp);
      history.failed(idp.id, 'M-UPST-034');
      throw new BrokerError('M-UPST-034', {
        detail: `${idp.id}: too many sign-ins at once`,
        values: { idp: idp.name },
      });
    }
  }

  const resting = (idp: IdentityProvider) =>
    new BrokerError('M-UPST-001', {
      detail: `${idp.id}: not asked, after failures in a row`,
      values: { idp: idp.name },
    });

  /** Once it has rested, whoever comes may find out: nobody is turned away any more. */
  function stateOf({ state, openUntil }: ProtectedCalls): BreakerState {
    const until = openUntil();
    return state() === 'open' && until !== undefined && clock() >= until ? 'probing' : state();
  }

  return {
    assertAsked(idp) {
      if (stateOf(of(idp)) === 'open') throw resting(idp);
    },
    run: (idp, work) => run(idp, work, true),
    begin: (idp, work) => run(idp, work, false),
    state: (idpId) => {
      const known = calls.get(idpId);
      return known === undefined ? 'closed' : stateOf(known.calls);
    },
  };
}
