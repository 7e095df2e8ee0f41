import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { graceDays } from './grace.ts';
import { endOfParisDay, parisDate } from './paris-time.ts';
import type { Policy } from './policy.ts';
import { anyMember } from './simulate.ts';
import type { Approval, Subject } from './subject.ts';

/** `goes_on`: under the second version only; `stops`: under the first one only; `changes`: for longer, shorter, or otherwise. */
export const afterwardVerdicts = ['goes_on', 'stops', 'changes'] as const;
export type AfterwardVerdict = (typeof afterwardVerdicts)[number];

export interface Afterwards {
  readonly approval: Approval;
  readonly verdict: AfterwardVerdict;
  /** Of the day after the last one of the approval. */
  readonly before: Decision;
  readonly after: Decision;
}

/** Whether either version lets a right go on after the last day of its approval. */
export const knowsGrace = (...versions: readonly (Policy | undefined)[]): boolean =>
  versions.some((policy) => policy !== undefined && graceDays(policy).length > 0);

/**
 * What becomes of the rights of an organization on the day after the last one of each approval that is not over yet, where
 * two versions differ about it. `decide()` is asked about that day, as the organization is now; a right that another
 * approval, or another rule, still gives that day is none of it.
 */
export function compareAfterwards(
  before: Policy | undefined,
  after: Policy,
  subject: Pick<Subject, 'organization' | 'approvals'>,
  at: Date,
): readonly Afterwards[] {
  if (!knowsGrace(before, after)) return [];
  const today = parisDate(at);
  return subject.approvals.flatMap((approval): readonly Afterwards[] => {
    if (approval.status !== 'active' || approval.lapses !== true || approval.endsOn < today) return [];
    const next = endOfParisDay(approval.endsOn);
    const supposed = { ...anyMember(next), ...subject };
    const decisions = { before: decide(before, supposed, next), after: decide(after, supposed, next) };
    const verdict = verdictOf(decisions);
    return verdict === undefined ? [] : [{ approval, verdict, ...decisions }];
  });
}

function verdictOf({ before, after }: Pick<Afterwards, 'before' | 'after'>): AfterwardVerdict | undefined {
  if (before.grace === undefined && after.grace === undefined) return undefined;
  const [opened, opens] = [before.decision !== 'deny', after.decision !== 'deny'];
  if (opened !== opens) return opens ? 'goes_on' : 'stops';
  return said(before) === said(after) ? undefined : 'changes';
}

const said = ({ grace, level, entitlements }: Decision): string =>
  JSON.stringify([grace?.lastDay, level, entitlements]);
