import type { IncomingMessage } from 'node:http';
import { BrokerError } from '../errors/errors.ts';

const ours = new Set(['same-origin', 'none']);

/**
 * A form post must come from our own pages (M-HTTP-004).
 *
 * Sec-Fetch-Site decides where the browser sends it: our `no-referrer` turns Origin into `null` even on our own forms
 * (Fetch §3.2), so `null` proves nothing either way. An Origin with a name must be ours. A request with neither comes
 * from no browser of today, and so carries nobody's cookies unawares. `none` is the person's own doing (reload,
 * session restored).
 */
export const isSameOrigin = (headers: IncomingMessage['headers'], origin: string): boolean => {
  const site = headers['sec-fetch-site'];
  const named = headers.origin;
  if (named !== undefined && named !== 'null' && named !== origin) return false;
  if (site !== undefined) return ours.has(site);
  return named !== 'null';
};

/** `origin` is the issuer's: `https://host[:port]`. */
export const createAssertSameOrigin =
  (origin: string) =>
  (ctx: { readonly req: IncomingMessage }): void => {
    const { headers } = ctx.req;
    if (isSameOrigin(headers, origin)) return;
    const detail = `origin ${headers.origin ?? '-'}, sec-fetch-site ${headers['sec-fetch-site'] ?? '-'}`;
    throw new BrokerError('M-HTTP-004', { detail });
  };
