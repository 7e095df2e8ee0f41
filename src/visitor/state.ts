import { z } from 'zod';
import type { Seal } from '../config/config.ts';

const stateSchema = z.object({
  to: z.string(),
  mfa: z.boolean().optional(),
  age: z.number().int().optional(),
});

/** What a sign-in for our own pages is for; nobody but us writes or reads it. */
export interface Journey {
  /** A path of ours. */
  readonly returnTo: string;
  readonly mfa: boolean;
  readonly maxAgeSeconds: number | undefined;
}

/** As long as a sign-in may take (`lifetimes.interaction`), and a little more. */
const lifetimeSeconds = 4200;

export const sealJourney = (seal: Seal, { returnTo, mfa, maxAgeSeconds }: Journey): Promise<string> =>
  seal.seal(
    {
      to: returnTo,
      ...(mfa ? { mfa } : {}),
      ...(maxAgeSeconds === undefined ? {} : { age: maxAgeSeconds }),
    },
    lifetimeSeconds,
  );

/** Undefined when it is old, garbled, or not ours. */
export async function openJourney(seal: Seal, state: unknown): Promise<Journey | undefined> {
  if (typeof state !== 'string') return undefined;
  const read = stateSchema.safeParse(await seal.open(state));
  if (!read.success) return undefined;
  const { to, mfa = false, age } = read.data;
  return { returnTo: to, mfa, maxAgeSeconds: age };
}
