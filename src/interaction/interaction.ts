/**
 * interaction/: the browser's way through a login, one file a step.
 *
 * What it does: answers `/interaction/:uid` and `/callback/:idp`. The provider stops an authorization with a prompt;
 * the step for that prompt shows a page or goes to an identity provider, writes a result, and sends the browser back
 * to the provider, which checks everything again. Beside it, `/backchannel-logout/:idp`: an IdP says who signed out there
 * (inbound-logout.ts). Nothing is decided here: pages explain what `decide()` answered.
 *
 * Flow: prompt `login` ──▶ sign-in.ts: e-mail ─▶ (choice of IdP) ─▶ start-upstream.ts ─▶ IdP ─▶ callback.ts
 *            └▶ no IdP: partner-start.ts ─▶ partner-code.ts ─▶ partner-name.ts (once) ─▶ partner-second-factor.ts, or
 *               partner-enrolment.ts ─▶ partner-finish.ts; what comes next is factors-to-ask.ts, what was proven partner-progress.ts
 *       both ways end in signed-in.ts
 *       prompt `select_account` ──▶ select-account.ts           prompt `organization_kind` ──▶ organization-kind.ts
 *       prompt `select_organization` ──▶ choose-organization.ts     prompt `eligibility` ──▶ refusal.ts, step-up.ts
 *       prompt `consent` ──▶ answered at once (the tools are first parties)    any page ──▶ cancel.ts: back to the tool
 *
 * May import: provider, upstream, partners, codes, limits, homerealm, registrations (files of whoever is refused), identity, declarations, eligibility, organizations, http, config, errors.
 */
import Router from '@koa/router';
import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { preferLocales } from '../http/http.ts';
import { callback } from './callback.ts';
import { goBack } from './cancel.ts';
import { chooseOrganization, showOrganizations } from './choose-organization.ts';
import { currentInteraction } from './current.ts';
import type { Current } from './current.ts';
import { checkEmailCode, sendEmailCode, showEmailCode } from './email-code.ts';
import { finish } from './finish.ts';
import { formPost } from './form-post.ts';
import { inboundLogout } from './inbound-logout.ts';
import type { InteractionNeeds } from './needs.ts';
import { NotStarted } from './not-started.ts';
import { errorPageOptions } from './page-parts.ts';
import { resendCode, showCode, submitCode } from './partner-code.ts';
import { showEnrolment, showTotp, submitTotp } from './partner-enrolment.ts';
import { showLostFactors, submitLostFactors } from './partner-lost-factors.ts';
import { showName, submitName } from './partner-name.ts';
import { submitPasskey } from './partner-passkey.ts';
import { showRecoveryCodes, submitRecoveryCodes } from './partner-recovery-codes.ts';
import { showSecondFactor, submitSecondFactor } from './partner-second-factor.ts';
import { askAgain, insteadOf } from './provider-away.ts';
import { showOtherKind } from './organization-kind.ts';
import { showRefusal } from './refusal.ts';
import { chooseAccount, showAccounts } from './select-account.ts';
import { chooseIdp, receiveCode, showEmail, showSignIn, submitEmail } from './sign-in.ts';
import { comeBackFromSignOut } from './sign-out.ts';
import { stepUp } from './step-up.ts';

export type { InteractionNeeds };
export { createProviderPages } from './provider-pages.ts';
export { createCatalogue } from './catalogue.ts';
export { createOpenData } from './open-data.ts';
export { createSignOut } from './sign-out.ts';

type Step = (ctx: Context, current: Current, needs: InteractionNeeds) => void | Promise<void>;

/** What the person sees first, by the prompt that stopped the authorization. */
const pages: Readonly<Record<string, Step>> = {
  select_account: showAccounts,
  login: showSignIn,
  select_organization: showOrganizations,
  organization_kind: showOtherKind,
  eligibility: showRefusal,
  consent: (ctx, { interaction }) => finish(ctx, interaction, { consent: {} }),
};

/** What the person does then. A POST comes from our own pages, for the interaction of this browser's cookie. */
const actions: readonly (readonly ['get' | 'post', string, Step])[] = [
  ['get', '', (ctx, current, needs) => pageOf(current)(ctx, current, needs)],
  ['get', '/other-account', showEmail],
  ['post', '/email', submitEmail],
  ['post', '/idp', chooseIdp],
  ['post', '/again', askAgain],
  ['post', '/code/new', receiveCode],
  ['get', '/code', showCode],
  ['post', '/code', submitCode],
  ['post', '/code/resend', resendCode],
  ['get', '/name', showName],
  ['post', '/name', submitName],
  ['get', '/second-factor', showSecondFactor],
  ['post', '/second-factor', submitSecondFactor],
  ['get', '/second-factor/lost', showLostFactors],
  ['post', '/second-factor/lost', submitLostFactors],
  ['post', '/passkey', submitPasskey],
  ['get', '/enrol', showEnrolment],
  ['get', '/enrol/totp', showTotp],
  ['post', '/enrol/totp', submitTotp],
  ['get', '/enrol/codes', showRecoveryCodes],
  ['post', '/enrol/codes', submitRecoveryCodes],
  ['post', '/account', chooseAccount],
  ['get', '/organization', showOrganizations],
  ['post', '/organization', chooseOrganization],
  ['post', '/step-up', stepUp],
  ['get', '/email-code', showEmailCode],
  ['post', '/email-code', checkEmailCode],
  ['post', '/email-code/send', sendEmailCode],
  ['get', '/cancel', goBack],
];

/** Koa routes of the room; paths are relative to the issuer's. */
export function createInteractionRoutes(needs: InteractionNeeds): Router {
  const router = new Router();
  for (const [method, path, step] of actions) {
    router[method](`/interaction/:uid${path}`, async (ctx) => {
      ctx.set('Cache-Control', 'no-store');
      if (method === 'post') needs.http.assertSameOrigin(ctx);
      const current = await currentInteraction(ctx, ctx.params.uid, needs);
      const { ui_locales: locales } = current.interaction.params;
      preferLocales(ctx, typeof locales === 'string' ? locales : undefined);
      try {
        await step(ctx, current, needs);
      } catch (error) {
        if (!(error instanceof NotStarted)) {
          needs.http.errorPage(ctx, error, errorPageOptions(ctx, current, needs, error));
          return;
        }
        const { cause, idp } = error;
        needs.http.errorPage(ctx, cause, {
          ...errorPageOptions(ctx, current, needs, cause, idp),
          ...insteadOf(current, needs, cause, error),
        });
      }
    });
  }
  router.get('/callback/:idp', (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    return callback(ctx, ctx.params.idp ?? '', needs);
  });
  router.post('/callback/:idp', (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    return formPost(ctx, ctx.params.idp ?? '', needs);
  });
  router.post('/backchannel-logout/:idp', (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    return inboundLogout(ctx, ctx.params.idp ?? '', needs);
  });
  router.get('/logout-callback', (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    return comeBackFromSignOut(ctx, needs);
  });
  return router;
}

function pageOf({ interaction }: Current): Step {
  const step = pages[interaction.prompt.name];
  if (step === undefined)
    throw new BrokerError('M-HTTP-001', { detail: `no page for prompt ${interaction.prompt.name}` });
  return step;
}
