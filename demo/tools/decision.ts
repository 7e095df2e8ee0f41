import { z } from 'zod';
import { untilWords } from './french-dates.ts';
import type { Claims } from './relying-party.ts';
import { basisWords, levelWords, reasonWords } from './words.ts';

/** Null and absent say the same: nothing. */
const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);

/** The `eligibility` claim, as far as a tool needs it. Unknown members are ignored. */
const eligibilityClaim = z.looseObject({
  decision: z.enum(['allow', 'deny', 'step_up']),
  level: optional(z.string()),
  basis: optional(z.string()),
  reason: optional(z.string()),
  valid_until: optional(z.number()),
});
export type Eligibility = z.infer<typeof eligibilityClaim>;

/** Undefined when the broker says nothing about eligibility, or in words that this tool does not know. */
export const eligibilityOf = (claims: Claims): Eligibility | undefined =>
  eligibilityClaim.safeParse(claims['eligibility']).data;

/** One sentence for the person. Absent or unknown is not a yes. */
export const decisionSentence = (tool: string, eligibility: Eligibility | undefined): string => {
  if (eligibility === undefined) return `Le portail ne dit pas si ${tool} vous est ouvert.`;
  const { decision, level, basis, reason, valid_until: until } = eligibility;
  if (decision === 'allow') {
    const as = level === undefined ? '' : `, comme ${levelWords(level) ?? level}`;
    const when = until === undefined ? '' : `, ${untilWords(until)}`;
    const why = basis === undefined ? '' : ` Pourquoi : ${basisWords(basis) ?? basis}.`;
    return `${tool} vous est ouvert${as}${when}.${why}`;
  }
  const why = reason === undefined ? '' : ` Pourquoi : ${reasonWords(reason) ?? reason}.`;
  return decision === 'deny'
    ? `Le portail indique que ${tool} n’est pas ouvert à votre organisation.${why}`
    : `${tool} demande une connexion plus sûre.${why}`;
};
