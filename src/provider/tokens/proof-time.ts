import { decodeJwt } from 'jose';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { errors } from 'oidc-provider';
import { z } from 'zod';

/** Seconds: how far ahead of ours a clock may be (FAPI 2.0 Security Profile §5.3.2.1). */
const furthestAhead = 60;

const timesSchema = z.object({ iat: z.number().default(0), nbf: z.number().default(0) });

/**
 * A DPoP proof made for later could be used later by whoever stole it (RFC 9449 §11.2). The library takes one of five
 * minutes ahead, and of any time with a nonce.
 *
 * @throws errors.InvalidDpopProof
 */
export function assertProofIsOfNow({ req }: Pick<KoaContextWithOIDC, 'req'>, now: Date): void {
  const times = timesSchema.safeParse(claimsOf(req.headers['dpop']));
  // What is no proof is for the library to refuse.
  if (!times.success) return;
  const { iat, nbf } = times.data;
  if (Math.max(iat, nbf) > now.getTime() / 1000 + furthestAhead)
    throw new errors.InvalidDpopProof('DPoP proof is of the future');
}

function claimsOf(proof: unknown): unknown {
  try {
    return typeof proof === 'string' ? decodeJwt(proof) : undefined;
  } catch {
    return undefined;
  }
}
