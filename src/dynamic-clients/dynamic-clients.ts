/**
 * dynamic-clients/: tools that register themselves (RFC 7591, RFC 7592, OpenID Connect Dynamic Client Registration 1.0).
 *
 * What it does: a tool that shows a token of the operator becomes a client of the token's service, with no more than a
 * declared client may have, and stopped at the gate like any other; then it reads, changes and removes itself with a
 * token of its own. Off unless DYNAMIC_REGISTRATION is on. Secrets and tokens are shown once and kept as SHA-256.
 *
 * Flow: POST /register ──▶ initial-access-tokens.ts (allowed?) ──▶ read-metadata.ts (members.ts: kept, replaced, refused)
 * ──▶ a document in the shape of a declared client ──▶ registered-clients.ts (one use taken, row and revision, one
 * transaction) ──▶ the running declarations, where every process finds it ──▶ client-information.ts, 201.
 * GET, PUT, DELETE /register/CLIENT_ID: manage.ts. Operators: `maillon registration`.
 *
 * May import: declarations, limits, storage, config, errors.
 */
import type { Context, Middleware } from 'koa';
import type { Kysely } from 'kysely';
import type { Clock, Logger } from '../config/config.ts';
import type { Client, Snapshot } from '../declarations/declarations.ts';
import type { Limits } from '../limits/limits.ts';
import type { Database } from '../storage/storage.ts';
import type { Random } from './bearer.ts';
import { read, remove, update } from './manage.ts';
import { register } from './register.ts';
import { RegistrationError, TokenMissing } from './registration-error.ts';

export { createInitialAccessToken, openInitialAccessTokens } from './initial-access-tokens.ts';
export type { InitialAccessToken } from './initial-access-tokens.ts';
export { mostScope } from './members.ts';
export { registeredClients, removeClient } from './registered-clients.ts';
export type { RegisteredClient } from './registered-clients.ts';

export interface Needs {
  readonly db: Kysely<Database>;
  readonly snapshot: () => Snapshot;
  /** Has this process serve what was just written. */
  readonly refresh: () => Promise<void>;
  /** The library's own refusal of a client, which would otherwise come at each of its requests; undefined: none. */
  readonly refusalOf: (client: Client) => Promise<string | undefined>;
  /** As tokens carry it. */
  readonly issuer: string;
  readonly random: Random;
  readonly clock: Clock;
  readonly limits: Pick<Limits, 'attempt'>;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

type Route = (ctx: Context, needs: Needs, clientId: string) => Promise<void>;

const routes: readonly { readonly path: RegExp; readonly methods: Readonly<Record<string, Route>> }[] = [
  { path: /^\/register$/, methods: { POST: register } },
  { path: /^\/register\/([^/]+)$/, methods: { GET: read, PUT: update, DELETE: remove } },
];

/** The client registration and configuration endpoints. Paths are relative to the issuer's. */
export function createDynamicClients(needs: Needs): Middleware {
  return async (ctx, next) => {
    for (const { path, methods } of routes) {
      const match = path.exec(ctx.path);
      if (match === null) continue;
      // RFC 7591 §3.2.1, RFC 7592 §3: these answers carry tokens.
      ctx.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
      const route = Object.hasOwn(methods, ctx.method) ? methods[ctx.method] : undefined;
      if (route === undefined) {
        ctx.set('Allow', Object.keys(methods).join(', '));
        ctx.status = 405;
        ctx.body = { error: 'invalid_request', error_description: 'this method is not served here' };
        return;
      }
      await route(ctx, needs, match[1] ?? '').catch((error: unknown) => {
        refuse(ctx, needs, error);
      });
      return;
    }
    await next();
  };
}

/** RFC 7591 §3.2.2, RFC 6750 §3. What is no refusal of ours goes on to the error pages. */
function refuse(ctx: Context, { issuer, logger }: Needs, error: unknown): void {
  if (error instanceof TokenMissing) {
    ctx.status = 401;
    ctx.set('WWW-Authenticate', `Bearer realm="${issuer}"`);
    ctx.body = {};
    return;
  }
  if (!(error instanceof RegistrationError)) throw error;
  const { code, status } = error;
  // RFC 6749 §5.2: the characters that a description may have.
  const description = error.message.replace(/["\\]/g, "'").replace(/[^\x20-\x7e]/g, '?');
  logger.info({ event: 'client.refused', error: code, description }, 'a registration was refused');
  ctx.status = status;
  if (code === 'invalid_token') {
    ctx.set(
      'WWW-Authenticate',
      `Bearer realm="${issuer}", error="${code}", error_description="${description}"`,
    );
  }
  ctx.body = { error: code, error_description: description };
}
