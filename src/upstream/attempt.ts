import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Seal } from '../config/config.ts';
import type { Attempt } from './types.ts';

/** How long a person may take at the IdP, in seconds. */
export const attemptLifetime = 600;

/** What comes back with the browser, and nobody but us can read or change. */
export interface SealedAttempt extends Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** Short names: a person with ten tabs open sends ten of these cookies in one header. */
const sealedSchema = z.strictObject({
  u: z.string().min(1),
  i: z.string().min(1),
  s: z.string().min(1),
  n: z.string().min(1),
  v: z.string().min(1),
  t: z.number().int(),
  f: z.boolean(),
  m: z.number().optional(),
  a: z.array(z.string()),
});

/**
 * One cookie per attempt, named after its `state`: several tabs, several IdPs and the back button do not disturb one
 * another, and a callback opened in another browser finds no cookie (RFC 6749 §10.12).
 */
export function attemptCookieName(state: string, secure: boolean): string {
  const name = `maillon-up-${createHash('sha256').update(state).digest('hex').slice(0, 16)}`;
  return secure ? `__Secure-${name}` : name;
}

export async function sealAttempt(seal: Seal, attempt: SealedAttempt): Promise<string> {
  const content: z.input<typeof sealedSchema> = {
    u: attempt.interactionUid,
    i: attempt.idpId,
    s: attempt.state,
    n: attempt.nonce,
    v: attempt.codeVerifier,
    t: attempt.startedAt.getTime(),
    f: attempt.forceLogin,
    ...(attempt.maxAge === undefined ? {} : { m: attempt.maxAge }),
    a: [...attempt.acrValues],
  };
  // Sealed for longer than it serves: whoever comes back late is told so, and can go back to the tool.
  return seal.seal(content, 2 * attemptLifetime);
}

/** @returns undefined for what we did not seal, or sealed for something else */
export async function openAttempt(seal: Seal, token: string): Promise<SealedAttempt | undefined> {
  const parsed = sealedSchema.safeParse(await seal.open(token));
  if (!parsed.success) return undefined;
  const { u, i, s, n, v, t, f, m, a } = parsed.data;
  return {
    interactionUid: u,
    idpId: i,
    state: s,
    nonce: n,
    codeVerifier: v,
    startedAt: new Date(t),
    forceLogin: f,
    maxAge: m,
    acrValues: a,
  };
}

/** Without the secrets of the exchange. */
export function publicAttempt(attempt: SealedAttempt): Attempt {
  const { interactionUid, idpId, startedAt, forceLogin, maxAge, acrValues } = attempt;
  return { interactionUid, idpId, startedAt, forceLogin, maxAge, acrValues };
}
