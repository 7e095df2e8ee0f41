import type { Clock, Logger } from '../config/config.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { NotCalled, createProtectedCalls } from '../http/http.ts';
import type { BreakerState, CallProtection, ProtectedCalls } from '../http/http.ts';
import { isAnswer } from './door.ts';
import { CodeRefused } from './failures.ts';
import { AnsweredStatus } from './guarded-fetch.ts';
import type { History } from './history.ts';
import { createServerErrorRate } from './server-error-rate.ts';
import type { ServerErrorRate } from './server-error-rate.ts';

/** Sign-ins at once that are brought to their end with one IdP, by one process, when its record says nothing. */
export const usualConcurrency = 32;

export type ExchangeProtection = Omit<CallProtection, 'atOnce' | 'waiting'>;
export const usualExchangeProtection: ExchangeProtection = { failures: 3, restMs: 15_000 };

/** What an IdP answers, rightly, about a person: it works. */
const notItsFailure: readonly ErrorCode[] = ['M-UPST-003', 'M-UPST-015', 'M-UPST-017'];

export interface Exchanges {
  /** @throws BrokerError M-UPST-001 while the exchanges with this IdP rest after failures in a row */
  readonly assertAsked: (idp: IdentityProvider) => void;
  /**
   * @param spend what can be done once only: not when the IdP is not asked
   * @throws BrokerError M-UPST-001 (not asked, or no answer), M-UPST-046 (too late), M-UPST-034 (too many at once), or what `spend` or `work` threw
   */
  readonly run: <T>(idp: IdentityProvider, spend: () => Promise<void>, work: () => Promise<T>) => Promise<T>;
  /** What only begins a sign-in, in places of its own: when it works, nobody has signed in yet. */
  readonly begin: <T>(idp: IdentityProvider, work: () => Promise<T>) => Promise<T>;
  /** `open`: nobody is sent there. `probing`: who comes now finds out. */
  readonly state: (idpId: string) => BreakerState;
}

type Side = 'begin' | 'end';
interface Protected {
  readonly atOnce: number;
  readonly calls: ProtectedCalls;
  readonly rate: ServerErrorRate;
}

/**
 * Code → tokens → userinfo, with a breaker and a bulkhead for each IdP: one that fails is not waited for, one that is
 * slow holds no more than its share of what we have. Nobody queues: a person is told at once. Whoever begins a sign-in
 * chooses what we ask: so what is merely answered opens a breaker only when others than they must have seen it too.
 */
export function createExchanges(needs: {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly history: History;
  /** Whether the last look at it in the background, where nobody chose what was asked, went wrong. */
  readonly isFailing: (idpId: string) => boolean;
  readonly protection?: ExchangeProtection | undefined;
  /** Told of each exchange whether an answer came that says that it works. */
  readonly onAnswer: (idp: IdentityProvider, answered: boolean) => void;
  /** Told of each exchange that was made: its end, and its milliseconds. */
  readonly onEnd?: ((idp: IdentityProvider, outcome: 'ok' | ErrorCode, ms: number) => void) | undefined;
}): Exchanges {
  const { clock, logger, history, isFailing, protection = usualExchangeProtection, onAnswer, onEnd } = needs;
  const known: Readonly<Record<Side, Map<string, Protected>>> = { begin: new Map(), end: new Map() };

  function of({ id, concurrency = usualConcurrency }: IdentityProvider, side: Side): Protected {
    const atOnce = side === 'end' ? concurrency : Math.ceil(concurrency / 2);
    const held = known[side].get(id);
    if (held?.atOnce === atOnce) return held;
    const rate = createServerErrorRate(clock);
    const calls = createProtectedCalls({
      protection: { ...protection, atOnce, waiting: 0 },
      isFailure: (error) => opens(error, () => rate.isHigh() || isFailing(id)),
      clock,
      onOpen: (until) =>
        logger.warn(
          { event: 'idp_breaker', idp: id, side, status: 'open', until },
          'sign-ins at an identity provider fail: it is not asked for a while',
        ),
      onClose: () =>
        logger.info({ event: 'idp_breaker', idp: id, side, status: 'closed' }, 'sign-ins succeed again'),
    });
    const fresh = { atOnce, calls, rate };
    known[side].set(id, fresh);
    return fresh;
  }

  function told(idp: IdentityProvider, side: Side, error: unknown, ms: number): void {
    const ends = side === 'end';
    const outcome =
      error === undefined ? 'ok' : error instanceof BrokerError ? error.code : ('M-HTTP-001' as const);
    of(idp, side).rate.add(isServerError(error));
    onAnswer(idp, error === undefined || isAnswer(error));
    if (outcome !== 'ok' && !notItsFailure.includes(outcome)) {
      // Of a code that it refused, nobody knows whose doing it is: neither does it work.
      if (!isCodeRefused(error)) history.failed(idp.id, outcome);
    } else if (ends) history.succeeded(idp.id);
    if (ends || outcome !== 'ok') onEnd?.(idp, outcome, ms);
  }

  async function counted<T>(idp: IdentityProvider, side: Side, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      const done = await work();
      told(idp, side, undefined, performance.now() - startedAt);
      return done;
    } catch (error) {
      told(idp, side, error, performance.now() - startedAt);
      throw error;
    }
  }

  async function run<T>(
    idp: IdentityProvider,
    side: Side,
    spend: () => Promise<void>,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await of(idp, side).calls.run(async () => {
        await spend();
        return counted(idp, side, work);
      });
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
      if (stateOf(of(idp, 'end').calls) === 'open') throw resting(idp);
    },
    run: (idp, spend, work) => run(idp, 'end', spend, work),
    begin: (idp, work) => run(idp, 'begin', () => Promise.resolve(), work),
    state(idpId) {
      const states = [known.begin.get(idpId), known.end.get(idpId)].map((held) =>
        held === undefined ? 'closed' : stateOf(held.calls),
      );
      return (
        states.find((state) => state === 'open') ?? states.find((state) => state === 'probing') ?? 'closed'
      );
    },
  };
}

/**
 * Whether an error says that they are down. Nothing came back: yes. They failed: when it is not this request alone. They
 * were asked too often: no, since we ask when somebody has us ask, and all the others would pay for it.
 */
function opens(error: unknown, isSeenByOthers: () => boolean): boolean {
  if (!(error instanceof BrokerError) || isAnswer(error)) return false;
  return !(error.cause instanceof AnsweredStatus) || isSeenByOthers();
}

const isServerError = (error: unknown): boolean =>
  error instanceof BrokerError && error.cause instanceof AnsweredStatus && error.cause.status >= 500;

const isCodeRefused = (error: unknown): boolean =>
  error instanceof BrokerError && error.cause instanceof CodeRefused;
