import type { Middleware } from 'koa';

/** Which stores answer: `{ database: true, ephemeral: true }`. */
export type Health = Readonly<Record<string, boolean>>;

const names = ['/livez', '/readyz'];

/** Probes reach the process at its root or under the issuer's path. */
export const isHealthPath = (path: string, basePath: string): boolean =>
  names.includes(path) || names.some((name) => path === basePath + name);

/**
 * `/livez`: the process answers. `/readyz`: 200 when every store answers, 503 with the list otherwise, so that a
 * balancer takes the process out without killing it. A check that throws counts as not ready.
 */
export const createHealth = (basePath: string, health: () => Promise<Health>): Middleware =>
  async function healthRoutes(ctx, next) {
    if (!isHealthPath(ctx.path, basePath) || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) {
      await next();
      return;
    }
    ctx.set('Cache-Control', 'no-store');
    if (ctx.path.endsWith('/livez')) {
      ctx.body = { status: 'ok' };
      return;
    }
    const checks = await health().catch((): Health => ({ health: false }));
    const ready = Object.values(checks).every(Boolean);
    ctx.status = ready ? 200 : 503;
    ctx.body = { status: ready ? 'ok' : 'unavailable', checks };
  };
