import { z } from 'zod';
import { termsSchema } from '../registrations/registrations.ts';
import type { Terms } from '../registrations/registrations.ts';
import { limits } from './rules.ts';

const words = z
  .string()
  .regex(/^[^\0]*$/u)
  .trim()
  .min(1);

/** What a lot decides for every organization of its list: written once. */
export const batchDecisionSchema = termsSchema.extend({
  services: z.array(words.max(200)).min(1).max(20),
  /** Written reasons, in fact (CRPA art. L211-5). */
  text: words.max(8_000),
  /** The article, the agreement or the published rule that it rests on. */
  rule: words.max(1_500),
});
export type BatchDecision = z.output<typeof batchDecisionSchema>;

export type DaysProblem = 'past' | 'order' | 'far';

/** The same day so many years later, as text: every date is of ten characters. */
const yearsLater = (day: string): string =>
  `${String(Number(day.slice(0, 4)) + limits.years)}${day.slice(4)}`;

/** What is wrong with the days of a right. */
export function endProblem(startsOn: string, endsOn: string): Exclude<DaysProblem, 'past'> | undefined {
  if (endsOn < startsOn) return 'order';
  return endsOn > yearsLater(startsOn) ? 'far' : undefined;
}

/** A right never begins before it was decided: a lot that waited for its second person begins on the day they agree. */
export const beginsOn = ({ startsOn }: Pick<BatchDecision, 'startsOn'>, today: string): string =>
  startsOn < today ? today : startsOn;

/** @param endsOn of the line, when it has a day of its own */
export const termsFor = (
  { level, ground, conditions, ...decision }: BatchDecision,
  today: string,
  endsOn = decision.endsOn,
): Terms => ({ level, ground, conditions: [...conditions], startsOn: beginsOn(decision, today), endsOn });

/** Reasons and legal basis, as the letter and the file have them (CRPA art. L211-5). */
export const writtenReasons = ({ text, rule }: Pick<BatchDecision, 'text' | 'rule'>): string =>
  `${text}\n\nFondement juridique : ${rule}`;
