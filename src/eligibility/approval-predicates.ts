import { z } from 'zod';
import { endOfParisDay, startOfParisDay } from './paris-time.ts';
import { nextOf, predicate } from './predicate.ts';
import type { Context } from './predicate.ts';
import type { ReasonCode } from './reasons.ts';
import { grounds, levels } from './subject.ts';
import type { Approval, Ground, Invitation } from './subject.ts';

/** From what tells most about a refusal to what tells least. */
const approvalStatuses = ['suspended', 'pending', 'refused', 'expired', 'active'] as const;
type ApprovalStatus = (typeof approvalStatuses)[number];

const invitationStatuses = ['active', 'expired', 'pending', 'revoked'] as const;
type InvitationStatus = (typeof invitationStatuses)[number];

/** Days are inclusive: an approval to the 31st holds all of the 31st in Paris. */
function periodStatus(
  { startsOn, endsOn }: { readonly startsOn: string; readonly endsOn: string },
  today: string,
): 'active' | 'expired' | 'pending' {
  if (today < startsOn) return 'pending';
  return today > endsOn ? 'expired' : 'active';
}

export function approvalStatus(approval: Approval, today: string): ApprovalStatus {
  if (approval.status === 'pending' || approval.status === 'refused') return approval.status;
  const period = periodStatus(approval, today);
  return approval.status === 'suspended' && period !== 'expired' ? 'suspended' : period;
}

export function invitationStatus(invitation: Invitation, today: string): InvitationStatus {
  return invitation.status === 'revoked' ? 'revoked' : periodStatus(invitation, today);
}

/** Those of this very organization: an approval never serves another SIREN, wherever the list came from. */
export function ownApprovals({ subject, organization }: Context): readonly Approval[] {
  return subject.approvals.filter(({ siren }) => siren === organization.siren);
}

interface ApprovalLiteral {
  readonly service: string;
  readonly status: ApprovalStatus;
  readonly operator?: string | undefined;
  readonly ground?: Ground | undefined;
}

/** Whether the predicate speaks of this approval: an approval never serves another SIREN, wherever the list came from. */
function concerns(
  { service, operator, ground }: ApprovalLiteral,
  { organization }: Context,
  candidate: Approval,
): boolean {
  return (
    candidate.siren === organization.siren &&
    candidate.service === service &&
    (operator === undefined || candidate.operator === operator) &&
    (ground === undefined || candidate.ground === ground)
  );
}

interface Found<T, S> {
  readonly item: T;
  readonly status: S;
}

/** Positive when `left` is to be preferred: the status asked for, else the one that tells most about a refusal. */
function compareStatuses<S extends string>(ranks: readonly S[], wanted: S, left: S, right: S): number {
  if (left === right) return 0;
  if (left === wanted) return 1;
  return right === wanted ? -1 : ranks.indexOf(right) - ranks.indexOf(left);
}

/** A suspension holds from its first day to its last, whatever else was granted beside it. */
export const isSuspendedToday = (approval: Approval, today: string): boolean =>
  approval.status === 'suspended' && periodStatus(approval, today) === 'active';

/** What anybody may know: the rights in force, and those that were; not what is asked for, refused or suspended. */
export const publicRights = (approvals: readonly Approval[], today: string): readonly Approval[] =>
  approvals.filter(
    ({ service: id, status, startsOn }) =>
      status === 'active' &&
      startsOn <= today &&
      !approvals.some((other) => other.service === id && isSuspendedToday(other, today)),
  );

/**
 * A suspension that runs comes before everything: two rights for one service should not be, and if they are, suspending one
 * ends access. Else the status asked for, then the one that tells most. Among those of one status: the highest level, then
 * the latest end, then by id so that the choice is always the same.
 */
function chooseApproval(
  literal: ApprovalLiteral,
  context: Context,
  day: string,
): Found<Approval, ApprovalStatus> | undefined {
  let chosen: Found<Approval, ApprovalStatus> | undefined;
  for (const item of context.subject.approvals) {
    if (!concerns(literal, context, item)) continue;
    const status = approvalStatus(item, day);
    const order =
      chosen === undefined
        ? 1
        : Number(isSuspendedToday(item, day)) - Number(isSuspendedToday(chosen.item, day)) ||
          compareStatuses(approvalStatuses, literal.status, status, chosen.status) ||
          levels.indexOf(item.level) - levels.indexOf(chosen.item.level) ||
          compareTexts(item.endsOn, chosen.item.endsOn) ||
          compareTexts(chosen.item.id, item.id);
    if (order > 0) chosen = { item, status };
  }
  return chosen;
}

function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

const boundaries = (period: { readonly startsOn: string; readonly endsOn: string }): readonly Date[] => [
  startOfParisDay(period.startsOn),
  endOfParisDay(period.endsOn),
];

const approvalReasons: Readonly<Record<ApprovalStatus, ReasonCode | undefined>> = {
  suspended: 'approval_suspended',
  pending: 'approval_pending',
  refused: 'approval_refused',
  expired: 'approval_expired',
  active: undefined,
};

const service = z.string().min(1);

export const approval = predicate<ApprovalLiteral, ApprovalStatus>({
  literal: z
    .strictObject({
      service,
      status: z.enum(approvalStatuses),
      operator: z.string().min(1).optional(),
      ground: z.enum(grounds).optional(),
    })
    .readonly(),
  name: (literal) => `approval.${literal.service}`,
  read: (context, literal) => {
    const { subject, today, now, approvalsOn = today } = context;
    const chosen = chooseApproval(literal, context, approvalsOn);
    if (chosen === undefined) return { value: null, source: 'approvals', asOf: approvalsOn };
    // What holds, holds to the end of the approval that is relied on, or until a suspension begins; what does not may
    // change at any date.
    const relied =
      literal.status === 'active' && chosen.status === 'active' && context.approvalsOn === undefined;
    const candidates = subject.approvals.filter(
      (candidate) =>
        concerns(literal, context, candidate) &&
        (!relied || candidate === chosen.item || candidate.status === 'suspended'),
    );
    return {
      value: chosen.status,
      source: `approval ${chosen.item.id}`,
      asOf: approvalsOn,
      until: nextOf(candidates.flatMap(boundaries), now),
      evidence: { kind: 'approval', approval: chosen.item },
    };
  },
  holds: (literal) => (status) => status === literal.status,
  reason: (status, _literal, context) => {
    if (status !== null && status !== undefined) return approvalReasons[status];
    const elsewhere = ownApprovals(context).some(
      (candidate) => approvalStatus(candidate, context.today) === 'active',
    );
    return elsewhere ? 'service_not_covered' : 'approval_missing';
  },
});

interface InvitationLiteral {
  readonly service: string;
  readonly status: InvitationStatus;
}

export const invitation = predicate<InvitationLiteral, InvitationStatus>({
  literal: z.strictObject({ service, status: z.enum(invitationStatuses) }).readonly(),
  name: (literal) => `invitation.${literal.service}`,
  read: ({ subject, today, now }, literal) => {
    const candidates = subject.invitations.filter((candidate) => candidate.service === literal.service);
    let chosen: Found<Invitation, InvitationStatus> | undefined;
    for (const item of candidates) {
      const status = invitationStatus(item, today);
      const order =
        chosen === undefined
          ? 1
          : compareStatuses(invitationStatuses, literal.status, status, chosen.status) ||
            compareTexts(item.endsOn, chosen.item.endsOn) ||
            compareTexts(chosen.item.id, item.id);
      if (order > 0) chosen = { item, status };
    }
    if (chosen === undefined) return { value: null, source: 'invitations', asOf: today };
    const relied = literal.status === 'active' && chosen.status === 'active';
    return {
      value: chosen.status,
      source: `invitation ${chosen.item.id}`,
      asOf: today,
      until: nextOf((relied ? [chosen.item] : candidates).flatMap(boundaries), now),
      evidence: { kind: 'invitation', invitation: chosen.item },
    };
  },
  holds: (literal) => (status) => status === literal.status,
  reason: (status) => {
    if (status === 'active') return undefined;
    return status === 'expired' ? 'guest_expired' : 'guest_not_invited';
  },
});
