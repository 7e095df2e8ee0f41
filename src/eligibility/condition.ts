import { z } from 'zod';
import { allOf, anyOf, not } from './kleene.ts';
import type { Truth } from './kleene.ts';
import type { CompiledPredicate, Context, Test } from './predicate.ts';
import { predicates } from './predicates.ts';

/** One predicate by its name, or `all`, `any`, `not` of conditions: exactly one key. */
export interface Condition {
  readonly all?: readonly Condition[] | undefined;
  readonly any?: readonly Condition[] | undefined;
  readonly not?: Condition | undefined;
  readonly [predicate: string]: unknown;
}

const predicateShape = Object.fromEntries(
  Object.entries(predicates).map(([name, { schema }]) => [name, schema.optional()]),
);

/** Strict: a predicate that is not in the table is refused, with its path. */
export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z
    .strictObject(
      {
        ...predicateShape,
        all: z.array(conditionSchema).min(1).readonly().optional(),
        any: z.array(conditionSchema).min(1).readonly().optional(),
        not: conditionSchema.optional(),
      },
      {
        error: (issue) =>
          issue.code === 'unrecognized_keys' ? `unknown predicate: ${issue.keys.join(', ')}` : undefined,
      },
    )
    .refine((condition) => Object.keys(condition).length === 1, {
      error: 'expected exactly one predicate; combine several with all, any or not',
      // An unknown name is fault enough: it is not counted a second time.
      when: ({ issues }) => issues.length === 0,
    })
    .readonly(),
);

export interface Combination {
  readonly kind: 'all' | 'any' | 'not';
  readonly truth: Truth;
  /** See `Test`. */
  readonly until: number;
  readonly parts: readonly Evaluation[];
}

/** What became of a condition: the same tree, each node with its truth. */
export type Evaluation = Test | Combination;

export interface CompiledCondition {
  evaluate(context: Context): Evaluation;
  /** Every predicate of the tree, in the order written. */
  readonly predicates: readonly CompiledPredicate[];
}

export function compileCondition(condition: Condition): CompiledCondition {
  const [[key, expected] = ['', undefined]] = Object.entries(condition);
  if (condition.all !== undefined) return combine('all', condition.all);
  if (condition.any !== undefined) return combine('any', condition.any);
  if (condition.not !== undefined) return combine('not', [condition.not]);
  const row = predicates[key];
  if (row === undefined) throw new TypeError(`unknown predicate: ${key}`);
  const compiled = row.compile(key, expected);
  return { evaluate: (context) => compiled.test(context), predicates: [compiled] };
}

const truthTables: Readonly<Record<Combination['kind'], (truths: readonly Truth[]) => Truth>> = {
  all: allOf,
  any: anyOf,
  not: ([truth = 'unknown']) => not(truth),
};

function combine(kind: Combination['kind'], conditions: readonly Condition[]): CompiledCondition {
  const compiled = conditions.map(compileCondition);
  const truthOf = truthTables[kind];
  return {
    predicates: compiled.flatMap((part) => part.predicates),
    evaluate: (context) => {
      const parts = compiled.map((part) => part.evaluate(context));
      const truth = truthOf(parts.map((part) => part.truth));
      return { kind, truth, until: untilOf(kind, truth, parts), parts };
    },
  };
}

/** One false part keeps `all` false and one true part keeps `any` true: the last of them to end. Else the first. */
function untilOf(kind: Combination['kind'], truth: Truth, parts: readonly Evaluation[]): number {
  const decisive = kind === 'all' ? false : kind === 'any' ? true : undefined;
  return truth === decisive
    ? Math.max(...parts.filter((part) => part.truth === decisive).map((part) => part.until))
    : Math.min(...parts.map((part) => part.until));
}

/** What the condition would be worth if its tests were answered otherwise. */
export function reconsider(evaluation: Evaluation, answer: (test: Test) => Truth): Truth {
  if (evaluation.kind === 'test') return answer(evaluation);
  return truthTables[evaluation.kind](evaluation.parts.map((part) => reconsider(part, answer)));
}

/** The tests of a tree, in the order written. */
export function testsOf(evaluation: Evaluation): readonly Test[] {
  return evaluation.kind === 'test' ? [evaluation] : evaluation.parts.flatMap(testsOf);
}

/** The tests whose answer, if it were known, could settle a condition that is unknown. */
export function unsettledBy(evaluation: Evaluation): readonly Test[] {
  if (evaluation.truth !== 'unknown') return [];
  return evaluation.kind === 'test' ? [evaluation] : evaluation.parts.flatMap(unsettledBy);
}

/** The smallest set of tests that keeps a condition from being true; empty when it is true. */
export function blockersOf(evaluation: Evaluation): readonly Test[] {
  if (evaluation.truth === true) return [];
  if (evaluation.kind === 'test') return [evaluation];
  if (evaluation.kind === 'not') return evaluation.parts.flatMap(testsOf);
  const parts = evaluation.parts.filter((part) => part.truth !== true).map(blockersOf);
  if (evaluation.kind === 'all') return parts.flat();
  return parts.reduce((fewest, part) => (part.length < fewest.length ? part : fewest));
}
