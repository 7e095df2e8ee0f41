import { approvalStatus, invitationStatus, ownApprovals } from './approval-predicates.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import { blockersOf } from './condition.ts';
import type { Evaluation } from './condition.ts';
import type { Context } from './predicate.ts';
import type { ReasonCode } from './reasons.ts';

/**
 * From what says most about this very organization or person to what is true of many: a decision taken about them,
 * then a limit they exceed, then something they could still obtain. Population reasons share a rank: the first rule
 * that names one says it.
 */
const ranks: readonly (readonly ReasonCode[])[] = [
  ['organization_closed'],
  ['organization_suspended'],
  ['approval_suspended'],
  ['approval_pending'],
  ['approval_refused'],
  ['approval_expired'],
  ['guest_expired'],
  ['legal_category_unknown'],
  ['population_too_large', 'population_unknown'],
  ['department_out_of_scope'],
  ['email_domain_not_allowed'],
  ['idp_not_allowed'],
  ['membership_not_verified'],
  ['service_excludes_guests'],
  ['service_not_covered'],
  ['approval_missing'],
  ['session_too_old'],
  ['acr_insufficient'],
];

/**
 * Why no rule was true: for each rule, what stands in its way, if every obstacle has a name of its own (an association
 * that needs an approval misses the approval; a company that could never be approved there is simply not eligible).
 *
 * @param evaluations of the rules, in order
 */
export function exactReason(
  policy: CompiledPolicy,
  context: Context,
  evaluations: readonly Evaluation[],
): ReasonCode {
  const perRule = evaluations.map((evaluation) => obstacle(evaluation, context));
  const candidates = perRule.filter((reason) => reason !== undefined);
  if (!policy.knowsGuests && isGuest(context)) candidates.push('service_excludes_guests');
  const exact = highest(candidates);
  if (exact !== undefined) return exact;
  // "You are not invited" is the answer only where invitation is the one way in.
  const invitationOnly = perRule.length > 0 && perRule.every((reason) => reason === 'guest_not_invited');
  return invitationOnly ? 'guest_not_invited' : policy.deny;
}

function obstacle(evaluation: Evaluation, context: Context): ReasonCode | undefined {
  const blockers = blockersOf(evaluation);
  const reasons = blockers.map(({ predicate }) => predicate.reason(context));
  if (reasons.includes(undefined)) return undefined;
  const named = reasons.filter((reason) => reason !== undefined);
  return highest(named) ?? named[0];
}

function highest(candidates: readonly ReasonCode[]): ReasonCode | undefined {
  for (const rank of ranks) {
    const found = candidates.find((candidate) => rank.includes(candidate));
    if (found !== undefined) return found;
  }
  return undefined;
}

function isGuest(context: Context): boolean {
  const { service, subject, today } = context;
  return (
    subject.invitations.some(
      (invitation) => invitation.service === service && invitationStatus(invitation, today) === 'active',
    ) ||
    ownApprovals(context).some(
      (approval) =>
        approval.service === service &&
        approval.level === 'guest' &&
        approvalStatus(approval, today) === 'active',
    )
  );
}
