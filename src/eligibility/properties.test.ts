import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acrValues } from './acr.ts';
import { compileCondition } from './condition.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { endOfParisDay, parisDate } from './paris-time.ts';
import { parsePolicy } from './policy.ts';
import type { Policy } from './policy.ts';
import type { Subject } from './subject.ts';
import { document, guard, instant, person } from './testing/arbitraries.ts';
import type { Document } from './testing/arbitraries.ts';
import { authority } from './testing/factory.ts';

/** Each rule evaluated for itself, apart from the decision. */
function truths(policy: Policy, subject: Subject, now: Date): { guards: unknown[]; rules: unknown[] } {
  const { organization: facts } = subject;
  if (facts === undefined) throw new Error('every subject here has an organization');
  const context = {
    subject,
    organization: facts,
    service: policy.service,
    measure: 'municipale',
    now,
    today: parisDate(now),
  } as const;
  const of = (clause: Policy['guards'][number] | Policy['rules'][number]): unknown =>
    compileCondition(clause.if).evaluate(context).truth;
  return { guards: policy.guards.map(of), rules: policy.rules.map(of) };
}

function always(check: (policy: Policy, subject: Subject, now: Date, document: Document) => void): void {
  fc.assert(
    fc.property(document, person, instant, (written, subject, now) => {
      check(parsePolicy(written), subject, now, written);
    }),
    { numRuns: 300 },
  );
}
const outcome = ({ decision, rule, reason }: Decision): unknown => ({ decision, rule, reason });

describe('every decision', () => {
  it('allows exactly when no guard is true and some rule is, or was (grace); the first such rule wins', () => {
    always((policy, subject, now) => {
      const { guards, rules } = truths(policy, subject, now);
      const decision = decide(policy, subject, now);
      const first = rules.indexOf(true);
      const open = !guards.includes(true) && first !== -1;
      if (decision.grace !== undefined) {
        expect([decision.decision, guards.includes(true), first]).toEqual(['allow', false, -1]);
        return;
      }
      expect(decision.decision === 'allow').toBe(open);
      if (open) expect(decision.rule).toBe(`r${first}`);
      else expect(decision.reason).toBeDefined();
    });
  });

  it('denies where there is no rule', () => {
    always((_policy, subject, now, written) => {
      expect(decide(parsePolicy({ ...written, rules: [] }), subject, now).decision).toBe('deny');
    });
  });

  it('is never widened by a guard', () => {
    fc.assert(
      fc.property(document, person, instant, guard, fc.nat(), (written, subject, now, extra, position) => {
        const guards = written.guards.toSpliced(position % (written.guards.length + 1), 0, extra);
        const before = decide(parsePolicy(written), subject, now);
        const after = decide(parsePolicy({ ...written, guards }), subject, now);
        if (after.decision === 'allow') expect(outcome(after)).toEqual(outcome(before));
      }),
      { numRuns: 300 },
    );
  });

  it('rests on nothing unknown: whatever the missing facts turn out to be, each settled rule stays as it is', () => {
    const learned = fc.record({
      municipal: fc.constantFrom(0, 3499, 3500, 14999, 15000),
      epci: fc.constantFrom<number | 'none'>('none', 3499, 14999, 15000),
      createdOn: fc.constantFrom('2024-01-01', '2026-06-01'),
      emailDomain: fc.constantFrom('etat.example', 'asso.example'),
    });
    fc.assert(
      fc.property(document, person, instant, learned, (written, subject, now, facts) => {
        const policy = parsePolicy(written);
        const known = {
          ...subject,
          organization: { ...authority('7210', facts.municipal, facts.epci), createdOn: facts.createdOn },
          user: { ...subject.user, emailDomain: facts.emailDomain },
        };
        const unknown = {
          ...known,
          organization: authority('7210', undefined),
          user: { ...known.user, emailDomain: undefined },
        };
        const before = truths(policy, unknown, now);
        const after = truths(policy, known, now);
        for (const part of ['guards', 'rules'] as const) {
          for (const [index, truth] of before[part].entries()) {
            if (truth !== 'unknown') expect(after[part][index]).toBe(truth);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is the same for the same question, and changes nothing in it', () => {
    always((policy, subject, now, written) => {
      const before = structuredClone(subject);
      const decision = decide(policy, subject, now);
      expect(decide(policy, subject, now)).toEqual(decision);
      expect(decide(parsePolicy(structuredClone(written)), structuredClone(subject), now)).toEqual(decision);
      expect(subject).toEqual(before);
    });
  });

  it('never outlives its approval and what goes on after it, the next policy or the facts', () => {
    fc.assert(
      fc.property(
        document,
        person,
        instant,
        fc.option(instant),
        fc.option(instant),
        (written, subject, now, replaced, stale) => {
          const circumstances = { policyReplacedAt: replaced ?? undefined, factsStaleAt: stale ?? undefined };
          const { decision, validUntil, approvalId, grace } = decide(
            parsePolicy(written),
            subject,
            now,
            circumstances,
          );
          if (decision !== 'allow') return;
          const end = validUntil?.getTime() ?? Infinity;
          if (stale !== null) expect(end).toBeLessThanOrEqual(stale.getTime());
          if (replaced !== null) expect(end).toBeLessThanOrEqual(replaced.getTime());
          const longest = subject.approvals
            .filter(({ id }) => id === approvalId)
            .map(({ endsOn }) => endOfParisDay(grace?.lastDay ?? endsOn).getTime());
          if (approvalId !== undefined) expect(end).toBeLessThanOrEqual(Math.max(...longest));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('holds unchanged to the last millisecond that it promises', () => {
    fc.assert(
      fc.property(
        document,
        person,
        instant,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (written, subject, now, part) => {
          const policy = parsePolicy(written);
          const decision = decide(policy, subject, now);
          if (decision.decision !== 'allow') return;
          const end = Math.min(
            decision.validUntil?.getTime() ?? Infinity,
            now.getTime() + 5 * 365 * 86_400_000,
          );
          expect(end).toBeGreaterThan(now.getTime());
          for (const time of [now.getTime() + Math.floor((end - 1 - now.getTime()) * part), end - 1]) {
            expect(outcome(decide(policy, subject, new Date(time)))).toEqual(outcome(decision));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('asks for a step up only if each level that it names opens, and then it does open', () => {
    always((policy, subject, now) => {
      const decision = decide(policy, subject, now);
      if (decision.decision !== 'step_up') return;
      for (const acr of decision.requiredAcr ?? acrValues) {
        const methods = [subject.auth.amr, ['mfa'], [...subject.auth.amr, 'mfa', 'otp', 'pwd']];
        const opens = methods.some(
          (amr) =>
            decide(policy, { ...subject, auth: { ...subject.auth, acr, amr, authTime: now } }, now)
              .decision === 'allow',
        );
        expect(opens).toBe(true);
      }
    });
  });

  it('grants a sorted set, and nothing unless allowed', () => {
    always((policy, subject, now) => {
      const { decision, entitlements, level } = decide(policy, subject, now);
      expect(entitlements).toEqual([...new Set(entitlements)].sort());
      if (decision !== 'allow')
        expect({ entitlements, level }).toEqual({ entitlements: [], level: undefined });
    });
  });
});
