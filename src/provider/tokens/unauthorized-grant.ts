import type { Middleware } from 'koa';
import type Provider from 'oidc-provider';

/**
 * A grant type that exists, and that this client may not use, is `unauthorized_client` (RFC 6749 §5.2). The library says
 * `invalid_request`, which tells the developer to look for a mistake in the request.
 */
export function unauthorizedGrant(provider: Provider): Middleware {
  return async (ctx, next) => {
    await next();
    const oidc: unknown = ctx['oidc'];
    if (!(oidc instanceof provider.OIDCContext) || oidc.route !== 'token' || ctx.status !== 400) return;
    const { client, params } = oidc;
    const asked = params?.['grant_type'];
    if (typeof asked !== 'string' || client === undefined || client.grantTypeAllowed(asked)) return;
    const body: unknown = ctx.body;
    if (typeof body !== 'object' || body === null || !('error' in body) || body.error !== 'invalid_request')
      return;
    ctx.body = { ...body, error: 'unauthorized_client' };
  };
}
