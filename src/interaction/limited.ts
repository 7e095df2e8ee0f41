import type { Context } from 'koa';
import { assertAllowed } from '../limits/limits.ts';
import type { LimitedAct } from '../limits/limits.ts';
import type { InteractionNeeds } from './needs.ts';

type Needs = Pick<InteractionNeeds['partnerSignIn'], 'limits' | 'devices'>;

/**
 * Counts an attempt by somebody who is not signed in: by the network, and by the address that was typed, unless it has
 * signed in from this browser before, which then counts for itself.
 *
 * @throws BrokerError M-LIMI-001 when there were too many
 */
export async function assertNotTooOften(
  ctx: Context,
  act: LimitedAct,
  address: string | undefined,
  { limits, devices }: Needs,
): Promise<void> {
  const device = address === undefined ? undefined : await knownDevice(ctx, address, { devices });
  assertAllowed(await limits.attempt(act, { ip: ctx.ip, address, device }));
}

/** The id of this browser, when this account or address has signed in here before. */
export const knownDevice = (
  ctx: Context,
  whom: string,
  { devices }: Pick<Needs, 'devices'>,
): Promise<string | undefined> => devices.open(cookieOf(ctx, devices), whom);

/** From now on this browser counts for itself when it is about these. Only addresses that were proven in this sign-in. */
export async function noteDevice(
  ctx: Context,
  whom: readonly string[],
  { devices }: Pick<Needs, 'devices'>,
): Promise<void> {
  ctx.cookies.set(devices.name, await devices.note(cookieOf(ctx, devices), whom), { ...devices.options });
}

const cookieOf = (ctx: Context, { name }: Needs['devices']): string | undefined =>
  ctx.cookies.get(name, { signed: false });
