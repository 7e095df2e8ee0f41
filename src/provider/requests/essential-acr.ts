import type { Access } from '../access.ts';
import { claimWishes } from './claims-parameter.ts';

/**
 * The acr values of which the request needs one (OpenID Connect Core §5.5.1.1); empty when it has no such wish.
 * `acr_values` is voluntary (§3.1.2.1).
 */
export function essentialAcr(params: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  const [acr] = claimWishes(params, 'acr', ['id_token']);
  return acr?.essential === true ? acr.values : [];
}

/** What the tool demands beside its rules: below it nobody passes, and what is missing is a stronger sign-in. */
export function withDemandedLevel(
  access: Access,
  params: Readonly<Record<string, unknown>> | undefined,
): Access {
  const demanded = essentialAcr(params);
  if (!access.passes || demanded.length === 0 || demanded.includes(access.acr)) return access;
  const decision = {
    ...access.decision,
    decision: 'step_up',
    reason: 'acr_insufficient',
    requiredAcr: demanded,
  } as const;
  return { ...access, decision, passes: false };
}
