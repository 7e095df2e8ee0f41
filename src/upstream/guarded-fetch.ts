import type { CustomFetch } from 'openid-client';
import { isLoopback } from '../config/config.ts';
import { BrokerError } from '../errors/errors.ts';
import { networkReason, readBounded } from '../http/http.ts';
import { isMachineLocal } from './machine-local.ts';

/** The largest answer that we read: metadata, keys, tokens and userinfo together stay far below. */
export const answerLimit = 256 * 1024;

/**
 * `fetch` towards one IdP, with what the library leaves to its user: a size limit, no redirect followed, plain http to
 * loopback only, no address of our own machine unless the IdP lives there (metadata could name any URL), and one error
 * for "does not answer".
 *
 * @param needs.issuer of the IdP
 * @throws BrokerError M-UPST-001 network failure, timeout, HTTP 429 and 5xx; M-UPST-002 the rest
 */
export function guardedFetch(needs: {
  readonly fetch: typeof globalThis.fetch;
  readonly issuer: URL;
  readonly values: Readonly<Record<string, string>>;
  /** Gives a redirection as an answer, still not followed: for who only asks whether somebody is there. */
  readonly redirectsAnswer?: boolean;
}): CustomFetch {
  const { fetch, issuer, values, redirectsAnswer = false } = needs;
  const refuse = (code: 'M-UPST-001' | 'M-UPST-002', detail: string) =>
    new BrokerError(code, { detail, values });

  return async (href, options) => {
    const url = new URL(href);
    // Never the query, never the body: they hold codes and tokens.
    const where = `${options.method} ${url.host}${url.pathname}`;
    if (url.protocol !== 'https:' && !isLoopback(url.hostname))
      throw refuse('M-UPST-002', `${where}: not https`);
    if (isMachineLocal(url) && !isLoopback(issuer.hostname))
      throw refuse('M-UPST-002', `${where}: address of this machine`);
    let status: number;
    let headers: Headers;
    let body: Uint8Array<ArrayBuffer> | undefined;
    try {
      const { method, headers: sent, body: content, signal } = options;
      const response = await fetch(url, {
        method,
        headers: sent,
        redirect: 'manual',
        ...(content === undefined ? {} : { body: content }),
        ...(signal === undefined ? {} : { signal }),
      });
      ({ status, headers } = response);
      body = await readBounded(response.body ?? [], answerLimit);
    } catch (error) {
      throw refuse('M-UPST-001', `${where}: ${networkReason(error)}`);
    }
    if (body === undefined) throw refuse('M-UPST-002', `${where}: more than ${answerLimit} bytes`);
    if (status >= 500 || status === 429) throw refuse('M-UPST-001', `${where}: HTTP ${status}`);
    if (status >= 300 && status < 400 && !redirectsAnswer)
      throw refuse('M-UPST-002', `${where}: redirection ${status}, not followed`);
    return new Response(body.length === 0 ? null : body, { status, headers });
  };
}
