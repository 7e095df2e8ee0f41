import type { Context } from 'koa';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { assertPartnerAddress } from '../homerealm/homerealm.ts';
import { toolOf } from './current.ts';
import type { Current, Interaction } from './current.ts';
import type { InteractionNeeds } from './needs.ts';
import { goOn } from './partner-next.ts';
import type { PartnerProgress } from './partner-progress.ts';
import { partnerSession } from './partner-session.ts';
import { emailPage } from './sign-in-pages.ts';

/** What a request wants of a sign-in, whoever makes it. */
export interface Wanted {
  /** Of which one is needed; none: any. */
  readonly levels: readonly string[];
  /** Nothing that was proven before counts. */
  readonly anew: boolean;
  /** Seconds: nothing older counts. */
  readonly maxAge: number | undefined;
  /** Somebody else than who is signed in is expected. */
  readonly another: boolean;
}

/**
 * The sign-in of somebody without an identity provider begins: with their address, or with who is signed in already, of whom
 * only what is missing is asked.
 *
 * @param email as typed; nobody is written to because a tool named an address (`login_hint`): they see the page first
 * @throws BrokerError M-UPST-014 (accounts kept here are closed), M-PART-018, M-PART-019, M-LIMI-001
 */
export async function startPartner(
  ctx: Context,
  needs: InteractionNeeds,
  idp: IdentityProvider,
  {
    interaction,
    email,
    wanted,
  }: { readonly interaction: Interaction; readonly email: string | undefined; readonly wanted: Wanted },
): Promise<void> {
  if (!idp.enabled) throw new BrokerError('M-UPST-014', { detail: idp.id, values: { idp: idp.name } });
  const current: Current = { interaction, ...toolOf(interaction, needs.snapshot()) };
  // Whoever came back to change the address does not go on with it.
  const afresh = wanted.another || (ctx.method !== 'POST' && ctx.query['change'] !== undefined);
  const session = afresh ? undefined : await partnerSession(interaction, idp, needs);
  const known = session !== undefined && (email === undefined || isOf(session.partner.address, email));
  const typed = known ? session.partner.address : email;
  if (typed === undefined || (!known && ctx.method !== 'POST')) {
    await emailPage(ctx, current, needs, { email: typed });
    return;
  }
  await goOn(ctx, current, needs, {
    ...beginning(wanted, needs.clock()),
    address: assertPartnerAddress(typed, needs.snapshot()),
    ...(known ? { proofs: [...session.proofs], partner: session.partner.id } : {}),
  });
}

/** A login that nobody has proven anything in yet. */
export function beginning(
  { levels, anew, maxAge }: Wanted,
  now: Date,
): Pick<PartnerProgress, 'begunAt' | 'levels' | 'notBefore' | 'proofs'> {
  const notBefore = anew ? now : maxAge === undefined ? undefined : new Date(now.getTime() - maxAge * 1000);
  return {
    begunAt: now,
    levels: [...levels],
    proofs: [],
    ...(notBefore === undefined ? {} : { notBefore }),
  };
}

const isOf = (address: string, typed: string): boolean => address.toLowerCase() === typed.toLowerCase();
