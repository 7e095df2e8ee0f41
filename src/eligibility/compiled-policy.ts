import { compileCondition } from './condition.ts';
import type { CompiledCondition } from './condition.ts';
import { startOfParisDay } from './paris-time.ts';
import type { Measure } from './predicate.ts';
import { policyHash } from './policy.ts';
import type { Basis, Policy } from './policy.ts';
import type { NextStep, ReasonCode } from './reasons.ts';
import type { Level } from './subject.ts';

export interface CompiledGuard {
  readonly id: string;
  readonly deny: ReasonCode;
  readonly condition: CompiledCondition;
}

export interface CompiledRule {
  readonly id: string;
  readonly condition: CompiledCondition;
  readonly level: Level;
  /** A set: sorted, unique. */
  readonly entitlements: readonly string[];
  readonly basis: Basis;
  /** What follows the end of the approval; undefined for nothing. */
  readonly grace: CompiledGrace | undefined;
}

export interface CompiledGrace {
  readonly days: number;
  readonly level: Level;
  readonly entitlements: readonly string[];
  /** Facts of the rule that are approvals: `approval.docs`. */
  readonly approvals: ReadonlySet<string>;
}

export interface CompiledPolicy {
  readonly service: string;
  /** `docs@3` */
  readonly name: string;
  readonly hash: string;
  readonly startsAt: number;
  readonly measure: Measure;
  readonly guards: readonly CompiledGuard[];
  readonly rules: readonly CompiledRule[];
  readonly deny: ReasonCode;
  readonly nextSteps: readonly NextStep[] | undefined;
  /** Whether a new authentication can change anything. */
  readonly reauthenticates: boolean;
  /** Whether any rule lets guests in by invitation. */
  readonly knowsGuests: boolean;
  /** Authentication methods (amr) that the policy names. */
  readonly methods: readonly string[];
}

const compiled = new WeakMap<Policy, CompiledPolicy>();

/** Compiled once per parsed document: parsed policies are frozen. */
export function compilePolicy(policy: Policy): CompiledPolicy {
  const known = compiled.get(policy);
  if (known !== undefined) return known;
  const made = compile(policy);
  compiled.set(policy, made);
  return made;
}

/** Whether any rule of this policy lets guests in by invitation. */
export const knowsGuests = (policy: Policy): boolean => compilePolicy(policy).knowsGuests;

function compile(policy: Policy): CompiledPolicy {
  const guards = policy.guards.map((guard) => ({
    id: `guard:${guard.deny}`,
    deny: guard.deny,
    condition: compileCondition(guard.if),
  }));
  const rules = policy.rules.map((rule) => {
    const condition = compileCondition(rule.if);
    return {
      id: rule.id,
      condition,
      level: rule.allow.level,
      entitlements: setOf(rule.allow.entitlements),
      basis: rule.basis,
      grace: compileGrace(rule, condition),
    };
  });
  const predicates = [...guards, ...rules].flatMap(({ condition }) => condition.predicates);
  return {
    service: policy.service,
    name: `${policy.service}@${policy.version}`,
    hash: policyHash(policy),
    startsAt: startOfParisDay(policy.valid_from).getTime(),
    measure: policy.measure ?? 'municipale',
    guards,
    rules,
    deny: policy.default.deny,
    nextSteps: policy.default.next_steps,
    reauthenticates: predicates.some((predicate) => predicate.reauthenticates),
    knowsGuests: predicates.some(({ name }) => name === `invitation.${policy.service}`),
    methods: predicates.flatMap(({ name, expected }) => (name === 'auth.amr' ? methodsIn(expected) : [])),
  };
}

const setOf = (entitlements: readonly string[]): readonly string[] => [...new Set(entitlements)].sort();

function compileGrace(
  { allow, grace }: Policy['rules'][number],
  { predicates }: CompiledCondition,
): CompiledGrace | undefined {
  if (grace === undefined || grace.days === 0) return undefined;
  const names = predicates.map(({ name }) => name).filter((name) => name.startsWith('approval.'));
  return {
    days: grace.days,
    level: grace.level,
    entitlements: setOf(grace.entitlements ?? allow.entitlements),
    approvals: new Set(names),
  };
}

function methodsIn(expected: unknown): readonly string[] {
  if (typeof expected === 'string') return [expected];
  if (typeof expected !== 'object' || expected === null || !('in' in expected)) return [];
  return Array.isArray(expected.in) ? expected.in.filter((method) => typeof method === 'string') : [];
}
