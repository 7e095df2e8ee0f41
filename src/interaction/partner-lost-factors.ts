import type { Context } from 'koa';
import { language } from '../http/http.ts';
import type { MailProof, Partner } from '../partners/partners.ts';
import type { Current } from './current.ts';
import { standing } from './factors-to-ask.ts';
import { BrokerError } from '../errors/errors.ts';
import type { InteractionNeeds } from './needs.ts';
import { backOf, pathOf, serviceName } from './page-parts.ts';
import { goOn, stepHere, stepPage } from './partner-next.ts';
import type { PartnerProgress } from './partner-progress.ts';

/** Whoever has lost every second factor: what they can do, or how long it still takes. */
export const showLostFactors = stepPage('second-factor', (ctx, current, needs, { step }) =>
  lostPage(ctx, current, needs, step.partner),
);

/**
 * Asks for the second factors to be taken away, and does it once the wait is over; with the mailbox proven in this login both
 * times. Everything else is the rule of partners/: three days, notices, any use of a factor calls it off.
 *
 * @throws BrokerError M-PART-016, M-PART-020
 */
export async function submitLostFactors(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
): Promise<void> {
  const { progress, step } = await stepHere(current, needs, 'second-factor');
  const { lostFactors } = needs.partnerSignIn.partners;
  const proven = mailProof(progress);
  const asked = await lostFactors.state(step.partner.id);
  if (asked === undefined) await lostFactors.ask(step.partner, proven);
  else if (isReady(asked, needs)) {
    await lostFactors.finish(step.partner, proven);
    await goOn(ctx, current, needs, progress);
    return;
  }
  ctx.status = 303;
  ctx.redirect(pathOf(current.interaction.uid, '/second-factor/lost', needs));
}

/** The code typed in this very login: a mailbox that was proven long ago may be somebody else's now. */
function mailProof(progress: PartnerProgress): MailProof {
  const found = standing(progress)
    .filter((proof) => proof.method === 'mail')
    .find(({ at }) => at.getTime() >= progress.begunAt.getTime());
  if (found === undefined) throw new BrokerError('M-PART-020', { detail: 'mailbox of another login' });
  return found;
}

const isReady = (
  { readyAt }: { readonly readyAt: Date },
  { clock }: Pick<InteractionNeeds, 'clock'>,
): boolean => readyAt.getTime() <= clock().getTime();

async function lostPage(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  partner: Partner,
): Promise<void> {
  const { uid } = current.interaction;
  const asked = await needs.partnerSignIn.partners.lostFactors.state(partner.id);
  needs.http.renderPage(ctx, 'partner-lost-factors', {
    service: serviceName(current.service, language(ctx)),
    back: backOf(current, needs),
    email: partner.address,
    action: pathOf(uid, '/second-factor/lost', needs),
    readyAt: asked?.readyAt,
    ready: asked !== undefined && isReady(asked, needs),
    retryHref: pathOf(uid, '/second-factor', needs),
  });
}
