import { approval, invitation } from './approval-predicates.ts';
import { organizationPredicates } from './organization-predicates.ts';
import { personPredicates } from './person-predicates.ts';
import type { Predicate } from './predicate.ts';

/**
 * The vocabulary of policies, closed: name → what may be written, how the fact is read with its source and date, how
 * the two are compared, and what a refusal is called when it stands alone in the way. An unknown name is an error when
 * the policy is read.
 */
export const predicates: Readonly<Record<string, Predicate>> = {
  ...organizationPredicates,
  approval,
  invitation,
  ...personPredicates,
};
