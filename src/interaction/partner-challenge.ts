import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';
import type { PasskeyShown } from '../http/http.ts';
import type { Interaction } from './current.ts';
import type { PartnerSignIn } from './partner-needs.ts';

/** What a challenge is for: an answer to one serves for no other. */
export type ChallengeUse = 'sign_in' | 'second_factor' | 'enrolment';

const sealedSchema = z.strictObject({ challenge: z.string(), interaction: z.string(), use: z.string() });

/** As long as a page may stay open before somebody uses their passkey. */
const challengeSeconds = 900;

type Needs = Pick<PartnerSignIn, 'challengeSeal' | 'ephemeral'>;

/**
 * A challenge of WebAuthn (§13.4.3) travels sealed in the page that asks for a passkey: nothing is stored for the many who
 * have none. It serves in the login of the browser that it was made for, and once.
 */
export async function passkeyShown(
  interaction: Pick<Interaction, 'uid'>,
  use: ChallengeUse,
  { options, challenge }: { readonly options: object; readonly challenge: string },
  action: string,
  { challengeSeal }: Pick<Needs, 'challengeSeal'>,
): Promise<PasskeyShown> {
  const sealed = await challengeSeal.seal({ challenge, interaction: interaction.uid, use }, challengeSeconds);
  return { action, ask: JSON.stringify(options), challenge: sealed };
}

/**
 * Takes the challenge that came back, whatever becomes of the answer.
 *
 * @throws BrokerError M-PART-021
 */
export async function takeChallenge(
  interaction: Pick<Interaction, 'uid' | 'exp'>,
  uses: readonly ChallengeUse[],
  sealed: string,
  { challengeSeal, ephemeral }: Needs,
): Promise<{ readonly challenge: string; readonly use: ChallengeUse }> {
  const read = sealedSchema.safeParse(await challengeSeal.open(sealed));
  const use = uses.find((one) => one === read.data?.use);
  if (!read.success || use === undefined || read.data.interaction !== interaction.uid)
    throw new BrokerError('M-PART-021', { detail: 'expired, or of another login' });
  // It can come back while its login lives, and no longer.
  if (!(await ephemeral.replayOnce(`passkey-challenge:${read.data.challenge}`, interaction.exp)))
    throw new BrokerError('M-PART-021', { detail: 'answered already' });
  return { challenge: read.data.challenge, use };
}
