import type { Context, Middleware } from 'koa';
import type { InteractionNeeds } from './needs.ts';

type Needs = Pick<InteractionNeeds, 'library' | 'identities' | 'upstream' | 'snapshot' | 'issuer'>;

/**
 * Once the library has ended a session for good (`logout=yes`), what we kept beside it goes too, and the person passes
 * by the identity provider on the way back, to be signed out there as well. Without that, the next person at a shared
 * computer is let in by the IdP without a question. Whatever the IdP does, the tool is reached.
 */
export function createSignOut(needs: Needs): Middleware {
  const { library, identities, upstream, snapshot } = needs;
  return async (ctx, next) => {
    await next();
    const oidc: unknown = ctx['oidc'];
    if (!(oidc instanceof library.OIDCContext) || oidc.route !== 'end_session_confirm') return;
    const uid = oidc.session?.uid;
    if (ctx.status !== 303 || oidc.params?.['logout'] === undefined || uid === undefined) return;
    const record = await identities.ofSession(uid);
    // From here on the session has ended, whatever becomes of this request.
    await identities.forget(uid);
    const idp = record === undefined ? undefined : snapshot().identityProviders.get(record.signIn.idp);
    if (record?.signOutHint === undefined || idp === undefined) return;
    const away = await upstream.signOut.leave(idp, record.signOutHint, new URL(ctx.response.get('Location')));
    if (away !== undefined) ctx.redirect(away.href);
  };
}

/**
 * The browser comes back from the identity provider: on to where the tool wanted it. That address was checked against
 * the tool's declaration before it was sealed; nothing of this request can change it.
 */
export async function comeBackFromSignOut(ctx: Context, needs: Needs): Promise<void> {
  const state = ctx.query['state'];
  const to = typeof state === 'string' ? await needs.upstream.signOut.comeBack(state) : undefined;
  ctx.status = 303;
  ctx.redirect(to?.href ?? `${needs.issuer}/session/end/success`);
}
