import type { Middleware } from 'koa';
import type Provider from 'oidc-provider';
import { readForm } from '../http/http.ts';

/** Tools fetch keys and metadata often: let them, and proxies, keep them (the library sends no such header). */
export const cacheableMetadata: Middleware = async (ctx, next) => {
  const metadata = ctx.path === '/jwks' || ctx.path === '/.well-known/openid-configuration';
  await next();
  if (metadata && ctx.status === 200) ctx.set('Cache-Control', 'public, max-age=300');
};

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
    const form = await readForm(ctx);
    ctx.status = 303;
    ctx.redirect(`${issuer}${ctx.path}?${form.toString()}`);
  };
}

/**
 * Signing out with nobody signed in goes straight back: there is nothing to end. (The library answers with a page in
 * English that posts a form by script.)
 */
export function nobodyToSignOut(provider: Provider): Middleware {
  return async (ctx, next) => {
    await next();
    const oidc: unknown = ctx['oidc'];
    if (!(oidc instanceof provider.OIDCContext) || oidc.route !== 'end_session' || ctx.status !== 200) return;
    if (oidc.session?.accountId !== undefined) return;
    const { post_logout_redirect_uri: target, state } = oidc.params ?? {};
    const url = new URL(typeof target === 'string' ? target : provider.urlFor('end_session_success'));
    if (typeof target === 'string' && typeof state === 'string') url.searchParams.set('state', state);
    ctx.status = 303;
    ctx.redirect(url.href);
  };
}
