import type { Context } from 'koa';
import type { CodeHolder } from '../codes/codes.ts';
import { assertAllowed } from '../limits/limits.ts';
import type { Who } from '../limits/limits.ts';
import type { Current } from './current.ts';
import { knownDevice } from './limited.ts';
import type { InteractionNeeds } from './needs.ts';
import type { PartnerProgress } from './partner-progress.ts';

/** A code of this login: it is right in the browser that asked for it, and nowhere else. */
export const holderOf = (
  { interaction }: Pick<Current, 'interaction'>,
  { address }: Pick<PartnerProgress, 'address'>,
): CodeHolder => ({ purpose: 'sign_in', holder: interaction.uid, address });

/** Whose attempts are counted. */
export async function whoOf(
  ctx: Context,
  { address, partner }: Pick<PartnerProgress, 'address' | 'partner'>,
  { partnerSignIn: { devices } }: Pick<InteractionNeeds, 'partnerSignIn'>,
): Promise<Who> {
  const device = await knownDevice(ctx, partner ?? address, { devices });
  return {
    ip: ctx.ip,
    address,
    ...(partner === undefined ? {} : { account: partner }),
    ...(device === undefined ? {} : { device }),
  };
}

/**
 * Mails a code, unless one is under way: in the same time and with the same page whether anybody has this address or not.
 *
 * @throws BrokerError M-LIMI-001
 */
export async function sendCode(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  progress: PartnerProgress,
): Promise<PartnerProgress> {
  const { limits, codes, mailCode } = needs.partnerSignIn;
  if (progress.sent !== undefined && needs.clock().getTime() < progress.sent.resendAt.getTime())
    return progress;
  assertAllowed(await limits.attempt('code_sent', await whoOf(ctx, progress, needs)));
  const issued = await codes.issue(holderOf(current, progress));
  if (issued.outcome === 'sent') {
    const { code } = issued;
    await mailCode({ to: progress.address, code, service: current.service.name, purpose: 'sign_in' });
  }
  return { ...progress, sent: { resendAt: issued.resendAt, expiresAt: issued.expiresAt } };
}
