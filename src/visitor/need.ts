import { acrAtLeast, acrValues, toAcr } from '../eligibility/eligibility.ts';
import type { Acr } from '../eligibility/eligibility.ts';

/** How a page wants its visitor to have signed in. */
export interface Need {
  /** With several factors. */
  readonly mfa?: boolean | undefined;
  /** So long ago at most. */
  readonly maxAgeSeconds?: number | undefined;
  /** From the beginning, whatever session there is: what was gained since counts from then on. */
  readonly again?: boolean | undefined;
}

/**
 * Several factors and a verified identity. `amr` is not looked at: an identity provider may say what it likes there, while
 * our `acr` is held under the maximum declared for it.
 */
const multiFactor: Acr = 'eidas1-mfa';

/** What satisfies `mfa`, for an essential `acr` (OpenID Connect Core §5.5.1.1): a list of values, not a minimum. */
export const multiFactorValues: readonly Acr[] = acrValues.filter((acr) => acrAtLeast(acr, multiFactor));

export const hasMfa = ({ acr }: { readonly acr: string }): boolean => acrAtLeast(toAcr(acr), multiFactor);

/** Clocks of identity providers differ a little. Who signed in later than that never did. */
const mostAheadMs = 60_000;

export const isRecent = (
  { authTime }: { readonly authTime: Date },
  maxAgeSeconds: number,
  now: Date,
): boolean => {
  const ageMs = now.getTime() - authTime.getTime();
  return ageMs >= -mostAheadMs && ageMs <= maxAgeSeconds * 1000;
};

/** What is missing, or nothing. */
export function missing(
  visitor: { readonly acr: string; readonly authTime: Date },
  { mfa = false, maxAgeSeconds }: Need,
  now: Date,
): 'mfa' | 'recent' | undefined {
  if (mfa && !hasMfa(visitor)) return 'mfa';
  return maxAgeSeconds === undefined || isRecent(visitor, maxAgeSeconds, now) ? undefined : 'recent';
}
