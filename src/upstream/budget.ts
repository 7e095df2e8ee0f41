import { AsyncLocalStorage } from 'node:async_hooks';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';

/** Of the step that a request is made for: the library hands nothing of one person through. */
const ends = new AsyncLocalStorage<AbortSignal>();

/** What a person waits for an IdP at one step of their sign-in, however many answers it takes: as long as for two of them. */
export interface Budget {
  /**
   * Requests that `work` makes end with the budget. To be asked for what is this person's alone: what others wait for
   * too (metadata) ends with nobody's budget.
   *
   * @throws BrokerError M-UPST-046 when it is spent, or what `work` threw
   */
  within<T>(work: () => Promise<T>): Promise<T>;
}

/** It runs from now. */
export function startBudget(idp: Pick<IdentityProvider, 'name' | 'timeout_s'>): Budget {
  const end = AbortSignal.timeout(2_000 * Math.ceil(idp.timeout_s));
  return {
    async within(work) {
      try {
        return await ends.run(end, work);
      } catch (error) {
        if (!end.aborted || !(error instanceof BrokerError) || error.code !== 'M-UPST-001') throw error;
        throw new BrokerError('M-UPST-046', {
          detail: `all answers together: ${error.detail ?? 'late'}`,
          values: { idp: idp.name },
        });
      }
    },
  };
}

export const endOfBudget = (): AbortSignal | undefined => ends.getStore();
