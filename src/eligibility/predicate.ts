import type { z } from 'zod';
import type { OrganizationFacts } from '../organizations/organizations.ts';
import type { Truth } from './kleene.ts';
import type { ReasonCode } from './reasons.ts';
import type { Approval, Invitation, Subject } from './subject.ts';

/** Which of the two legal populations a policy counts (décret 2003-485): municipal unless it says otherwise. */
export const measures = ['municipale', 'totale'] as const;
export type Measure = (typeof measures)[number];

/** What a predicate may look at. */
export interface Context {
  readonly subject: Subject;
  readonly organization: OrganizationFacts;
  /** Service of the policy. */
  readonly service: string;
  readonly measure: Measure;
  readonly now: Date;
  /** Civil day in Paris. */
  readonly today: string;
  /** Approvals are read as of this day, which is past; of today when absent (see grace.ts). */
  readonly approvalsOn?: string | undefined;
}

export type FactValue = string | number | boolean | readonly string[];

/** One fact as read. Undefined: we do not know. Null: we know that there is none, so that nothing holds of it. */
export interface Reading<V extends FactValue> {
  readonly value: V | null | undefined;
  readonly source: string;
  /** Date of the source, or of the observation. */
  readonly asOf: string;
  /** The next instant, in ms, at which the answer changes by the passing of time alone; absent when it does not. */
  readonly until?: number | undefined;
  readonly evidence?: Evidence | undefined;
}

/** The decision of a human behind a fact: what gives level and ground to a rule. */
export type Evidence =
  | { readonly kind: 'approval'; readonly approval: Approval }
  | { readonly kind: 'invitation'; readonly invitation: Invitation };

/** The result of one predicate. */
export interface Test {
  readonly kind: 'test';
  readonly predicate: CompiledPredicate;
  readonly truth: Truth;
  /** Instant from which the answer may differ with the same facts, in ms; Infinity when time plays no part. */
  readonly until: number;
  readonly reading: Reading<FactValue>;
}

export interface CompiledPredicate {
  /** Name of the fact: `org.population`, `approval.docs`. */
  readonly name: string;
  /** What the policy expects, as written. */
  readonly expected: unknown;
  /** A new authentication at the same identity provider may turn the answer round. */
  readonly reauthenticates: boolean;
  test(context: Context): Test;
  /** Why, if this predicate alone stands in the way. */
  reason(context: Context): ReasonCode | undefined;
}

/** One row of the table of predicates. */
export interface Predicate {
  readonly schema: z.ZodType;
  compile(name: string, expected: unknown): CompiledPredicate;
}

export interface PredicateDefinition<L, V extends FactValue> {
  /** What a policy may write. */
  readonly literal: z.ZodType<L>;
  /** When the name of the fact depends on the literal. */
  readonly name?: (literal: L) => string;
  readonly read: (context: Context, literal: L) => Reading<V>;
  readonly holds: (literal: L) => (value: V) => boolean;
  readonly reason?: (value: V | null | undefined, literal: L, context: Context) => ReasonCode | undefined;
  readonly reauthenticates?: boolean;
}

/** Closes a definition over its types, so that rows of different types stand in one table. */
export function predicate<L, V extends FactValue>(definition: PredicateDefinition<L, V>): Predicate {
  return {
    schema: definition.literal,
    compile(name, expected) {
      const literal = definition.literal.parse(expected);
      const holds = definition.holds(literal);
      const compiled: CompiledPredicate = {
        name: definition.name?.(literal) ?? name,
        expected,
        reauthenticates: definition.reauthenticates ?? false,
        test(context) {
          const reading = definition.read(context, literal);
          const { value } = reading;
          return {
            kind: 'test',
            predicate: compiled,
            truth: value === undefined ? 'unknown' : value !== null && holds(value),
            until: reading.until ?? Infinity,
            reading,
          };
        },
        reason: (context) => definition.reason?.(definition.read(context, literal).value, literal, context),
      };
      return compiled;
    },
  };
}

/** The earliest of the instants that are still to come, in ms. */
export function nextOf(instants: readonly (Date | number)[], now: Date): number {
  let next = Infinity;
  for (const instant of instants) {
    const time = Number(instant);
    if (time > now.getTime() && time < next) next = time;
  }
  return next;
}
