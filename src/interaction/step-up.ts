import type { Context } from 'koa';
import { reasonErrorCode } from '../eligibility/eligibility.ts';
import { isPartnerProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { language } from '../http/http.ts';
import type { StepUpPage } from '../http/http.ts';
import type { SignIn } from '../identity/identity.ts';
import type { Access } from '../provider/provider.ts';
import type { Current } from './current.ts';
import { emailCodeHref, emailCodeOf } from './email-code.ts';
import { finish } from './finish.ts';
import type { InteractionNeeds } from './needs.ts';
import { backOf, errorPageOptions, pathOf, serviceName } from './page-parts.ts';
import { sessionAccess, sessionOf } from './session-access.ts';
import { startUpstream } from './start-upstream.ts';

/**
 * The organization may come in; the person has to authenticate again, or more strongly. Again is asked for at once, as
 * `max_age` would be; more strongly needs a page, since not everybody can.
 */
export async function showStepUp(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  { access, signIn }: { access: Access; signIn: SignIn },
): Promise<void> {
  const { reason = 'acr_insufficient', requiredAcr } = access.decision;
  const tried = current.interaction.lastSubmission?.['step_up'] !== undefined;
  if (reason === 'session_too_old' && !tried) {
    await authenticateAgain(ctx, current, needs, { access, signIn });
    return;
  }
  const idp = needs.snapshot().identityProviders.get(signIn.idp);
  if (isPartnerProvider(idp) && isHeldBackByLink(signIn, access)) {
    const error = new BrokerError('M-PART-022', { detail: `account ${signIn.accountId}: ${access.acr}` });
    needs.http.errorPage(ctx, error, errorPageOptions(ctx, current, needs, error));
    return;
  }
  const reference = { code: reasonErrorCode[reason], id: needs.http.newReferenceId() };
  needs.logger.info(
    { errorId: reference.id, code: reference.code, client: current.client.client_id, wanted: requiredAcr },
    'a stronger authentication is needed',
  );
  needs.http.renderPage(
    ctx,
    'step-up',
    {
      service: serviceName(current.service, language(ctx)),
      idp: isPartnerProvider(idp) ? undefined : (idp?.name ?? signIn.idp),
      action: pathOf(current.interaction.uid, '/step-up', needs),
      tried,
      ...(await offeredCode(current, needs)),
      back: backOf(current, needs),
      reference,
    },
    { status: 403 },
  );
}

/** No factor that a partner adds reaches the level: their link with the organization does not (identity/acr-for.ts). */
function isHeldBackByLink({ acr }: SignIn, { acr: told, decision: { requiredAcr } }: Access): boolean {
  return requiredAcr !== undefined && acr !== told && !requiredAcr.includes('eidas0-mfa');
}

async function offeredCode(
  current: Current,
  needs: InteractionNeeds,
): Promise<Pick<StepUpPage, 'emailCode'>> {
  const code = await emailCodeOf(current, needs);
  if (code === undefined) return {};
  return { emailCode: { action: `${emailCodeHref(current, needs)}/send`, email: code.record.signIn.email } };
}

/** Asks the same identity provider again, for a level that the policy accepts. */
export async function stepUp(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const access = await sessionAccess(current, needs);
  if (access?.decision.decision !== 'step_up') {
    await finish(ctx, current.interaction, { eligibility: {} });
    return;
  }
  const { signIn } = await sessionOf(current, needs);
  await authenticateAgain(ctx, current, needs, { access, signIn });
}

async function authenticateAgain(
  ctx: Context,
  { interaction }: Current,
  needs: InteractionNeeds,
  { access, signIn }: { access: Access; signIn: SignIn },
): Promise<void> {
  const idp = needs.snapshot().identityProviders.get(signIn.idp);
  if (idp === undefined) throw new BrokerError('M-UPST-014', { detail: signIn.idp });
  const { requiredAcr = [], reason } = access.decision;
  const anew = reason === 'session_too_old';
  await startUpstream(ctx, needs, { interaction, idp, email: signIn.email, requiredAcr, anew });
}
