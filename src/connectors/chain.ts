import { RegistersUnavailable } from '../register/register.ts';
import type { Answer, Elsewhere } from '../register/register.ts';
import type { ProtectedSource } from './protected-source.ts';
import { SourceUnavailable } from './source.ts';

export interface Patience {
  /** Milliseconds for all sources together: a person waits. */
  readonly totalMs: number;
  /** Milliseconds for one of them. */
  readonly eachMs: number;
}

export const usualPatience: Patience = { totalMs: 2_500, eachMs: 1_500 };

/**
 * Asks one source after the other; the first answer wins. A source that leaves some establishments out cannot say that
 * one does not exist as long as another one, which could, was not heard.
 */
export function createChain(needs: {
  readonly sources: readonly ProtectedSource[];
  readonly patience: Patience;
  /** A fault of ours in a connector: the chain goes on. */
  readonly onProblem: (error: unknown) => void;
}): Elsewhere {
  const { sources, patience, onProblem } = needs;

  return async (siret, urgency) => {
    const total = AbortSignal.timeout(patience.totalMs);
    const failures: SourceUnavailable[] = [];
    let weak: Answer | undefined;
    for (const source of sources) {
      const outOfTime = new SourceUnavailable(source.id, 'out_of_time', 'no time left');
      try {
        if (total.aborted) throw outOfTime;
        const answer = await within({ source, eachMs: patience.eachMs, total }, (signal) =>
          source.ask(siret, { signal, urgency }),
        );
        if (answer.kind !== 'not_found' || source.absenceIsProof) return answer;
        weak = answer;
      } catch (error) {
        if (error instanceof SourceUnavailable) failures.push(error);
        else {
          onProblem(error);
          failures.push(new SourceUnavailable(source.id, 'wrong_answer', 'could not be read'));
        }
      }
    }
    if (failures.length === 0 && weak !== undefined) return weak;
    throw new RegistersUnavailable(failures.map(({ message }) => message).join('; '), earliest(failures));
  };
}

/** Who waits for a place in the queue of a source does not see the signal: it is left behind. */
async function within(
  {
    source,
    eachMs,
    total,
  }: { readonly source: ProtectedSource; readonly eachMs: number; readonly total: AbortSignal },
  ask: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const signal = AbortSignal.any([AbortSignal.timeout(eachMs), total]);
  const asked = ask(signal);
  const { promise: over, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => {
    reject(new SourceUnavailable(source.id, 'time_out', 'no answer in time'));
  };
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([asked, over]);
  } finally {
    signal.removeEventListener('abort', giveUp);
    asked.catch(() => undefined);
  }
}

function earliest(failures: readonly SourceUnavailable[]): Date | undefined {
  const known = failures.flatMap(({ retryAt }) => (retryAt === undefined ? [] : [retryAt.getTime()]));
  return known.length === 0 ? undefined : new Date(Math.min(...known));
}
