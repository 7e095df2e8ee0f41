import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { readForm } from '../http/http.ts';
import { assertAllowed } from '../limits/limits.ts';
import { essentialAcr } from '../provider/provider.ts';
import { assertPartnerAddress } from '../homerealm/homerealm.ts';
import type { Current } from './current.ts';
import type { InteractionNeeds } from './needs.ts';
import { openPartnerProvider } from './partner-address.ts';
import { takeChallenge } from './partner-challenge.ts';
import { addPasskey } from './partner-enrolment.ts';
import { goOn, stepHere } from './partner-next.ts';
import { problemOf, secondFactorPage } from './partner-second-factor.ts';
import { whoOf } from './partner-send-code.ts';
import { beginning } from './partner-start.ts';
import { wantedOf } from './wanted.ts';

/**
 * The answer of a passkey, to what our page asked: to sign in without an address, to be the second factor, or to be kept as
 * one. Which of them, the sealed challenge says, not the form.
 *
 * @throws BrokerError M-PART-007, M-PART-008, M-PART-020, M-PART-021, M-LIMI-001
 */
export async function submitPasskey(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const form = await readForm(ctx);
  const { partnerSignIn } = needs;
  const { challenge, use } = await takeChallenge(
    current.interaction,
    ['sign_in', 'second_factor', 'enrolment'],
    form.get('challenge') ?? '',
    partnerSignIn,
  );
  const answered = { answer: form.get('answer') ?? '', challenge };
  if (use === 'sign_in') await signInByPasskey(ctx, current, needs, answered);
  else if (use === 'enrolment') await addPasskey(ctx, current, needs, answered);
  else await provePasskey(ctx, current, needs, answered);
}

interface Answered {
  readonly answer: string;
  readonly challenge: string;
}

/** It says who its owner is, and has verified them: nothing else is asked. */
async function signInByPasskey(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  { answer, challenge }: Answered,
): Promise<void> {
  const { limits, partners } = needs.partnerSignIn;
  if (openPartnerProvider(needs.snapshot()) === undefined)
    throw new BrokerError('M-UPST-014', { detail: 'accounts kept here are closed' });
  assertAllowed(await limits.attempt('passkey_tried', { ip: ctx.ip }));
  const { partner, proof } = await partners.passkeys.verify(answer, challenge);
  const address = assertPartnerAddress(partner.address, needs.snapshot());
  const wanted = wantedOf(current.interaction, essentialAcr(current.interaction.params));
  await goOn(ctx, current, needs, {
    ...beginning(wanted, needs.clock()),
    address,
    partner: partner.id,
    proofs: [proof],
  });
}

async function provePasskey(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  { answer, challenge }: Answered,
): Promise<void> {
  const { limits, partners } = needs.partnerSignIn;
  const { progress, step } = await stepHere(current, needs, 'second-factor');
  const who = await whoOf(ctx, progress, needs);
  assertAllowed(await limits.attempt('passkey_tried', who));
  try {
    const { proof } = await partners.passkeys.verify(answer, challenge, step.partner);
    await limits.succeeded('passkey_tried', who);
    await goOn(ctx, current, needs, { ...progress, proofs: [...progress.proofs, proof] });
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    await secondFactorPage(ctx, current, needs, step.partner, problem);
  }
}
