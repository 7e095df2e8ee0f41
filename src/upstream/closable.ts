import type { FetchFor } from './reach.ts';

/**
 * Requests that can be given up all at once. Each has a signal of its own, which goes with it: listening to one that lives
 * as long as the process would keep something of every request.
 */
export function createClosable(inner: FetchFor): {
  readonly fetchFor: FetchFor;
  readonly underWay: () => number;
  /** From now on whatever is asked is given up at once too. */
  readonly close: () => void;
} {
  const requests = new Set<AbortController>();
  let isClosed = false;
  return {
    fetchFor(reach) {
      const ask = inner(reach);
      return async (href, init) => {
        const own = new AbortController();
        if (isClosed) own.abort();
        requests.add(own);
        const signal = init?.signal ? AbortSignal.any([init.signal, own.signal]) : own.signal;
        try {
          return await ask(href, { ...init, signal });
        } finally {
          requests.delete(own);
        }
      };
    },
    underWay: () => requests.size,
    close() {
      isClosed = true;
      for (const request of requests) request.abort();
    },
  };
}
