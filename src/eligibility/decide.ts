import { compilePolicy } from './compiled-policy.ts';
import type { CompiledGuard, CompiledPolicy, CompiledRule } from './compiled-policy.ts';
import { testsOf, unsettledBy } from './condition.ts';
import type { Evaluation } from './condition.ts';
import type { Decision, FactUsed, TraceEntry } from './decision.ts';
import { exactReason } from './exact-reason.ts';
import { graces, nextApproval } from './grace.ts';
import type { Grace } from './grace.ts';
import { endOfParisDay, parisDate } from './paris-time.ts';
import type { Policy } from './policy.ts';
import type { Context } from './predicate.ts';
import { reasonSteps } from './reasons.ts';
import type { NextStep, ReasonCode } from './reasons.ts';
import { stepUp } from './step-up.ts';
import { levels } from './subject.ts';
import type { Approval, OrganizationAbsence, Subject } from './subject.ts';

/** What the caller knows of the circumstances and the policy does not say. */
export interface Circumstances {
  /** Named in the decision when there is no policy. */
  readonly service?: string | undefined;
  /** When the next version of the policy takes over. */
  readonly policyReplacedAt?: Date | undefined;
  /** From when the facts are too old to be relied on: the register has not answered since. */
  readonly factsStaleAt?: Date | undefined;
}

interface Examined {
  readonly part: TraceEntry['part'];
  readonly clause: CompiledGuard | CompiledRule;
  readonly evaluation: Evaluation;
}

/** In place of a rule of the policy: no policy can allow otherwise. */
export const revokedRule = 'membership:revoked';

const absences: Readonly<Record<OrganizationAbsence, ReasonCode>> = {
  none: 'organization_unknown',
  not_in_registry: 'organization_not_found_in_registry',
  not_diffusible: 'legal_category_unknown',
  registry_unavailable: 'registry_unavailable_stale',
};

/**
 * The one function that decides (invariant 1 of the design). Pure: guards first, which deny when true; then rules in
 * order, the first that is true wins; then rights that go on for a while after their approval (grace.ts); otherwise
 * denied. What is unknown is never true, so that it never allows.
 */
export function decide(
  policy: Policy | undefined,
  subject: Subject,
  now: Date,
  circumstances: Circumstances = {},
): Decision {
  const compiled = policy && compilePolicy(policy);
  // Before all the rest: a person whom an organization no longer recognizes acts for it nowhere, and nothing that is only
  // out for a while (a register, a policy) makes that less final.
  if (subject.user.revoked === true) {
    return {
      ...refuse(compiled, now, 'membership_not_verified', circumstances),
      rule: revokedRule,
      nextSteps: ['ask_representative', 'choose_organization'],
    };
  }
  if (compiled === undefined || now.getTime() < compiled.startsAt) {
    return refuse(compiled, now, 'policy_missing', circumstances);
  }
  const { organization } = subject;
  if (organization === undefined) {
    return refuse(compiled, now, absences[subject.organizationAbsence ?? 'none'], circumstances);
  }
  const context: Context = {
    subject,
    organization,
    service: compiled.service,
    measure: compiled.measure,
    now,
    today: parisDate(now),
  };

  const stale = circumstances.factsStaleAt !== undefined && now >= circumstances.factsStaleAt;

  const examined: Examined[] = [];
  for (const guard of compiled.guards) {
    const evaluation = guard.condition.evaluate(context);
    examined.push({ part: 'guard', clause: guard, evaluation });
    if (evaluation.truth !== true) continue;
    return (
      (stale ? undefined : askAgain(compiled, context, examined)) ?? {
        ...refuse(compiled, now, guard.deny, circumstances),
        ...findings(examined),
        rule: guard.id,
      }
    );
  }
  if (stale) {
    return { ...refuse(compiled, now, 'registry_unavailable_stale', circumstances), ...findings(examined) };
  }
  for (const rule of compiled.rules) {
    const evaluation = rule.condition.evaluate(context);
    examined.push({ part: 'rule', clause: rule, evaluation });
    if (evaluation.truth === true) return allow(compiled, rule, context, examined, circumstances);
  }
  for (const grace of graces(compiled, context)) {
    examined.push({ part: 'grace', clause: grace.rule, evaluation: grace.evaluation });
    if (grace.evaluation.truth === true)
      return allow(compiled, grace.rule, context, examined, circumstances, grace);
  }
  const again = askAgain(compiled, context, examined);
  if (again !== undefined) return again;
  const evaluations = examined.filter(({ part }) => part === 'rule').map(({ evaluation }) => evaluation);
  const reason = exactReason(compiled, context, evaluations);
  return {
    ...refuse(compiled, now, reason, circumstances),
    ...findings(examined),
    nextSteps: stepsAfter(reason, compiled),
  };
}

/** Once a decision was taken about the organization, or is being taken, asking for another is no way on. */
const settled: ReadonlySet<ReasonCode> = new Set([
  'approval_pending',
  'approval_refused',
  'approval_suspended',
] as const);

function stepsAfter(reason: ReasonCode, { deny, nextSteps = [] }: CompiledPolicy): readonly NextStep[] {
  if (settled.has(reason)) return reasonSteps[reason];
  if (reason === deny && nextSteps.length > 0) return nextSteps;
  return [...new Set([...reasonSteps[reason], ...nextSteps])];
}

function refuse(
  policy: CompiledPolicy | undefined,
  now: Date,
  reason: ReasonCode,
  { service = '' }: Circumstances,
): Decision {
  return {
    decision: 'deny',
    service: policy?.service ?? service,
    level: undefined,
    entitlements: [],
    reason,
    rule: undefined,
    basis: undefined,
    ground: undefined,
    approvalId: undefined,
    grace: undefined,
    policy: policy?.name ?? 'none',
    policyHash: policy?.hash ?? '',
    validUntil: undefined,
    decidedAt: now,
    factsUsed: [],
    unknownFacts: [],
    requiredAcr: undefined,
    nextSteps: reasonSteps[reason],
    trace: [],
  };
}

function askAgain(
  policy: CompiledPolicy,
  context: Context,
  examined: readonly Examined[],
): Decision | undefined {
  const found = stepUp(policy, context, () => ({
    guards: evaluateAll(policy.guards, context, examined),
    rules: [
      ...evaluateAll(policy.rules, context, examined),
      ...graces(policy, context).map(({ evaluation }) => evaluation),
    ],
  }));
  if (found === undefined) return undefined;
  return {
    ...refuse(policy, context.now, found.reason, {}),
    ...findings(examined),
    decision: 'step_up',
    requiredAcr: found.requiredAcr,
  };
}

/** A guard that denied stops the examination: what was not looked at yet is evaluated now. */
function evaluateAll(
  clauses: readonly (CompiledGuard | CompiledRule)[],
  context: Context,
  examined: readonly Examined[],
): readonly Evaluation[] {
  return clauses.map(
    (clause) =>
      examined.find((entry) => entry.clause === clause && entry.part !== 'grace')?.evaluation ??
      clause.condition.evaluate(context),
  );
}

function allow(
  policy: CompiledPolicy,
  rule: CompiledRule,
  context: Context,
  examined: readonly Examined[],
  { policyReplacedAt, factsStaleAt }: Circumstances,
  grace?: Grace,
): Decision {
  const approval = rule.basis === 'approval' ? approvalBehind(examined.at(-1)?.evaluation) : undefined;
  // A guard or an earlier rule may also turn with time: the decision stands as long as none of them does.
  const until = Math.min(
    ...examined.map(({ evaluation }) => evaluation.until),
    approval === undefined || grace !== undefined ? Infinity : endOfParisDay(approval.endsOn).getTime(),
    grace === undefined ? Infinity : Math.min(endOfParisDay(grace.lastDay).getTime(), nextApproval(context)),
    Number(policyReplacedAt ?? Infinity),
    Number(factsStaleAt ?? Infinity),
  );
  return {
    decision: 'allow',
    service: policy.service,
    // The approval says the level; the policy of the service stays its ceiling.
    level: levels.find((level) => [rule.level, approval?.level, grace?.terms.level].includes(level)),
    entitlements: grace?.terms.entitlements ?? rule.entitlements,
    reason: undefined,
    rule: rule.id,
    basis: rule.basis,
    ground: approval?.ground,
    approvalId: approval?.id,
    grace: grace && { endedOn: grace.endedOn, lastDay: grace.lastDay },
    policy: policy.name,
    policyHash: policy.hash,
    validUntil: Number.isFinite(until) ? new Date(until) : undefined,
    decidedAt: context.now,
    requiredAcr: undefined,
    // What goes on for a while is meant for asking for the approval again.
    nextSteps: grace === undefined ? [] : ['request_approval'],
    ...findings(examined),
  };
}

function approvalBehind(evaluation: Evaluation | undefined): Approval | undefined {
  if (evaluation === undefined) return undefined;
  for (const { truth, reading } of testsOf(evaluation)) {
    const { evidence, value } = reading;
    if (truth === true && value === 'active' && evidence?.kind === 'approval') return evidence.approval;
  }
  return undefined;
}

function findings(examined: readonly Examined[]): Pick<Decision, 'factsUsed' | 'unknownFacts' | 'trace'> {
  const facts = new Map<string, FactUsed>();
  const unknown = new Set<string>();
  const trace: TraceEntry[] = [];
  for (const { part, clause, evaluation } of examined) {
    const tests = testsOf(evaluation);
    for (const { predicate, reading } of tests) {
      const { value, source, asOf } = reading;
      if (value !== undefined) facts.set(predicate.name, { name: predicate.name, value, source, asOf });
    }
    for (const { predicate } of unsettledBy(evaluation)) unknown.add(predicate.name);
    trace.push({
      part,
      id: clause.id,
      truth: evaluation.truth,
      tests: tests.map(({ predicate, reading, truth }) => ({
        name: predicate.name,
        expected: predicate.expected,
        value: reading.value,
        source: reading.source,
        asOf: reading.asOf,
        truth,
      })),
    });
  }
  return { factsUsed: [...facts.values()], unknownFacts: [...unknown], trace };
}
