import { addDays, policyInForce, startOfParisDay, sureGrace } from '../eligibility/eligibility.ts';
import type { Request } from './file.ts';
import { trouble } from './held-back.ts';
import type { RegistrationsNeeds } from './needs.ts';

export interface GraceAfter {
  readonly lastDay: string;
  /** Members become guests. */
  readonly isLess: boolean;
}

/** What the rules of the service, as they are known, leave open after the last day of a right; undefined for nothing. */
export function graceAfter(
  { snapshot }: Pick<RegistrationsNeeds, 'snapshot'>,
  request: Request,
): GraceAfter | undefined {
  const { service, terms } = request;
  if (terms === undefined || request.renounced !== undefined || trouble(request) !== undefined)
    return undefined;
  const next = startOfParisDay(addDays(terms.endsOn, 1));
  const policy = policyInForce(snapshot().policies.get(service) ?? [], next)?.policy;
  const grace = policy && sureGrace(policy);
  return (
    grace && {
      lastDay: addDays(terms.endsOn, grace.days),
      isLess: terms.level === 'member' && grace.level === 'guest',
    }
  );
}
