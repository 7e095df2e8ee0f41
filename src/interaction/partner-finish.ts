import type { Context } from 'koa';
import { deviceOf } from '../http/http.ts';
import { partnerIdentity } from '../partners/partners.ts';
import type { Partner } from '../partners/partners.ts';
import type { Current } from './current.ts';
import { standing } from './factors-to-ask.ts';
import type { InteractionNeeds } from './needs.ts';
import { knownDevice, noteDevice } from './limited.ts';
import { forgetProgress } from './partner-progress.ts';
import type { PartnerProgress } from './partner-progress.ts';
import { signedIn } from './signed-in.ts';

/**
 * Everything that was asked is proven: an account like any other, and a browser that is known from now on. One that was not is
 * told to the partner, unless this is the sign-in that made their account.
 *
 * @throws BrokerError M-UPST-016 when the account is blocked
 */
export async function finishPartner(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  { progress, partner }: { readonly progress: PartnerProgress; readonly partner: Partner },
): Promise<void> {
  const { partners, devices, ephemeral } = needs.partnerSignIn;
  await signedIn(
    ctx,
    current,
    {
      identity: partnerIdentity(partner, standing(progress), needs.issuer),
      begunAt: progress.begunAt,
      acrValues: progress.levels,
    },
    needs,
  );
  const isKnown = (await knownDevice(ctx, partner.id, { devices })) !== undefined;
  const isNew = partner.createdAt.getTime() >= progress.begunAt.getTime();
  if (!isKnown && !isNew)
    await partners.noticeNewDevice(partner, deviceOf(ctx.get('user-agent')), needs.clock());
  const whom = [partner.id, ...partner.addresses.map(({ address }) => address)];
  await noteDevice(ctx, whom, { devices });
  await forgetProgress(current.interaction, { ephemeral });
}
