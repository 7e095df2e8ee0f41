import type { Authenticator } from './partner.ts';
import type { Authentication } from './proofs.ts';

/** Minutes since the oldest proof of the sign-in, at most, for whoever changes what they sign in with. */
export const freshMinutes = 15;
export const mostAuthenticators = 20;
export const mostAddresses = 10;

/** What a sign-in lacks before it may change what its owner signs in with: to be asked for in this order. */
export type Lacking = 'recent' | 'mail' | 'second_factor';

type SignedIn = Pick<Authentication, 'amr' | 'authTime'>;

/**
 * What stands between a sign-in and a new authenticator. The mailbox was proven in it; and whoever has a second factor
 * already has used it: with the mailbox alone, somebody who reads the mails of another would add a passkey of their own.
 *
 * @param held authenticators and recovery codes that the partner has now
 */
export function lackingToAdd(signedIn: SignedIn, held: number, now: Date): Lacking | undefined {
  const lacking = lackingToChange(signedIn, held, now);
  if (lacking !== 'recent' && !signedIn.amr.includes('mail')) return 'mail';
  return lacking;
}

/** The same for what takes away or replaces: an authenticator, recovery codes, an address. */
export function lackingToChange({ amr, authTime }: SignedIn, held: number, now: Date): Lacking | undefined {
  const age = now.getTime() - authTime.getTime();
  if (!(age <= freshMinutes * 60_000)) return 'recent';
  return held > 0 && !amr.includes('mfa') ? 'second_factor' : undefined;
}

export const mayAddAuthenticator = (signedIn: SignedIn, held: number, now: Date): boolean =>
  lackingToAdd(signedIn, held, now) === undefined;

/**
 * Whether an authenticator may go: while a tool or a role asks for two factors, one stays. Recovery codes are no second
 * factor to live on: they only replace one that was lost.
 */
export const mayRemove = (
  held: readonly Pick<Authenticator, 'id'>[],
  id: string,
  { mfaRequired }: { readonly mfaRequired: boolean },
): boolean => !mfaRequired || held.some((one) => one.id !== id);
