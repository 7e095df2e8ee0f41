import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import type { Partner } from '../partners/partners.ts';
import { assertNotHeld, assertPartnerAddress } from '../homerealm/homerealm.ts';
import type { Current } from './current.ts';
import { factorsToAsk, standing } from './factors-to-ask.ts';
import type { InteractionNeeds } from './needs.ts';
import { pathOf } from './page-parts.ts';
import { finishPartner } from './partner-finish.ts';
import { keepProgress, readProgress } from './partner-progress.ts';
import type { PartnerProgress } from './partner-progress.ts';
import { sendCode } from './partner-send-code.ts';

/** Where somebody stands in the sign-in; each has a page of its own, under the interaction. */
export type PartnerStep =
  | { readonly at: 'code' | 'name' }
  | { readonly at: 'second-factor' | 'enrol' | 'enrol/codes' | 'end'; readonly partner: Partner };

/**
 * Read anew at each step: a second factor that was added or taken away elsewhere counts at once, and so does that others read the
 * mailbox by which this login began.
 *
 * @throws BrokerError M-ROUT-004
 */
export async function stepOf(
  progress: PartnerProgress,
  { partnerSignIn: { partners }, snapshot }: Pick<InteractionNeeds, 'partnerSignIn' | 'snapshot'>,
): Promise<PartnerStep> {
  assertNotHeld(progress.address, snapshot());
  const partner = progress.partner === undefined ? undefined : await partners.find(progress.partner);
  if (partner === undefined)
    return { at: standing(progress).some(({ method }) => method === 'mail') ? 'name' : 'code' };
  // Before anything else: whoever leaves without them would have none the day their device is lost.
  if (progress.codesShown === true) return { at: 'enrol/codes', partner };
  const held = (await partners.authenticators(partner.id)).length > 0;
  const [first] = factorsToAsk({ ...progress, held });
  if (first === 'mail') return { at: 'code' };
  if (first === 'second_factor') return { at: 'second-factor', partner };
  return { at: first === 'enrolment' ? 'enrol' : 'end', partner };
}

/**
 * Keeps what was proven, and goes where the next thing is asked: to the tool, when nothing is. Whichever address or passkey led to
 * the account, it is its primary address that tools are told: when an identity provider answers for that one by now, the account is
 * neither opened nor changed.
 *
 * @throws BrokerError M-PART-018, M-PART-019
 */
export async function goOn(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  progress: PartnerProgress,
): Promise<void> {
  const { partnerSignIn } = needs;
  const step = await stepOf(progress, needs);
  if ('partner' in step) assertPartnerAddress(step.partner.address, needs.snapshot());
  if (step.at === 'end') {
    await finishPartner(ctx, current, needs, { progress, partner: step.partner });
    return;
  }
  const ready = step.at === 'code' ? await sendCode(ctx, current, needs, progress) : progress;
  await keepProgress(current.interaction, ready, { ...partnerSignIn, clock: needs.clock });
  ctx.status = 303;
  ctx.redirect(pathOf(current.interaction.uid, `/${step.at}`, needs));
}

/** The progress of this login, when it is at the step of the page. @throws BrokerError M-PART-020 */
export async function stepHere<At extends PartnerStep['at']>(
  { interaction }: Current,
  needs: InteractionNeeds,
  at: At,
): Promise<{ readonly progress: PartnerProgress; readonly step: PartnerStep & { readonly at: At } }> {
  const progress = await readProgress(interaction, needs.partnerSignIn);
  const step = progress === undefined ? undefined : await stepOf(progress, needs);
  if (progress === undefined || step === undefined || !isAt(step, at))
    throw new BrokerError('M-PART-020', { detail: `${at} asked, at ${step?.at ?? 'nothing'}` });
  return { progress, step };
}

const isAt = <At extends PartnerStep['at']>(
  step: PartnerStep,
  at: At,
): step is PartnerStep & { readonly at: At } => step.at === at;

/** The page of a step, for whoever is at it; whoever is not goes where they are. */
export function stepPage<At extends PartnerStep['at']>(
  at: At,
  show: (
    ctx: Context,
    current: Current,
    needs: InteractionNeeds,
    here: { readonly progress: PartnerProgress; readonly step: PartnerStep & { readonly at: At } },
  ) => void | Promise<void>,
) {
  return async (ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> => {
    const progress = await readProgress(current.interaction, needs.partnerSignIn);
    const step = progress === undefined ? undefined : await stepOf(progress, needs);
    if (progress !== undefined && step !== undefined && isAt(step, at)) {
      await show(ctx, current, needs, { progress, step });
      return;
    }
    ctx.status = 303;
    const there = step === undefined || step.at === 'end' ? '' : `/${step.at}`;
    ctx.redirect(pathOf(current.interaction.uid, there, needs));
  };
}
