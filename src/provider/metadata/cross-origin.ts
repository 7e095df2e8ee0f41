import type { Middleware } from 'koa';
import type { Snapshot } from '../../declarations/declarations.ts';

const forEverybody: readonly string[] = [
  '/jwks',
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
];

/**
 * Which other sites may read our answers (CORS, Fetch §3.2): keys and metadata all of them, the rest those that a client
 * declared. The library checks that it is this very client, but only once it knows the client: until then (preflights,
 * errors) it repeats whatever Origin came, and `*` when none did.
 */
export function crossOrigin(snapshot: () => Snapshot): Middleware {
  const known = new WeakMap<Snapshot, ReadonlySet<string>>();
  const declared = (origin: string): boolean => {
    const current = snapshot();
    const origins =
      known.get(current) ?? new Set([...current.clients.values()].flatMap((client) => client.cors_origins));
    known.set(current, origins);
    return origins.has(origin);
  };
  return async (ctx, next) => {
    try {
      await next();
    } finally {
      const names = Object.keys(ctx.response.headers).filter((name) => name.startsWith('access-control-'));
      if (forEverybody.includes(ctx.path)) {
        if (names.length > 0) ctx.set('Access-Control-Allow-Origin', '*');
      } else if (names.length > 0 && !declared(ctx.get('Origin'))) {
        for (const name of names) ctx.remove(name);
      }
    }
  };
}
