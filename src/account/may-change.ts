import type { Context } from 'koa';
import { assertAllowed } from '../limits/limits.ts';
import type { OwnPartner, OwnPartnerNeeds } from './own-partner.ts';

/**
 * Counts a change of somebody's own account, before it is made: each is an entry of the record, most are mails.
 *
 * @throws BrokerError M-LIMI-001
 */
export async function assertMayChange(
  ctx: Context,
  { partner }: Pick<OwnPartner, 'partner'>,
  { partnerSignIn: { limits } }: Pick<OwnPartnerNeeds, 'partnerSignIn'>,
): Promise<void> {
  assertAllowed(await limits.attempt('account_changed', { ip: ctx.ip, account: partner.id }));
}
