import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import type { Context } from 'koa';
import { html } from '../html.ts';
import { showIdpPage } from './idp-page.ts';

/**
 * Ends the session and goes back, without the library's confirmation form: that form submits itself by script, and
 * these pages work without.
 */
export const signOutAndReturn = async (ctx: Context, oidc: KoaContextWithOIDC['oidc']): Promise<void> => {
  const target = oidc.params?.['post_logout_redirect_uri'];
  const state = oidc.params?.['state'];
  await oidc.session?.destroy();
  oidc.cookies.set(oidc.provider.cookieName('session'), null, {
    httpOnly: true,
    sameSite: 'lax',
    signed: true,
  });
  const location = new URL(typeof target === 'string' ? target : oidc.provider.urlFor('end_session_success'));
  if (typeof target === 'string' && typeof state === 'string') location.searchParams.set('state', state);
  ctx.status = 303;
  ctx.redirect(location.href);
};

/** An ID token of the very person is proof enough that the client knows whom it signs out; otherwise ask. */
export const askBeforeSignOut = async (
  ctx: KoaContextWithOIDC,
  form: string,
  name: string,
): Promise<void> => {
  const { IdTokenHint: hint } = ctx.oidc.entities;
  if (hint?.payload['sub'] === ctx.oidc.session?.accountId) {
    await signOutAndReturn(ctx, ctx.oidc);
    return;
  }
  const [, action = ''] = /action="([^"]*)"/.exec(form) ?? [];
  const [, xsrf = ''] = /name="xsrf" value="([^"]*)"/.exec(form) ?? [];
  showIdpPage(
    ctx,
    200,
    name,
    'Se déconnecter',
    html`<h1>Se déconnecter ?</h1>
      <p>Vous êtes connecté auprès de ${name}.</p>
      <form method="post" action="${action}">
        <input type="hidden" name="xsrf" value="${xsrf}" />
        <p class="row">
          <button name="logout" value="yes">Me déconnecter</button>
          <button class="quiet">Rester connecté</button>
        </p>
      </form>`,
  );
};

export const showSignedOut = (ctx: KoaContextWithOIDC, name: string): void => {
  showIdpPage(
    ctx,
    200,
    name,
    'Vous êtes déconnecté',
    html`<h1>Vous êtes déconnecté</h1>
      <p>Vous pouvez fermer cette page.</p>`,
  );
};

/** Errors that cannot go back to the client. Only the code is shown: what the library knows more is for developers. */
export const showRefusal = (ctx: KoaContextWithOIDC, out: ErrorOut, name: string): void => {
  showIdpPage(
    ctx,
    ctx.status,
    name,
    'La demande n’a pas abouti',
    html`<h1>La demande n’a pas abouti</h1>
      <p>La demande de connexion est incomplète ou trop ancienne. Revenez au service et recommencez.</p>
      <p class="soft">Pour l’équipe technique : <code>${out.error}</code></p>`,
  );
};
