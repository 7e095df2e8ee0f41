import type { Context, Middleware } from 'koa';
import type Provider from 'oidc-provider';
import { BrokerError } from '../errors/errors.ts';
import { readForm } from '../http/http.ts';
import { unitOfWork } from '../storage/storage.ts';

/** With its cookies, the request line and headers have to stay under the 16 kB that Node reads. */
const longestQuery = 10_000;

/**
 * POST at the authorization and logout endpoints (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2) becomes a GET
 * by 303: a top-level navigation then carries the Lax session cookie, which a cross-site POST does not.
 */
export function postToGet(issuer: string): Middleware {
  const endpoints = new Set(['/authorize', '/session/end']);
  return async (ctx, next) => {
    if (ctx.method !== 'POST' || !endpoints.has(ctx.path)) {
      await next();
      return;
    }
    const query = (await readForm(ctx)).toString();
    if (query.length > longestQuery)
      throw new BrokerError('M-HTTP-003', { detail: 'form too long to become a query' });
    ctx.status = 303;
    ctx.redirect(`${issuer}${ctx.path}?${query}`);
  };
}

/**
 * Signing out with nobody signed in goes straight back: there is nothing to end. (The library answers with a page in
 * English that posts a form by script.) The session that it made for that page is undone, with its cookie.
 */
export function nobodyToSignOut(provider: Provider): Middleware {
  return async (ctx, next) => {
    await next();
    const oidc: unknown = ctx['oidc'];
    if (!(oidc instanceof provider.OIDCContext) || oidc.route !== 'end_session' || ctx.status !== 200) return;
    const { session } = oidc;
    if (session?.accountId !== undefined) return;
    const name = provider.cookieName('session');
    if (session !== undefined && ctx.cookies.get(name, { signed: false }) !== session.jti) {
      await session.destroy();
      withoutCookies(ctx, [name, `${name}.sig`]);
    }
    const { post_logout_redirect_uri: target, state } = oidc.params ?? {};
    const url = new URL(typeof target === 'string' ? target : provider.urlFor('end_session_success'));
    if (typeof target === 'string' && typeof state === 'string') url.searchParams.set('state', state);
    ctx.status = 303;
    ctx.redirect(url.href);
  };
}

function withoutCookies(ctx: Context, names: readonly string[]): void {
  const kept = [ctx.response.headers['set-cookie'] ?? []]
    .flat()
    .map(String)
    .filter((cookie) => !names.some((name) => cookie.startsWith(`${name}=`)));
  ctx.remove('Set-Cookie');
  if (kept.length > 0) ctx.set('Set-Cookie', kept);
}

/**
 * What the request writes to the ephemeral store leaves in one batch, before its answer does. When the batch is lost,
 * so is the answer that counted on it: no redirect, no cookie, an error page instead.
 */
export const inOneUnitOfWork: Middleware = async (ctx, next) => {
  try {
    await unitOfWork(next);
  } catch (error) {
    ctx.remove('Location');
    ctx.remove('Set-Cookie');
    throw error;
  }
};
