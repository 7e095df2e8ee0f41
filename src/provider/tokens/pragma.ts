import type { Middleware } from 'koa';
import type Provider from 'oidc-provider';

/** RFC 6749 §5.1 wants `Pragma` beside `Cache-Control` on what may hold tokens; the library sends the second alone. */
export function pragmaOfTokens(provider: Provider): Middleware {
  return async (ctx, next) => {
    await next();
    const oidc: unknown = ctx['oidc'];
    if (oidc instanceof provider.OIDCContext && oidc.route === 'token') ctx.set('Pragma', 'no-cache');
  };
}
