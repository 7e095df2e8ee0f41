import type { Context } from 'koa';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { findIdentityProviders } from '../homerealm/homerealm.ts';
import { language, readForm } from '../http/http.ts';
import { canonicalEmail } from '../identity/identity.ts';
import { idpHint } from '../provider/provider.ts';
import type { Current } from './current.ts';
import type { InteractionNeeds } from './needs.ts';
import { backOf, pathOf, serviceName } from './page-parts.ts';
import { startUpstream } from './start-upstream.ts';

/**
 * An `idp_hint` goes straight to that identity provider, with the address of `login_hint` when there is one. Otherwise
 * e-mail first. A `login_hint` whose domain has one identity provider goes straight there, unless the person came back
 * to change it (`?change`); any other is a first value of the field.
 */
export async function showSignIn(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const { params } = current.interaction;
  const hint = params.login_hint;
  const typed = typeof hint === 'string' ? canonicalEmail(hint) : undefined;
  const hinted = idpHint(params);
  if (hinted !== undefined) {
    const idp = needs.snapshot().identityProviders.get(hinted);
    if (idp === undefined) throw new BrokerError('M-UPST-014', { detail: hinted });
    return startUpstream(ctx, needs, { interaction: current.interaction, idp, email: typed?.address });
  }
  if (typed !== undefined && ctx.query['change'] === undefined) {
    const realm = findIdentityProviders(typed.address, needs.snapshot());
    if (realm.kind === 'one') {
      return startUpstream(ctx, needs, {
        interaction: current.interaction,
        idp: realm.idp,
        email: typed.address,
      });
    }
  }
  emailPage(ctx, current, needs, { email: typed?.address });
}

/** The page alone, whatever the tool hinted at: for another person than the one who is signed in. */
export function showEmail(ctx: Context, current: Current, needs: InteractionNeeds): void {
  emailPage(ctx, current, needs, { email: undefined });
}

/** Domain → identity provider: one goes on, several are offered, none is explained. */
export async function submitEmail(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const form = await readForm(ctx);
  await route(ctx, current, needs, form.get('email') ?? '', undefined);
}

/** The chosen identity provider has to be one of those of the address: the form is not believed. */
export async function chooseIdp(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const form = await readForm(ctx);
  await route(ctx, current, needs, form.get('email') ?? '', form.get('idp') ?? '');
}

async function route(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  typed: string,
  chosen: string | undefined,
): Promise<void> {
  const input = typed.trim();
  const email = canonicalEmail(input);
  if (email === undefined) {
    emailPage(ctx, current, needs, { email: input, error: input === '' ? 'missing' : 'malformed' });
    return;
  }
  const realm = findIdentityProviders(email.address, needs.snapshot());
  const proceed = (idp: IdentityProvider) =>
    startUpstream(ctx, needs, { interaction: current.interaction, idp, email: email.address });
  switch (realm.kind) {
    case 'one':
      return proceed(realm.idp);
    case 'several': {
      const idp = realm.idps.find(({ id }) => id === chosen);
      if (idp !== undefined) return proceed(idp);
      choicePage(ctx, current, needs, email.address, realm.idps, chosen !== undefined);
      return;
    }
    case 'disabled':
      throw new BrokerError('M-UPST-014', { detail: realm.idp.id, values: { idp: realm.idp.name } });
    case 'unknown':
      unknownDomainPage(ctx, current, needs, email.address, realm.domain);
      return;
    case 'malformed':
      emailPage(ctx, current, needs, { email: input, error: 'malformed' });
  }
}

const signInPath = (current: Current, needs: InteractionNeeds): string =>
  pathOf(current.interaction.uid, '', needs);

function emailPage(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  state: { readonly email: string | undefined; readonly error?: 'missing' | 'malformed' },
): void {
  needs.http.renderPage(
    ctx,
    'email',
    {
      service: serviceName(current.service, language(ctx)),
      back: backOf(current, needs),
      action: pathOf(current.interaction.uid, '/email', needs),
      email: state.email,
      error: state.error,
      requestHref: `${needs.basePath}/demandes`,
    },
    {
      status: state.error === undefined ? 200 : 422,
      languageHref: languageHref(ctx, signInPath(current, needs)),
    },
  );
}

function choicePage(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  email: string,
  idps: readonly IdentityProvider[],
  missing: boolean,
): void {
  needs.http.renderPage(
    ctx,
    'choose-idp',
    {
      service: serviceName(current.service, language(ctx)),
      back: backOf(current, needs),
      action: pathOf(current.interaction.uid, '/idp', needs),
      hidden: { email },
      email,
      idps: idps.map(({ id, name }) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name, 'fr')),
      retryHref: `${signInPath(current, needs)}?change`,
      error: missing ? 'missing' : undefined,
    },
    { status: missing ? 422 : 200, languageHref: languageHref(ctx, signInPath(current, needs)) },
  );
}

function unknownDomainPage(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  email: string,
  domain: string,
): void {
  const reference = { code: 'M-ROUT-002', id: needs.http.newReferenceId() } as const;
  needs.logger.info(
    { errorId: reference.id, code: reference.code, domain },
    'no identity provider for this domain',
  );
  needs.http.renderPage(
    ctx,
    'unknown-domain',
    {
      service: serviceName(current.service, language(ctx)),
      back: backOf(current, needs, reference.code),
      email,
      domain,
      retryHref: `${signInPath(current, needs)}?change`,
      requestHref: `${needs.basePath}/demandes`,
      reference,
    },
    { status: 422, languageHref: languageHref(ctx, signInPath(current, needs)) },
  );
}

/** A page that answers a POST cannot be asked for again: its language link goes to the page before. */
function languageHref(ctx: Context, path: string): string {
  return `${path}?lang=${language(ctx) === 'fr' ? 'en' : 'fr'}&change`;
}
