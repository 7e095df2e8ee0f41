import { domainToUnicode } from 'node:url';
import type { Context } from 'koa';
import { partnerProviderId } from '../declarations/declarations.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { suggestDomains } from '../homerealm/homerealm.ts';
import { language } from '../http/http.ts';
import type { ChooseIdpPage, EmailPage } from '../http/http.ts';
import { canonicalEmail } from '../identity/identity.ts';
import { idpHint } from '../provider/provider.ts';
import type { Current } from './current.ts';
import type { InteractionNeeds } from './needs.ts';
import { backOf, pathOf, serviceName } from './page-parts.ts';
import { openPartnerProvider } from './partner-address.ts';
import { passkeyShown } from './partner-challenge.ts';

/** What was typed, as routing read it. */
interface Typed {
  readonly address: string;
  readonly domain: string;
}

/** Field of a form that has the box « Retenir mon choix »: a box that is not ticked sends nothing. */
export const rememberAsked = 'remember_asked';

const signInPath = (current: Current, needs: InteractionNeeds): string =>
  pathOf(current.interaction.uid, '', needs);

/** A page that answers a POST cannot be asked for again: its language link goes to the page before. */
function languageHref(ctx: Context, current: Current, needs: InteractionNeeds): string {
  return `${signInPath(current, needs)}?lang=${language(ctx) === 'fr' ? 'en' : 'fr'}&change`;
}

const changeHref = (current: Current, needs: InteractionNeeds): string =>
  `${signInPath(current, needs)}?change`;

export async function emailPage(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  state: Pick<EmailPage, 'email' | 'error' | 'gained'>,
): Promise<void> {
  const passkey = await passkeyWithoutAddress(current, needs);
  needs.http.renderPage(
    ctx,
    'email',
    {
      service: serviceName(current.service, language(ctx)),
      back: backOf(current, needs),
      action: pathOf(current.interaction.uid, '/email', needs),
      ...state,
      passkey,
      requestHref: `${needs.basePath}/demandes`,
    },
    {
      status: state.error === undefined ? 200 : 422,
      languageHref: languageHref(ctx, current, needs),
    },
  );
}

/** A passkey that the browser finds by itself; nothing when nobody has an account here, or another sign-in page is wanted. */
async function passkeyWithoutAddress(
  { interaction }: Current,
  needs: InteractionNeeds,
): Promise<EmailPage['passkey']> {
  const hinted = idpHint(interaction.params) ?? partnerProviderId;
  if (openPartnerProvider(needs.snapshot()) === undefined || hinted !== partnerProviderId) return undefined;
  const { partners, challengeSeal } = needs.partnerSignIn;
  const asked = await partners.passkeys.request();
  return passkeyShown(interaction, 'sign_in', asked, pathOf(interaction.uid, '/passkey', needs), {
    challengeSeal,
  });
}

export function choicePage(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  state: Pick<ChooseIdpPage, 'email' | 'selected' | 'remembered' | 'forgotten' | 'error'> & {
    readonly idps: readonly IdentityProvider[];
  },
): void {
  const lang = language(ctx);
  needs.http.renderPage(
    ctx,
    'choose-idp',
    {
      ...state,
      service: serviceName(current.service, lang),
      back: backOf(current, needs),
      action: pathOf(current.interaction.uid, '/idp', needs),
      hidden: { email: state.email, [rememberAsked]: 'yes' },
      idps: choices(state.idps, lang),
      retryHref: changeHref(current, needs),
    },
    { status: state.error === undefined ? 200 : 422, languageHref: languageHref(ctx, current, needs) },
  );
}

/** In order of their names; two of one name are told apart by where they are. */
function choices(idps: readonly IdentityProvider[], lang: string): ChooseIdpPage['idps'] {
  const order = new Intl.Collator(lang, { numeric: true, sensitivity: 'base' });
  return idps
    .map(({ id, name, issuer }) => {
      const namesakes = idps.filter((other) => order.compare(other.name, name) === 0);
      return namesakes.length > 1 ? { id, name, about: new URL(issuer).host } : { id, name };
    })
    .toSorted((one, other) => order.compare(one.name, other.name) || (one.id < other.id ? -1 : 1));
}

/** Nobody signs in people of this domain: another spelling of it when one is near, else what to do. */
export function unknownDomainPage(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  { address, domain }: Typed,
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
      email: address,
      domain,
      retryHref: changeHref(current, needs),
      action: pathOf(current.interaction.uid, '/email', needs),
      codeAction:
        openPartnerProvider(needs.snapshot()) === undefined
          ? undefined
          : pathOf(current.interaction.uid, '/code/new', needs),
      suggestions: suggestions({ address, domain }, needs),
      requestHref: `${needs.basePath}/demandes`,
      reference,
    },
    { status: 422, languageHref: languageHref(ctx, current, needs) },
  );
}

export function suggestions(
  { address, domain }: Typed,
  needs: InteractionNeeds,
): readonly { readonly email: string; readonly shown: string }[] {
  const local = address.slice(0, address.lastIndexOf('@'));
  return suggestDomains(domain, needs.snapshot().idpsByDomain).flatMap((other) => {
    const email = canonicalEmail(`${local}@${other}`)?.address;
    return email === undefined ? [] : [{ email, shown: `${local}@${readable(other)}` }];
  });
}

/** With its accents; as it travels, when it is written in other letters than ours, which look like them. */
function readable(domain: string): string {
  const written = domainToUnicode(domain);
  return /^[\p{Script=Latin}\p{Nd}.-]+$/u.test(written) ? written : domain;
}

/** It proves no organization, and nobody signs in with it while no account is kept here. */
export function freeMailPage(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  { address, domain }: Typed,
): void {
  const reference = { code: 'M-ROUT-003', id: needs.http.newReferenceId() } as const;
  needs.logger.info(
    { errorId: reference.id, code: reference.code, domain },
    'anybody opens a mailbox at this domain',
  );
  needs.http.renderPage(
    ctx,
    'free-mail',
    {
      service: serviceName(current.service, language(ctx)),
      back: backOf(current, needs, reference.code),
      email: address,
      domain,
      retryHref: changeHref(current, needs),
      requestHref: `${needs.basePath}/demandes`,
      reference,
    },
    { status: 422, languageHref: languageHref(ctx, current, needs) },
  );
}
