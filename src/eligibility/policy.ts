import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../config/config.ts';
import { conditionSchema } from './condition.ts';
import type { Condition } from './condition.ts';
import { startOfParisDay } from './paris-time.ts';
import { measures } from './predicate.ts';
import { nextSteps, reasonCodes } from './reasons.ts';
import { levels } from './subject.ts';

export const bases = ['public_service', 'territorial_rule', 'approval', 'invitation', 'open'] as const;
export type Basis = (typeof bases)[number];

const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, { error: 'expected lower-case letters, digits, hyphens' });
const entitlement = z
  .string()
  .regex(/^[a-z][a-z0-9_.:-]{0,63}$/, { error: 'expected a name such as create_room' });

const guardSchema = z.strictObject({ if: conditionSchema, deny: z.enum(reasonCodes) }).readonly();

/** Bases that rest on a human decision: the rule has to ask for it. */
const evidenceOfBasis: Partial<Record<Basis, 'approval' | 'invitation'>> = {
  approval: 'approval',
  invitation: 'invitation',
};

/** Days: as long as the first reminder comes before the end. What goes on for longer is a right, and is granted as one. */
export const longestGraceDays = 90;

/** What goes on, and for how long, after the last day of an approval that nothing but that day has ended. */
const graceSchema = z
  .strictObject({
    days: z.int().min(0).max(longestGraceDays),
    level: z.enum(levels),
    /** Those of the rule when absent. */
    entitlements: z.array(entitlement).readonly().optional(),
  })
  .readonly();

const ruleSchema = z
  .strictObject({
    id: slug,
    if: conditionSchema,
    allow: z
      .strictObject({ level: z.enum(levels), entitlements: z.array(entitlement).readonly() })
      .readonly(),
    basis: z.enum(bases),
    grace: graceSchema.optional(),
  })
  .readonly()
  .superRefine(({ basis, allow, grace }, context) => {
    if (grace === undefined) return;
    const refuse = (path: readonly string[], message: string) =>
      context.addIssue({ code: 'custom', path: ['grace', ...path], message });
    if (basis !== 'approval') refuse([], 'only a rule with basis approval may let a right go on');
    if (levels.indexOf(grace.level) > levels.indexOf(allow.level))
      refuse(['level'], 'what goes on is never more than what the rule allows');
    if (grace.entitlements?.some((one) => !allow.entitlements.includes(one)) === true)
      refuse(['entitlements'], 'what goes on is never more than what the rule allows');
  })
  .superRefine((rule, context) => {
    const needed = evidenceOfBasis[rule.basis];
    if (needed !== undefined && !asksForActive(rule.if, needed)) {
      context.addIssue({
        code: 'custom',
        path: ['basis'],
        message: `basis ${rule.basis} needs the predicate ${needed} with status active in this rule`,
      });
    }
  });

/**
 * One document per service (domain reference §5.3): guards, then rules in order, the first that is true wins, and
 * what no rule allows is denied. Strict at every level: what we do not know is refused with its path.
 */
export const policySchema = z
  .strictObject({
    service: slug,
    version: z.int().positive(),
    /** In force from 00:00 Europe/Paris of this day. */
    valid_from: z.iso.date(),
    measure: z.enum(measures).optional(),
    /** True: a code sent to the mailbox that the identity provider answers for counts as a second factor. */
    email_code: z.boolean().optional(),
    guards: z.array(guardSchema).readonly(),
    rules: z.array(ruleSchema).readonly(),
    default: z
      .strictObject({
        deny: z.enum(reasonCodes),
        next_steps: z.array(z.enum(nextSteps)).readonly().optional(),
      })
      .readonly(),
  })
  .readonly()
  .superRefine(({ rules }, context) => {
    const seen = new Set<string>();
    for (const [index, { id }] of rules.entries()) {
      if (seen.has(id)) {
        context.addIssue({
          code: 'custom',
          path: ['rules', index, 'id'],
          message: `rule ${id} is there twice`,
        });
      }
      seen.add(id);
    }
  });

export type Policy = z.infer<typeof policySchema>;

/** @throws ZodError with the path of each fault */
export function parsePolicy(document: unknown): Policy {
  return policySchema.parse(document);
}

/** SHA-256, hexadecimal, of the canonical JSON: two documents with one meaning have one hash. */
export function policyHash(policy: Policy): string {
  return createHash('sha256').update(canonicalJson(policy)).digest('hex');
}

export interface PolicyInForce {
  readonly policy: Policy;
  /** When the next version takes over: no decision outlives it. */
  readonly replacedAt: Date | undefined;
}

/** Among the versions of one service: the latest that has begun; on the same day, the highest number. */
export function policyInForce(versions: readonly Policy[], now: Date): PolicyInForce | undefined {
  const start = ({ valid_from }: Policy): number => startOfParisDay(valid_from).getTime();
  const time = now.getTime();
  const [policy] = versions
    .filter((version) => start(version) <= time)
    .sort((left, right) => start(right) - start(left) || right.version - left.version);
  if (policy === undefined) return undefined;
  const next = Math.min(...versions.map(start).filter((begins) => begins > time));
  return { policy, replacedAt: Number.isFinite(next) ? new Date(next) : undefined };
}

function asksForActive(condition: Condition, predicate: 'approval' | 'invitation'): boolean {
  const { all, any, not } = condition;
  if (not !== undefined) return false;
  if (all !== undefined || any !== undefined) {
    return [...(all ?? []), ...(any ?? [])].some((part) => asksForActive(part, predicate));
  }
  const expected = condition[predicate];
  return (
    typeof expected === 'object' && expected !== null && 'status' in expected && expected.status === 'active'
  );
}
