import { isSuspendedToday, ownApprovals } from './approval-predicates.ts';
import type { CompiledGrace, CompiledPolicy, CompiledRule } from './compiled-policy.ts';
import { testsOf } from './condition.ts';
import type { Evaluation } from './condition.ts';
import { addDays, endOfParisDay, startOfParisDay } from './paris-time.ts';
import { nextOf } from './predicate.ts';
import type { Context } from './predicate.ts';
import type { Policy } from './policy.ts';
import { levels } from './subject.ts';
import type { Approval, Level } from './subject.ts';

/**
 * A right goes on after the last day of its approval, where the policy says so: the rule is asked again as if that day
 * went on, for as many days. Everything but the approvals is of today (the organization, the person, their sign-in), so
 * that nobody comes in whom the rule would not have let in on that day.
 */
export interface Grace {
  readonly rule: CompiledRule;
  readonly terms: CompiledGrace;
  readonly endedOn: string;
  readonly lastDay: string;
  readonly evaluation: Evaluation;
}

/**
 * Every rule that may let a right go on, with each approval that ended lately enough, in the order in which the first that
 * is true wins. None for an organization that has closed or is suspended, whatever the guards say.
 */
export function graces({ rules }: CompiledPolicy, context: Context): readonly Grace[] {
  const { organization, today } = context;
  if (!organization.active || organization.suspended) return [];
  return rules.flatMap((rule) => {
    const { grace: terms } = rule;
    if (terms === undefined) return [];
    return ownApprovals(context)
      .filter((approval) => hasLapsed(approval, today) && terms.approvals.has(`approval.${approval.service}`))
      .map((approval) => ({ approval, lastDay: addDays(approval.endsOn, terms.days) }))
      .filter(({ lastDay }) => today <= lastDay)
      .toSorted((one, other) => compareApprovals(one.approval, other.approval))
      .map(({ approval, lastDay }) => {
        const evaluation = rule.condition.evaluate({ ...context, approvalsOn: approval.endsOn });
        return { approval, grace: { rule, terms, endedOn: approval.endsOn, lastDay, evaluation } };
      })
      .filter(({ approval, grace }) => standsOn(approval, grace.evaluation, context))
      .map(({ grace }) => grace);
  });
}

/** For how long rules of this version let rights go on: none for not at all. */
export const graceDays = ({ rules }: Policy): readonly number[] => [
  ...new Set(rules.flatMap(({ grace }) => (grace === undefined || grace.days === 0 ? [] : [grace.days]))),
];

/**
 * What any approved organization may count on after the last day of its approval: the least that the rules say, and
 * nothing as soon as one of them says nothing.
 */
export function sureGrace({ rules }: Policy): { readonly days: number; readonly level: Level } | undefined {
  const terms = rules
    .filter(({ basis }) => basis === 'approval')
    .map(({ grace }) => grace ?? { days: 0, level: levels[0] });
  const days = Math.min(...terms.map((one) => one.days));
  const level = levels.find((one) => terms.some((term) => term.level === one));
  return terms.length === 0 || days === 0 || level === undefined ? undefined : { days, level };
}

/** The next instant at which another approval begins, ends, or begins to go on. */
export const nextApproval = (context: Context): number =>
  nextOf(
    ownApprovals(context).flatMap(({ startsOn, endsOn }) => [
      startOfParisDay(startsOn),
      endOfParisDay(endsOn),
    ]),
    context.now,
  );

const hasLapsed = ({ status, lapses, endsOn }: Approval, today: string): boolean =>
  status === 'active' && lapses === true && endsOn < today;

/** The one that ended last, then the one that gave more, then always the same. */
const compareApprovals = (one: Approval, other: Approval): number =>
  compareTexts(other.endsOn, one.endsOn) ||
  levels.indexOf(other.level) - levels.indexOf(one.level) ||
  compareTexts(one.id, other.id);

const compareTexts = (left: string, right: string): number => (left === right ? 0 : left < right ? -1 : 1);

/**
 * The rule rests on this approval; and all that it reads as in force either is so today, or has come to its end by
 * itself. A suspension that runs today ends what goes on, as it ends what is in force.
 */
function standsOn(approval: Approval, evaluation: Evaluation, context: Context): boolean {
  const { today } = context;
  const own = ownApprovals(context);
  const read = testsOf(evaluation).flatMap(({ truth, reading: { value, evidence } }) =>
    value === 'active' && evidence?.kind === 'approval' ? [{ one: evidence.approval, truth }] : [],
  );
  return (
    read.some(({ one, truth }) => one === approval && truth === true) &&
    read.every(
      ({ one }) =>
        (today <= one.endsOn || hasLapsed(one, today)) &&
        !own.some((other) => other.service === one.service && isSuspendedToday(other, today)),
    )
  );
}
