import type { Middleware } from 'koa';
import type Provider from 'oidc-provider';

/**
 * `sid` beside the tokens, at code and at refresh, for clients whose logout tokens will carry one: django-lasuite reads
 * it there and not in the ID token, and without it ends every session that the person has in the tool. The library puts
 * it on the code for clients with a back-channel address that want it (Back-Channel Logout §2.2), and carries it along.
 */
export function sidInTokenResponse(provider: Provider): Middleware {
  return async (ctx, next) => {
    await next();
    const oidc: unknown = ctx['oidc'];
    if (!(oidc instanceof provider.OIDCContext) || oidc.route !== 'token' || ctx.status !== 200) return;
    const { client, entities } = oidc;
    if (client?.backchannelLogoutUri === undefined || client.backchannelLogoutSessionRequired !== true)
      return;
    const sid = entities.RefreshToken?.sid ?? entities.AuthorizationCode?.sid;
    const body: unknown = ctx.body;
    if (sid !== undefined && typeof body === 'object' && body !== null) ctx.body = { ...body, sid };
  };
}
