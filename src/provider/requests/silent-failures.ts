import type { Middleware } from 'koa';
import type { Logger } from '../../config/config.ts';
import type { Client } from '../../declarations/declarations.ts';

/**
 * What fails outside the library, after it has answered (a batch that the store lost), must not become a page in front of
 * nobody either: with `prompt=none`, and an address that the client declared, it goes back as `server_error`. Only in the
 * mode that needs no signature and no form; the others get the page.
 */
export function answerSilentFailures(needs: {
  readonly issuer: string;
  readonly declared: (clientId: string) => Client | undefined;
  readonly logger: Pick<Logger, 'error'>;
}): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const target = ctx.headerSent ? undefined : silentTarget(ctx, needs);
      if (target === undefined) throw error;
      needs.logger.error({ err: error, path: ctx.path }, 'a silent request failed');
      ctx.set('Cache-Control', 'no-store');
      ctx.status = 303;
      ctx.redirect(target);
    }
  };
}

function silentTarget(
  { method, path, querystring }: Parameters<Middleware>[0],
  { issuer, declared }: Parameters<typeof answerSilentFailures>[0],
): string | undefined {
  const query = new URLSearchParams(querystring);
  const one = (name: string): string | undefined => {
    const [value, ...others] = query.getAll(name);
    return others.length === 0 ? value : undefined;
  };
  if (method !== 'GET' || !path.endsWith('/authorize') || one('prompt') !== 'none') return undefined;
  if ((one('response_mode') ?? 'query') !== 'query') return undefined;
  const redirectUri = one('redirect_uri');
  const client = declared(one('client_id') ?? '');
  if (redirectUri === undefined || client?.redirect_uris.includes(redirectUri) !== true) return undefined;
  const url = new URL(redirectUri);
  url.searchParams.set('error', 'server_error');
  const state = one('state');
  if (state !== undefined) url.searchParams.set('state', state);
  url.searchParams.set('iss', issuer);
  return url.href;
}
