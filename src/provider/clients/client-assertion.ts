import { errors } from 'oidc-provider';
import { z } from 'zod';
import { fapiSigningAlgorithms } from '../../declarations/declarations.ts';

/** Seconds: how long an assertion may live, and how far its clock may be from ours. */
const longestLife = 300;
const clockSkew = 60;

const claimsSchema = z.object({
  aud: z.union([z.string(), z.array(z.string()).min(1)]),
  exp: z.number(),
  iat: z.number().optional(),
});

export interface AssertionRules {
  readonly now: Date;
  readonly issuer: string;
  /** Addresses of ours that the library lets an assertion name: the token endpoint, the endpoint that was asked. */
  readonly endpoints: readonly string[];
  /** `issuer`: the issuer alone (RFC 7523bis; CVE-2025-27370). `endpoint`: also these endpoints, for older tools. */
  readonly audience: 'issuer' | 'endpoint';
  readonly fapi: boolean;
  /** Of its header. */
  readonly alg: unknown;
}

/**
 * What the library leaves to us of RFC 7523 §3: it has checked signature, `iss`, `sub`, `nbf`, that `exp` has not
 * passed and that `jti` is there; it takes an assertion that names others beside us, and one that is good for a day.
 *
 * @param claims of an assertion whose signature is right
 * @throws errors.InvalidClientAuth
 */
export function assertClientAssertion(claims: unknown, rules: AssertionRules): void {
  const read = claimsSchema.safeParse(claims);
  if (!read.success) throw new errors.InvalidClientAuth('aud, exp or iat of the assertion is malformed');
  const { aud, exp, iat } = read.data;
  // FAPI 2.0 Security Profile §5.4.1: whatever its keys could do.
  if (rules.fapi && !(typeof rules.alg === 'string' && fapiSigningAlgorithms.includes(rules.alg)))
    throw new errors.InvalidClientAuth('alg mismatch');
  assertForUs(aud, rules);
  assertShortLived({ exp, iat }, rules.now);
}

/** Point 3: whoever else it names could show it here in the name of the client. */
function assertForUs(aud: string | readonly string[], { issuer, endpoints, audience, fapi }: AssertionRules) {
  const names = typeof aud === 'string' ? [aud] : aud;
  const ours = audience === 'issuer' ? [issuer] : [issuer, ...endpoints];
  // FAPI 2.0 Security Profile §5.3.2.1: a string, not an array.
  if (!names.every((name) => ours.includes(name)) || (fapi && aud !== issuer))
    throw new errors.InvalidClientAuth('the assertion is not for this server alone');
}

/** Points 4 and 6: one that is good for a day can be stolen for a day, and its mark against replay kept as long. */
function assertShortLived({ exp, iat }: { exp: number; iat: number | undefined }, now: Date): void {
  const seconds = now.getTime() / 1000;
  if (exp > seconds + longestLife || exp - (iat ?? exp) > longestLife + clockSkew)
    throw new errors.InvalidClientAuth('the assertion expires too late');
  if ((iat ?? 0) > seconds + clockSkew)
    throw new errors.InvalidClientAuth('the assertion was issued in the future');
}
