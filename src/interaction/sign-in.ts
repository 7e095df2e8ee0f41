import type { Context } from 'koa';
import { partnerProviderId } from '../declarations/declarations.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { assertPartnerAddress, findIdentityProviders, isOfferedTo } from '../homerealm/homerealm.ts';
import type { HomeRealm } from '../homerealm/homerealm.ts';
import { readForm } from '../http/http.ts';
import { canonicalEmail } from '../identity/identity.ts';
import { idpHint } from '../provider/provider.ts';
import type { Current, Interaction } from './current.ts';
import { assertNotTooOften } from './limited.ts';
import type { InteractionNeeds } from './needs.ts';
import { openPartnerProvider } from './partner-address.ts';
import { partnerSession } from './partner-session.ts';
import { rememberIdp, rememberedIdp } from './remembered-idp.ts';
import {
  choicePage,
  emailPage,
  freeMailPage,
  rememberAsked,
  suggestions,
  unknownDomainPage,
} from './sign-in-pages.ts';
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
    // Whoever hid it since the request was made closed it for everybody but its test addresses.
    if (idp === undefined || !isOfferedTo(idp, typed?.address)) {
      throw new BrokerError('M-UPST-014', { detail: hinted });
    }
    return startUpstream(ctx, needs, { interaction: current.interaction, idp, email: typed?.address });
  }
  if (ctx.query['change'] === undefined) {
    const { interaction } = current;
    const realm = typed && findIdentityProviders(typed.address, needs.snapshot());
    if (realm?.kind === 'one')
      return startUpstream(ctx, needs, { interaction, idp: realm.idp, email: typed?.address });
    const idp = openPartnerProvider(needs.snapshot());
    if (idp !== undefined && (typed !== undefined || lacksLevelOnly(interaction))) {
      const own = (await partnerSession(interaction, idp, needs))?.partner.address;
      // Who is signed in here goes on with what is missing: nobody else is written to.
      if (own !== undefined && own.toLowerCase() === (typed?.address ?? own).toLowerCase())
        return startUpstream(ctx, needs, { interaction, idp, email: own });
    }
  }
  await emailPage(ctx, current, needs, { email: typed?.address });
}

/** The session would do, were it not for the level: the tool expects whoever is there. */
const lacksLevelOnly = ({ prompt }: Interaction): boolean =>
  prompt.reasons.every((reason) => reason === 'essential_acr_strict');

/** The page alone, whatever the tool hinted at: for another person than the one who is signed in. */
export function showEmail(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  return emailPage(ctx, current, needs, { email: undefined });
}

/** Domain → identity provider: one goes on, several are offered, none is explained. */
export async function submitEmail(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const form = await readForm(ctx);
  await route(ctx, current, needs, form.get('email') ?? '', undefined);
}

/** The chosen identity provider has to be one of those of the address: the form is not believed. */
export async function chooseIdp(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const form = await readForm(ctx);
  await route(ctx, current, needs, form.get('email') ?? '', form);
}

async function route(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  typed: string,
  choice: URLSearchParams | undefined,
): Promise<void> {
  const input = typed.trim();
  await assertNotTooOften(ctx, 'email_typed', canonicalEmail(input)?.address, needs.partnerSignIn);
  // The tool wants an account kept here, whatever other provider the address has.
  if (idpHint(current.interaction.params) === partnerProviderId && canonicalEmail(input) !== undefined)
    assertPartnerAddress(input, needs.snapshot());
  const realm = findIdentityProviders(input, needs.snapshot());
  switch (realm.kind) {
    case 'one':
      return proceed(ctx, current, needs, realm.idp, realm.address);
    case 'several':
      return choose(ctx, current, needs, realm, choice);
    case 'disabled':
      throw new BrokerError('M-UPST-014', { detail: realm.idp.id, values: { idp: realm.idp.name } });
    case 'free_mail':
    case 'unknown':
      return withoutProvider(ctx, current, needs, realm);
    case 'malformed':
      await emailPage(ctx, current, needs, { email: input, error: input === '' ? 'missing' : 'malformed' });
  }
}

/**
 * Nobody answers for the domain: an account kept here. When another spelling is near, it is more likely a slip, which has to be
 * seen before a code goes to somebody else.
 */
async function withoutProvider(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  realm: Extract<HomeRealm<IdentityProvider>, { kind: 'free_mail' | 'unknown' }>,
): Promise<void> {
  const idp = openPartnerProvider(needs.snapshot());
  if (realm.kind === 'unknown' && (idp === undefined || suggestions(realm, needs).length > 0))
    unknownDomainPage(ctx, current, needs, realm);
  else if (idp === undefined) freeMailPage(ctx, current, needs, realm);
  else await proceed(ctx, current, needs, idp, realm.address);
}

/** The address is right as it is, whatever is near. @throws BrokerError M-PART-018, M-UPST-014 */
export async function receiveCode(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const typed = (await readForm(ctx)).get('email') ?? '';
  const idp = openPartnerProvider(needs.snapshot());
  if (idp === undefined) throw new BrokerError('M-UPST-014', { detail: 'accounts kept here are closed' });
  await proceed(ctx, current, needs, idp, typed);
}

/**
 * What this device remembers is selected beforehand, and never taken for an answer: the page is shown each time. The box
 * says what is remembered: unticked, nothing is. A form without it, that tries again, changes nothing.
 */
async function choose(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  { address, domain, idps }: Extract<HomeRealm<IdentityProvider>, { kind: 'several' }>,
  choice: URLSearchParams | undefined,
): Promise<void> {
  if (choice?.has('forget') === true) {
    await rememberIdp(ctx, domain, undefined, needs);
    choicePage(ctx, current, needs, { email: address, idps, remembered: false, forgotten: true });
    return;
  }
  const chosen = idps.find(({ id }) => id === choice?.get('idp'));
  if (chosen !== undefined) {
    await proceed(ctx, current, needs, chosen, address);
    if (choice?.has(rememberAsked) === true)
      await rememberIdp(ctx, domain, choice.has('remember') ? chosen.id : undefined, needs);
    return;
  }
  // One that was closed or hidden since is not offered, and not selected.
  const remembered = await rememberedIdp(ctx, domain, needs);
  const selected = idps.find(({ id }) => id === remembered)?.id;
  choicePage(ctx, current, needs, {
    email: address,
    idps,
    selected,
    remembered: selected !== undefined,
    error: choice === undefined ? undefined : 'missing',
  });
}

const proceed = (
  ctx: Context,
  { interaction }: Current,
  needs: InteractionNeeds,
  idp: IdentityProvider,
  email: string,
): Promise<void> => startUpstream(ctx, needs, { interaction, idp, email, typed: true });
