import { z } from 'zod';

/**
 * The three shapes in which a policy states what it expects of a fact: a literal, `{ in: [...] }`, or bounds
 * (`lt lte gt gte`, all of them together). No expression, no pattern: evaluation always ends.
 */
type Scalar = string | number | boolean;

export type OneOf<T extends Scalar> = T | { readonly in: readonly T[] };

export interface Bounds<T extends Scalar> {
  readonly lt?: T | undefined;
  readonly lte?: T | undefined;
  readonly gt?: T | undefined;
  readonly gte?: T | undefined;
}

/** @param what names the value in the message of a refusal: "a SIREN as a string of 9 digits" */
export function oneOf<T extends Scalar>(item: z.ZodType<T>, what: string): z.ZodType<OneOf<T>> {
  return z.union([item, z.strictObject({ in: z.array(item).min(1).readonly() }).readonly()], {
    error: `expected ${what}, or { in: [...] } of them`,
  });
}

export function bounds<T extends Scalar>(item: z.ZodType<T>): z.ZodType<Bounds<T>> {
  return z
    .strictObject({
      lt: item.optional(),
      lte: item.optional(),
      gt: item.optional(),
      gte: item.optional(),
    })
    .readonly()
    .refine(hasLimit, { error: 'expected at least one of lt, lte, gt, gte' });
}

export function ordered<T extends Scalar>(item: z.ZodType<T>, what: string): z.ZodType<OneOf<T> | Bounds<T>> {
  return z.union([oneOf(item, what), bounds(item)], {
    error: `expected ${what}, { in: [...] } of them, or bounds (lt, lte, gt, gte)`,
  });
}

/** Closed list: the message names the values. */
export function listed<const T extends readonly string[]>(
  values: T,
): { item: z.ZodType<T[number]>; what: string } {
  return { item: z.enum(values), what: `one of ${values.join(', ')}` };
}

/** The values that the literal accepts. */
export function accepted<T extends Scalar>(literal: OneOf<T>): ReadonlySet<T> {
  return new Set(typeof literal === 'object' ? literal.in : [literal]);
}

/** At least one limit: no bounds at all would hold of everything. */
export function hasLimit({ lt, lte, gt, gte }: Bounds<Scalar>): boolean {
  return [lt, lte, gt, gte].some((limit) => limit !== undefined);
}

/** Where bounds turn for a value that grows with time: on reaching the limit, or on passing it. */
export function turnsOf<T extends Scalar>({
  lt,
  lte,
  gt,
  gte,
}: Bounds<T>): {
  readonly reaching: readonly T[];
  readonly passing: readonly T[];
} {
  const present = (limits: readonly (T | undefined)[]): readonly T[] =>
    limits.filter((limit) => limit !== undefined);
  return { reaching: present([lt, gte]), passing: present([lte, gt]) };
}

/** Sign of a comparison, undefined when the two values are not comparable: then no bound holds. */
export type Compare<T> = (left: T, right: T) => number | undefined;

export function withinBounds<T extends Scalar>(
  { lt, lte, gt, gte }: Bounds<T>,
  compare: Compare<T>,
): (value: T) => boolean {
  const sign = (value: T, limit: T): number => compare(value, limit) ?? NaN;
  return (value) =>
    (lt === undefined || sign(value, lt) < 0) &&
    (lte === undefined || sign(value, lte) <= 0) &&
    (gt === undefined || sign(value, gt) > 0) &&
    (gte === undefined || sign(value, gte) >= 0);
}

export function isBounds<T extends Scalar>(literal: OneOf<T> | Bounds<T>): literal is Bounds<T> {
  return typeof literal === 'object' && !('in' in literal);
}

export const compareNumbers: Compare<number> = (left, right) => left - right;

/** By the rank in a list that goes from the lowest to the highest. */
export function compareRanks<T>(ranks: readonly T[]): Compare<T> {
  return (left, right) => ranks.indexOf(left) - ranks.indexOf(right);
}
