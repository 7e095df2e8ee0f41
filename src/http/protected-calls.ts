import { BrokenCircuitError, BulkheadRejectedError, CircuitState, ConsecutiveBreaker } from 'cockatiel';
import { bulkhead, circuitBreaker, handleWhen } from 'cockatiel';

export interface CallProtection {
  /** Failures in a row after which nobody is asked for a while. */
  readonly failures: number;
  /** Milliseconds until one call may find out whether they answer again. */
  readonly restMs: number;
  /** Calls under way at once, and those that may wait for them. */
  readonly atOnce: number;
  readonly waiting: number;
}

/** `open`: they failed too often, nobody asks. `probing`: one call finds out. */
export type BreakerState = 'closed' | 'open' | 'probing';

/** The call was not made: they rest after failures, or too many are under way. */
export class NotCalled extends Error {
  override readonly name = 'NotCalled';
  readonly reason: 'resting' | 'busy';
  constructor(reason: 'resting' | 'busy') {
    super(reason);
    this.reason = reason;
  }
}

export interface ProtectedCalls {
  /** @throws NotCalled, or what `work` threw */
  run<T>(work: () => Promise<T>): Promise<T>;
  readonly state: () => BreakerState;
  /** Until when nobody asks; undefined while they answer. */
  readonly openUntil: () => Date | undefined;
}

/**
 * Calls to one party that may fail: a circuit breaker, so that who is down is not waited for by everybody, and a bulkhead,
 * so that who is slow holds no more than its share. The one place that makes them, whoever is asked.
 */
export function createProtectedCalls(needs: {
  readonly protection: CallProtection;
  /** Whether an error says that they do not answer; another one says that they do. */
  readonly isFailure: (error: unknown) => boolean;
  readonly clock: () => Date;
  readonly onOpen: (until: Date) => void;
  readonly onClose: () => void;
}): ProtectedCalls {
  const { protection, clock } = needs;
  const breaker = circuitBreaker(handleWhen(needs.isFailure), {
    halfOpenAfter: protection.restMs,
    breaker: new ConsecutiveBreaker(protection.failures),
  });
  const places = bulkhead(protection.atOnce, protection.waiting);
  let until: Date | undefined;
  breaker.onBreak(() => {
    until = new Date(clock().getTime() + protection.restMs);
    needs.onOpen(until);
  });
  breaker.onReset(() => {
    until = undefined;
    needs.onClose();
  });
  return {
    async run(work) {
      try {
        return await places.execute(() => breaker.execute(work));
      } catch (error) {
        if (error instanceof BrokenCircuitError) throw new NotCalled('resting');
        if (error instanceof BulkheadRejectedError) throw new NotCalled('busy');
        throw error;
      }
    },
    state: () => states[breaker.state],
    openUntil: () => until,
  };
}

const states: Readonly<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'probing',
  [CircuitState.Isolated]: 'open',
};
