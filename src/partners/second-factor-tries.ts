import { assertAllowed } from '../limits/limits.ts';
import type { Limits, Who } from '../limits/limits.ts';
import type { Partner } from './partner.ts';
import type { Partners } from './partners.ts';

/**
 * Counts a try of a second factor, before it is looked at: by the quarter of an hour or the hour, as ever, and by the day. The
 * short limits alone would let somebody who is patient guess for years, and nobody would hear of it: when the day's are used up,
 * every proven address is told, once, and a request to do without them is called off, by whichever try finds it open.
 *
 * @throws BrokerError M-LIMI-001
 */
export async function assertSecondFactorAllowed(
  partner: Partner,
  act: 'totp_tried' | 'recovery_tried',
  who: Who,
  {
    limits,
    partners,
  }: {
    readonly limits: Limits;
    readonly partners: Pick<Partners, 'noticeLimited'> & {
      readonly lostFactors: Pick<Partners['lostFactors'], 'state'>;
    };
  },
): Promise<void> {
  assertAllowed(await limits.attempt(act, { ...who, account: partner.id }));
  const day = await limits.attempt('second_factor_tried', { ip: who.ip, account: partner.id });
  if (!day.allowed && day.by === 'account') {
    const isOpen = async () => (await partners.lostFactors.state(partner.id)) !== undefined;
    if (day.first || (await isOpen())) await partners.noticeLimited(partner, day.first);
  }
  assertAllowed(day);
}
