import { errors } from 'oidc-provider';
import { z } from 'zod';

/** Seconds: how far ahead an assertion may expire, and how far ahead of ours its clock may be. */
const longestLife = 300;
const clockSkew = 60;

const timesSchema = z.object({ exp: z.number(), iat: z.number().optional() });

/**
 * An assertion of a client (RFC 7523 §3 points 4 and 6) serves at once or not at all: one that is good for a day can be
 * stolen for a day, and its mark against replay has to be kept as long. The library checks all else.
 */
export function assertShortLived(claims: unknown, now: Date): void {
  const times = timesSchema.safeParse(claims);
  const seconds = now.getTime() / 1000;
  if (
    !times.success ||
    times.data.exp > seconds + longestLife ||
    (times.data.iat ?? 0) > seconds + clockSkew
  ) {
    throw new errors.InvalidClientAuth('the assertion expires too late or was issued in the future');
  }
}
