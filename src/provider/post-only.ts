import type { Middleware } from 'koa';

const endpoints: readonly string[] = ['/token', '/par', '/token/introspection', '/token/revocation'];

/**
 * RFC 9126 §2.3: a request that is not a POST is answered 405, where the library finds nothing there and says 404. The same
 * at the other endpoints that take forms of programs (RFC 9110 §15.5.6).
 */
export const postOnly: Middleware = async (ctx, next) => {
  if (!endpoints.includes(ctx.path) || ctx.method === 'POST' || ctx.method === 'OPTIONS') {
    await next();
    return;
  }
  ctx.set({ Allow: 'POST', 'Cache-Control': 'no-store' });
  ctx.status = 405;
  ctx.body = { error: 'invalid_request', error_description: 'only POST is served here' };
};
