import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCondition } from './condition.ts';
import { decide } from './decide.ts';
import { explain } from './explain.ts';
import { sureGrace } from './grace.ts';
import { addDays, endOfParisDay, parisDate, startOfParisDay } from './paris-time.ts';
import { parsePolicy, policyHash, policySchema } from './policy.ts';
import type { Approval, Subject } from './subject.ts';
import { document, instant, person } from './testing/arbitraries.ts';
import type { Document } from './testing/arbitraries.ts';
import { approval, association, organization, policy, rule, subject, withAcr } from './testing/factory.ts';
import { policyWords } from './words.ts';

const asks = { approval: { service: 'docs', status: 'active' } };
const goesOn = (grace: object | undefined, condition: unknown = asks) =>
  policy({ rules: [rule(condition, { basis: 'approval', ...(grace && { grace }) })] });
const month = goesOn({ days: 30, level: 'guest' });
const ended = (changes: Partial<Approval> = {}) =>
  approval({ endsOn: '2026-11-10', lapses: true, ...changes });
const on = (day: string) => new Date(`${day}T10:00:00Z`);
const asked = (
  approvals: readonly Approval[],
  day = '2026-11-22',
  from = month,
  more: Partial<Subject> = {},
) => decide(from, subject({ approvals, ...more }), on(day));

describe('after the last day of an approval', () => {
  it('the right goes on as the policy says, to the last day that it says, and says so', () => {
    const decision = asked([ended()]);
    expect(decision).toMatchObject({
      decision: 'allow',
      rule: 'only',
      basis: 'approval',
      ground: 'members_all_public_law',
      level: 'guest',
      entitlements: ['use'],
      grace: { endedOn: '2026-11-10', lastDay: '2026-12-10' },
      validUntil: new Date('2026-12-10T23:00:00Z'),
      nextSteps: ['request_approval'],
    });
    expect(
      decision.trace.map(({ part, truth, tests }) => [part, truth, tests[0]?.value, tests[0]?.asOf]),
    ).toEqual([
      ['rule', false, 'expired', '2026-11-22'],
      ['grace', true, 'active', '2026-11-10'],
    ]);
    expect(explain(decision, 'fr').summary).toBe(
      'Accès maintenu pour un temps : l’accord donné à l’organisation a pris fin le 10 novembre 2026, et le service reste ouvert jusqu’au 10 décembre 2026 pour qu’elle en demande un autre. Motif : tous ses membres sont des collectivités ou des organismes publics. La personne entre comme invitée, avec moins de droits. Valable jusqu’au 10 décembre 2026.',
    );
  });

  it.each([
    ['the last day itself', '2026-11-10', undefined],
    ['the day after', '2026-11-11', '2026-12-10'],
    ['the last day of it', '2026-12-10', '2026-12-10'],
  ])('%s', (_name, day, lastDay) => {
    expect(asked([ended()], day)).toMatchObject({
      decision: 'allow',
      level: lastDay === undefined ? 'member' : 'guest',
      grace: lastDay === undefined ? undefined : { lastDay },
    });
  });

  it.each([
    ['the day after it', [ended()], '2026-12-11', {}],
    ['suspended', [ended({ status: 'suspended' })], '2026-11-22', {}],
    ['suspended, renewed or taken back before its end', [ended({ lapses: false })], '2026-11-22', {}],
    ['a row that nobody has spoken of', [ended({ lapses: undefined })], '2026-11-22', {}],
    ['refused', [ended({ status: 'refused' })], '2026-11-22', {}],
    ['of another organization', [ended({ siren: '130025265' })], '2026-11-22', {}],
    ['another is suspended now', [ended(), approval({ id: 'a2', status: 'suspended' })], '2026-11-22', {}],
    [
      'the organization has closed',
      [ended()],
      '2026-11-22',
      { organization: organization({ unitState: 'C' }) },
    ],
    ['it is suspended', [ended()], '2026-11-22', { organization: organization({ suspended: true }) }],
  ] as const)('nothing goes on: %s', (_name, approvals, day, more) => {
    expect(asked([...approvals], day, month, more)).toMatchObject({ decision: 'deny', grace: undefined });
  });

  it('nothing goes on where the policy does not say so, nor for zero days', () => {
    expect(asked([ended()], '2026-11-22', goesOn(undefined)).reason).toBe('approval_expired');
    expect(asked([ended()], '2026-11-22', goesOn({ days: 0, level: 'guest' })).reason).toBe(
      'approval_expired',
    );
  });

  it('whatever else opens the service comes first, and what goes on is never more than was given', () => {
    const both = policy({
      rules: [
        rule(asks, { basis: 'approval', grace: { days: 30, level: 'member' } }),
        rule(
          { invitation: { service: 'docs', status: 'active' } },
          {
            id: 'guest',
            basis: 'invitation',
            allow: { level: 'guest', entitlements: [] },
          },
        ),
      ],
    });
    const invited = {
      invitations: [
        { id: 'i', service: 'docs', startsOn: '2026-11-01', endsOn: '2026-12-31', status: 'active' },
      ],
    } as const;
    expect(asked([ended()], '2026-11-22', both, invited)).toMatchObject({ rule: 'guest', grace: undefined });
    expect(asked([ended({ level: 'guest' })], '2026-11-22', both).level).toBe('guest');
  });

  it('asks for the same sign-in as before', () => {
    const strong = goesOn(
      { days: 30, level: 'guest' },
      { all: [asks, { 'auth.acr': { gte: 'eidas1-mfa' } }] },
    );
    expect(asked([ended()], '2026-11-22', strong)).toMatchObject({
      decision: 'step_up',
      requiredAcr: ['eidas1-mfa', 'eidas2', 'eidas3'],
    });
    expect(asked([ended()], '2026-11-22', strong, withAcr('eidas2')).decision).toBe('allow');
  });

  it('ends at midnight in Paris, both clock changes included', () => {
    const week = goesOn({ days: 1, level: 'member' });
    for (const day of ['2026-03-28', '2026-10-24']) {
      const end = endOfParisDay(addDays(day, 1));
      const person = subject({ approvals: [ended({ endsOn: day })] });
      expect(decide(week, person, new Date(end.getTime() - 1)).validUntil).toEqual(end);
      expect(decide(week, person, end)).toMatchObject({ decision: 'deny', reason: 'approval_expired' });
    }
  });
});

describe('what a policy may say of it', () => {
  const faults = (grace: object, more: object = {}) => {
    const read = policySchema.safeParse({
      ...month,
      rules: [rule(asks, { basis: 'approval', grace, ...more })],
    });
    return read.success ? [] : read.error.issues.map(({ path }) => path.slice(2).join('.'));
  };
  it.each([
    [{ days: 90, level: 'member' }, {}, []],
    [{ days: 91, level: 'member' }, {}, ['grace.days']],
    [{ days: -1, level: 'member' }, {}, ['grace.days']],
    [{ days: 1.5, level: 'member' }, {}, ['grace.days']],
    [{ days: 30 }, {}, ['grace.level']],
    [{ days: 30, level: 'guest', months: 1 }, {}, ['grace']],
    [{ days: 30, level: 'guest', entitlements: ['host'] }, {}, ['grace.entitlements']],
    [{ days: 30, level: 'guest', entitlements: [] }, {}, []],
    [{ days: 30, level: 'member' }, { allow: { level: 'guest', entitlements: [] } }, ['grace.level']],
    [{ days: 30, level: 'guest' }, { basis: 'open' }, ['grace']],
  ] as const)('%j %j: %j', (grace, more, expected) => {
    expect(faults(grace, more)).toEqual(expected);
  });

  it('is part of its hash, and of its words; nothing said is the hash and the words of before', () => {
    expect(policyHash(goesOn(undefined))).toBe(
      policyHash(parsePolicy(JSON.parse(JSON.stringify(goesOn(undefined))))),
    );
    expect(policyHash(month)).not.toBe(policyHash(goesOn(undefined)));
    const lines = policyWords(month, 'fr').rules[0]?.lines.map(({ text }) => text);
    expect(lines?.at(-1)).toBe(
      'Après le dernier jour de l’accord, l’accès continue 30 jours, au niveau invité, sauf si l’accord a été suspendu, retiré ou renouvelé, ou si son renouvellement a été refusé.',
    );
    expect(lines?.length).toBe((policyWords(goesOn(undefined), 'fr').rules[0]?.lines.length ?? 0) + 1);
  });

  it('promises to organizations the least that its rules say', () => {
    const of = (...graces: (object | undefined)[]) =>
      sureGrace(
        policy({
          rules: graces.map((grace, index) =>
            rule(asks, { id: `r${index}`, basis: 'approval', ...(grace && { grace }) }),
          ),
        }),
      );
    expect(of({ days: 30, level: 'member' }, { days: 10, level: 'guest' })).toEqual({
      days: 10,
      level: 'guest',
    });
    expect(of({ days: 30, level: 'member' }, undefined)).toBeUndefined();
    expect(of()).toBeUndefined();
  });
});

const withoutGrace = (written: Document): unknown => ({
  ...written,
  rules: written.rules.map((one) =>
    Object.fromEntries(Object.entries(one).filter(([member]) => member !== 'grace')),
  ),
});
const withDays = (written: Document, days: number) =>
  parsePolicy({
    ...written,
    rules: written.rules.map((one) =>
      one.basis === 'approval' ? { ...one, grace: { days, level: 'guest' } } : one,
    ),
  });

describe('of any policy, person and moment', () => {
  it('only a refusal becomes a permission, and zero days change nothing', () => {
    fc.assert(
      fc.property(document, person, instant, fc.nat({ max: 90 }), (written, who, at, days) => {
        const before = decide(parsePolicy(withoutGrace(written)), who, at);
        const after = decide(withDays(written, days), who, at);
        if (before.decision === 'allow') expect({ ...after, policyHash: before.policyHash }).toEqual(before);
        const none = decide(withDays(written, 0), who, at);
        expect({ ...none, policyHash: before.policyHash }).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });

  it('more days let in whoever fewer days let in', () => {
    fc.assert(
      fc.property(
        document,
        person,
        instant,
        fc.nat({ max: 90 }),
        fc.nat({ max: 90 }),
        (written, who, at, one, other) => {
          const [fewer, more] = [Math.min(one, other), Math.max(one, other)];
          if (decide(withDays(written, fewer), who, at).decision === 'allow')
            expect(decide(withDays(written, more), who, at).decision).toBe('allow');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('whoever goes on was let in by the same rule on the last day, by an approval that only its days have ended', () => {
    let met = 0;
    fc.assert(
      fc.property(document, person, fc.nat({ max: 100 }), (whole, someone, after) => {
        const [first, ...rest] = someone.approvals;
        if (first === undefined) return;
        const written = {
          ...whole,
          guards: [],
          rules: whole.rules.filter(({ basis }) => basis === 'approval'),
        };
        const lapsed = {
          ...first,
          siren: association.siren,
          service: 'docs',
          status: 'active',
          lapses: true,
        } as const;
        const who: Subject = { ...someone, organization: association, approvals: [lapsed, ...rest] };
        const at = new Date(endOfParisDay(first.endsOn).getTime() + after * 86_400_000);
        // What turns by the clock alone is of today in both.
        if (
          /"(?:time|org\.age_days|auth\.age_s|org\.qualifications|invitation)"/u.test(JSON.stringify(written))
        )
          return;
        const decision = decide(withDays(written, 90), who, at);
        const { grace, rule: id } = decision;
        if (grace === undefined) return;
        met += 1;
        const parsed = parsePolicy(written);
        const lastInstant = new Date(startOfParisDay(addDays(grace.endedOn, 1)).getTime() - 1);
        const { organization: facts } = who;
        if (facts === undefined) throw new Error('every subject here has an organization');
        const context = {
          subject: who,
          organization: facts,
          service: parsed.service,
          measure: 'municipale',
          now: lastInstant,
          today: parisDate(lastInstant),
        } as const;
        const clause = parsed.rules.find((one) => one.id === id);
        expect(clause && compileCondition(clause.if).evaluate(context).truth).toBe(true);
        expect(
          who.approvals.some(
            ({ siren, status, lapses, endsOn }) =>
              siren === facts.siren && status === 'active' && lapses === true && endsOn === grace.endedOn,
          ),
        ).toBe(true);
        expect([facts.active, facts.suspended]).toEqual([true, false]);
        expect(parisDate(at) <= grace.lastDay && grace.endedOn < parisDate(at)).toBe(true);
      }),
      { numRuns: 1500, seed: 7 },
    );
    expect(met).toBeGreaterThan(20);
  });
});
