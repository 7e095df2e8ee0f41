import { acrValues } from './acr.ts';
import { decide } from './decide.ts';
import type { Circumstances } from './decide.ts';
import type { Decision, TracedTest } from './decision.ts';
import type { Policy, PolicyInForce } from './policy.ts';
import { levels } from './subject.ts';
import type { Subject } from './subject.ts';

/*
 * What a policy would say: `decide()` asked about somebody who did not come. There is no second reading of a policy here.
 */

/** Who is supposed to come: what the register does not know. */
export type SupposedPerson = Pick<Subject, 'user' | 'auth' | 'invitations' | 'clientId'>;

/**
 * Somebody of whom the organization itself is all that could be missing: moderated, verified, signed in as strongly as can
 * be, a moment ago; invited by nobody. What depends on the person's provider or e-mail domain is not known of them.
 */
export function anyMember(now: Date): SupposedPerson {
  return {
    user: { emailDomain: undefined, emailVerified: true, link: 'official_source' },
    auth: { acr: acrValues.at(-1), amr: ['mfa', 'otp', 'hwk', 'pwd'], idp: 'any', authTime: now },
    invitations: [],
    clientId: 'any',
  };
}

export interface Simulated {
  readonly service: string;
  readonly decision: Decision;
}

/** One organization at every service: the decision of each, with all that was looked at. */
export function simulate(
  services: readonly string[],
  needs: {
    readonly policyFor: (service: string, at: Date) => PolicyInForce | undefined;
    readonly subject: Subject;
    readonly now: Date;
    readonly circumstances?: Circumstances;
  },
): readonly Simulated[] {
  const { policyFor, subject, now, circumstances } = needs;
  return services.map((service) => {
    const inForce = policyFor(service, now);
    return {
      service,
      decision: decide(inForce?.policy, subject, now, {
        ...circumstances,
        service,
        policyReplacedAt: inForce?.replacedAt,
      }),
    };
  });
}

export const verdicts = ['gains', 'loses', 'changes', 'unchanged'] as const;
export type Verdict = (typeof verdicts)[number];

/** What may differ between two permissions. `authentication`: one asks to sign in more strongly. */
export const changeableFields = ['level', 'entitlements', 'basis', 'authentication'] as const;
export type ChangeableField = (typeof changeableFields)[number];

export interface Comparison {
  readonly verdict: Verdict;
  readonly before: Decision;
  readonly after: Decision;
  /** Empty unless `changes`. */
  readonly fields: readonly ChangeableField[];
}

/**
 * One person under two versions. Somebody who only has to sign in more strongly is not shut out: `step_up` counts as a way
 * in. Two refusals are one, whatever they are called.
 *
 * @param draftAt when the second version would decide: its first day when that is to come, so that it is not refused as
 * not begun. Both are asked as of the same instant.
 */
export function compare(
  policyBefore: Policy | undefined,
  policyAfter: Policy | undefined,
  subject: Subject,
  draftAt: Date,
): Comparison {
  return compareDecisions(decide(policyBefore, subject, draftAt), decide(policyAfter, subject, draftAt));
}

/** Of one person, whatever has changed: the policy, or what is known of their organization. */
export function compareDecisions(before: Decision, after: Decision): Comparison {
  const [opened, opens] = [before.decision !== 'deny', after.decision !== 'deny'];
  if (opened !== opens) return { verdict: opens ? 'gains' : 'loses', before, after, fields: [] };
  const fields = opens ? changedFields(before, after) : [];
  return { verdict: fields.length > 0 ? 'changes' : 'unchanged', before, after, fields };
}

function changedFields(before: Decision, after: Decision): readonly ChangeableField[] {
  // What is given to somebody who has to sign in again is not known until then.
  if (before.decision !== after.decision) return ['authentication'];
  const read: Readonly<Record<ChangeableField, (decision: Decision) => string>> = {
    level: ({ level }) => String(levels.findIndex((one) => one === level)),
    entitlements: ({ entitlements }) => entitlements.join(' '),
    basis: ({ basis }) => basis ?? '',
    authentication: ({ requiredAcr }) => requiredAcr?.join(' ') ?? '',
  };
  return changeableFields.filter((field) => read[field](before) !== read[field](after));
}

/** The tests that settled it: of the guard or rule that won; where no rule did, those that stood in the way. */
export function decisiveTests({ trace, decision, rule }: Decision): readonly TracedTest[] {
  const winner = trace.find(({ id, truth }) => id === rule && truth === true);
  if (winner !== undefined) return winner.tests;
  if (decision === 'allow') return [];
  const blocking = trace
    .filter(({ part }) => part === 'rule')
    .flatMap(({ tests }) => tests)
    .filter(({ truth }) => truth !== true);
  const seen = new Set<string>();
  return blocking.filter((test) => {
    const key = JSON.stringify([test.name, test.expected]);
    return seen.size < seen.add(key).size;
  });
}
