import type { Truth } from './kleene.ts';
import type { Basis } from './policy.ts';
import type { FactValue } from './predicate.ts';
import type { NextStep, ReasonCode } from './reasons.ts';
import type { Ground, Level } from './subject.ts';

export interface FactUsed {
  readonly name: string;
  /** Null: we know that there is none. */
  readonly value: FactValue | null;
  readonly source: string;
  readonly asOf: string;
}

/**
 * One guard or rule that was looked at, in order, with each of its predicates. `grace`: a rule looked at again, its
 * approvals read as of the last day of one that has ended.
 */
export interface TraceEntry {
  readonly part: 'guard' | 'rule' | 'grace';
  readonly id: string;
  readonly truth: Truth;
  readonly tests: readonly TracedTest[];
}

export interface TracedTest {
  readonly name: string;
  /** As written in the policy. */
  readonly expected: unknown;
  /** Undefined: unknown. */
  readonly value: FactValue | null | undefined;
  /** Who says so; of what is unknown, who would. */
  readonly source: string;
  readonly asOf: string;
  readonly truth: Truth;
}

/** The answer for one person, of one organization, at one service, at one moment. It names nobody: it can be logged. */
export interface Decision {
  readonly decision: 'allow' | 'deny' | 'step_up';
  /** Empty when there was no policy to name it. */
  readonly service: string;
  readonly level: Level | undefined;
  /** A set: sorted, unique. Empty unless allowed. */
  readonly entitlements: readonly string[];
  /** Undefined when allowed. */
  readonly reason: ReasonCode | undefined;
  /** The rule that allowed, or the guard that denied (`guard:organization_closed`). */
  readonly rule: string | undefined;
  readonly basis: Basis | undefined;
  readonly ground: Ground | undefined;
  readonly approvalId: string | undefined;
  /** Set when the approval has ended and the policy lets the right go on for a while (days are inclusive). */
  readonly grace: { readonly endedOn: string; readonly lastDay: string } | undefined;
  /** `docs@3`, or `none`. */
  readonly policy: string;
  readonly policyHash: string;
  /** First instant at which the permission no longer holds. Undefined when nothing ends it, or when not allowed. */
  readonly validUntil: Date | undefined;
  readonly decidedAt: Date;
  readonly factsUsed: readonly FactUsed[];
  /** Facts that we do not hold and that could have changed the outcome. */
  readonly unknownFacts: readonly string[];
  /** Any one of these would do; undefined when the level of authentication is not what is missing. */
  readonly requiredAcr: readonly string[] | undefined;
  readonly nextSteps: readonly NextStep[];
  readonly trace: readonly TraceEntry[];
}
