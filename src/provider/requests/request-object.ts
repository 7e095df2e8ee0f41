import { errors } from 'oidc-provider';
import { z } from 'zod';
import { fapiSigningAlgorithms } from '../../declarations/declarations.ts';

/** Seconds. FAPI 2.0 Message Signing §5.3.1 says 60 minutes; nobody needs a request that lasts longer. */
const longest = 3600;
const clockTolerance = 10;
/** Seconds: how far ahead of ours a clock may be (FAPI 2.0 Security Profile §5.3.2.1). */
const furthestAhead = 60;

const timesSchema = z.object({ exp: z.number(), nbf: z.number().optional(), iat: z.number().optional() });

/**
 * What the library leaves unchecked in a request object (RFC 9101 §6.3): that it ends, and soon. A stolen one would
 * otherwise serve for ever. FAPI 2.0 wants to know since when, too.
 */
export function assertRequestObjectTimes(
  claims: unknown,
  { now, fapi }: { readonly now: Date; readonly fapi: boolean },
): void {
  const times = timesSchema.safeParse(claims);
  if (!times.success) throw new errors.InvalidRequestObject('the Request Object needs exp');
  const { exp, nbf, iat = 0 } = times.data;
  const epoch = Math.floor(now.getTime() / 1000);
  if (exp > epoch + longest + clockTolerance) {
    throw new errors.InvalidRequestObject('exp of the Request Object is more than an hour ahead');
  }
  if (!fapi) return;
  if (nbf === undefined) throw new errors.InvalidRequestObject('the Request Object needs nbf');
  if (epoch - nbf > longest + clockTolerance || exp - nbf > longest) {
    throw new errors.InvalidRequestObject('nbf of the Request Object is more than an hour ago');
  }
  if (iat > epoch + furthestAhead) {
    throw new errors.InvalidRequestObject('the Request Object was issued in the future');
  }
}

/** FAPI 2.0 Security Profile §5.4.1. `none` is what the library writes for itself in a request that was pushed unsigned. */
export function assertFapiRequestObjectAlgorithm(alg: unknown): void {
  if (alg !== 'none' && !(typeof alg === 'string' && fapiSigningAlgorithms.includes(alg)))
    throw new errors.InvalidRequestObject('unsupported signed request alg');
}

/**
 * A request whose subject is its client would pass for an assertion of that client, wherever types are not compared
 * (RFC 9101 §10.8).
 */
export function assertRequestObjectSubject(claims: unknown, clientId: string): void {
  const read = z.object({ sub: z.unknown() }).safeParse(claims);
  if (read.success && read.data.sub === clientId)
    throw new errors.InvalidRequestObject('the subject of the Request Object must not be the client');
}
