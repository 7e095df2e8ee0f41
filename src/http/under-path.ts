import type { Middleware } from 'koa';

/** Routes after this one are relative to the issuer's path; anything outside it does not exist. */
export function underPath(basePath: string): Middleware {
  return async (ctx, next) => {
    if (basePath === '') {
      await next();
      return;
    }
    if (ctx.path !== basePath && !ctx.path.startsWith(`${basePath}/`)) return;
    ctx.path = ctx.path.slice(basePath.length) || '/';
    await next();
  };
}
