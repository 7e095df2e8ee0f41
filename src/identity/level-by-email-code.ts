import { acrValues, toAcr, withSecondFactor } from '../eligibility/eligibility.ts';
import type { Acr, Policy } from '../eligibility/eligibility.ts';
import type { SignIn } from './sign-in.ts';

/**
 * The level that a code sent to the mailbox of this person would reach, when the rules of the service accept it and it is one
 * of those that are missing (domain reference §5.3). Only for an address that its identity provider answers for: the mailbox
 * is a second factor of that person, not of whoever typed it; and not one that the provider says nobody proved. Never on top of a code that was sent there already.
 */
export function levelByEmailCode(
  {
    acr,
    amr,
    emailDomain,
    emailVerified,
    emailCode,
  }: Pick<SignIn, 'acr' | 'amr' | 'emailDomain' | 'emailVerified' | 'emailCode'>,
  required: readonly string[],
  policy: Pick<Policy, 'email_code'> | undefined,
): Acr | undefined {
  if (policy?.email_code !== true || emailDomain === '' || !emailVerified) return undefined;
  if (emailCode === true || amr.includes('mail')) return undefined;
  const reached = withSecondFactor(toAcr(acr));
  return reached !== undefined && required.includes(reached) ? reached : undefined;
}

/** Those that such a code would lift to one that is missing. */
export const levelsBelowEmailCode = (required: readonly string[]): readonly Acr[] =>
  acrValues.filter((acr) => required.includes(withSecondFactor(acr) ?? 'none'));
