import { z } from 'zod';
import type { Clock } from '../config/config.ts';
import type { EphemeralStore } from '../storage/storage.ts';
import type { Interaction } from './current.ts';

/** As `Date.toJSON` writes it. */
const instant = z.iso.datetime().transform((text) => new Date(text));
const at = { at: instant };

const proofSchema = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('mail'), ...at }),
  z.strictObject({ method: z.literal('totp'), ...at }),
  z.strictObject({ method: z.literal('recovery_code'), ...at }),
  z.strictObject({ method: z.literal('passkey'), ...at, userVerified: z.boolean() }),
]);

const progressSchema = z.strictObject({
  begunAt: instant,
  /** Canonical. The code is sent there, and to no other address. */
  address: z.string(),
  /** Of the last code. */
  sent: z.strictObject({ resendAt: instant, expiresAt: instant }).optional(),
  notBefore: instant.optional(),
  levels: z.array(z.string()),
  proofs: z.array(proofSchema),
  /** Whose account: once the mailbox was proven and there is one, or a passkey said so. */
  partner: z.string().optional(),
  /** Recovery codes were made in this login, and nobody has said that they kept them. */
  codesShown: z.boolean().optional(),
});

/** How far a partner has come in one login. It is kept on our side, under the interaction that the browser's own cookie names. */
export type PartnerProgress = z.output<typeof progressSchema>;

interface Needs {
  readonly ephemeral: EphemeralStore;
  readonly clock: Clock;
}

const keyOf = ({ uid }: Pick<Interaction, 'uid'>): string => `partner-progress:${uid}`;

/** Undefined: nothing was begun, or another version of Maillon wrote it. Then one begins again. */
export async function readProgress(
  interaction: Pick<Interaction, 'uid'>,
  { ephemeral }: Pick<Needs, 'ephemeral'>,
): Promise<PartnerProgress | undefined> {
  const stored = await ephemeral.get(keyOf(interaction));
  if (stored === undefined) return undefined;
  const parsed = progressSchema.safeParse(JSON.parse(stored));
  return parsed.success ? parsed.data : undefined;
}

/** As long as the interaction lives. */
export async function keepProgress(
  interaction: Pick<Interaction, 'uid' | 'exp'>,
  progress: PartnerProgress,
  { ephemeral, clock }: Needs,
): Promise<void> {
  const left = interaction.exp - Math.floor(clock().getTime() / 1000);
  await ephemeral.set(keyOf(interaction), JSON.stringify(progress), Math.max(1, left));
}

export const forgetProgress = (
  interaction: Pick<Interaction, 'uid'>,
  { ephemeral }: Pick<Needs, 'ephemeral'>,
): Promise<void> => ephemeral.delete(keyOf(interaction));
