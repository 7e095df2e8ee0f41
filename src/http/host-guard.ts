import type { Middleware } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { isHealthPath } from './health.ts';

const defaultPort = (issuer: URL): string => (issuer.protocol === 'https:' ? ':443' : ':80');

/**
 * Only the issuer's own name is served (RFC 9110 §7.4, 421): the library would otherwise build absolute URLs from
 * whatever Host says. Probes call by address, so the health endpoints are exempt.
 */
export const createHostGuard = (issuer: URL, basePath: string): Middleware => {
  const accepted = new Set([issuer.host]);
  if (issuer.port === '') accepted.add(issuer.host + defaultPort(issuer));
  return async function hostGuard(ctx, next) {
    // The header itself: Koa's `host` reads `evil@host` as `host` (CVE-2026-27959).
    const host = (ctx.req.headers.host ?? '').toLowerCase();
    if (!accepted.has(host) && !isHealthPath(ctx.path, basePath)) {
      throw new BrokerError('M-HTTP-005', {
        detail: `host ${JSON.stringify(host)}, expected ${issuer.host}`,
      });
    }
    await next();
  };
};
