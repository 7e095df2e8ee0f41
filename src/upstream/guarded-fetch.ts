import type { CustomFetch } from 'openid-client';
import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { FetchRefused, networkReason } from '../http/http.ts';
import type { GuardedFetch } from '../http/http.ts';
import { endOfBudget } from './budget.ts';

const codes: Readonly<Record<FetchRefused['kind'], ErrorCode>> = {
  network: 'M-UPST-001',
  size: 'M-UPST-026',
  redirect: 'M-UPST-027',
  address: 'M-UPST-028',
};

/** It answered, by a status that says that it cannot now: kept as the `cause` of an error. */
export class AnsweredStatus extends Error {
  override readonly name = 'AnsweredStatus';
  readonly status: number;
  constructor(status: number) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

/**
 * The guarded fetch of the house, as the library wants it, with our codes: one for each reason not to take an answer, and
 * one for "does not answer".
 *
 * @throws BrokerError M-UPST-001 network failure, timeout, HTTP 429 and 5xx; M-UPST-026 to M-UPST-028
 */
export function guardedFetch(needs: {
  readonly fetch: GuardedFetch;
  readonly values: Readonly<Record<string, string>>;
  /** A redirection is an answer, still not followed: for who only asks whether somebody is there. */
  readonly redirectsAnswer?: boolean;
}): CustomFetch {
  const { fetch, values, redirectsAnswer = false } = needs;

  return async (href, options) => {
    const url = new URL(href);
    // Never the query, never the body: they hold codes and tokens.
    const where = `${options.method} ${url.host}${url.pathname}`;
    const refuse = (code: ErrorCode, reason: string, cause?: AnsweredStatus) =>
      new BrokerError(code, { detail: `${where}: ${reason}`, values, cause });
    const { method, headers, body } = options;
    const signal = earliest(options.signal, endOfBudget());
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      if (!(error instanceof FetchRefused)) throw refuse('M-UPST-001', networkReason(error));
      if (error.kind === 'redirect' && redirectsAnswer) return new Response(null, { status: 204 });
      throw refuse(codes[error.kind], error.message);
    }
    if (response.status >= 500 || response.status === 429)
      throw refuse('M-UPST-001', `HTTP ${response.status}`, new AnsweredStatus(response.status));
    return response;
  };
}

const earliest = (...ends: readonly (AbortSignal | undefined)[]): AbortSignal | undefined => {
  const given = ends.filter((end) => end !== undefined);
  return given.length > 1 ? AbortSignal.any(given) : given[0];
};
