import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { parsePolicy, policyInForce } from './policy.ts';
import { anyMember, changeableFields, compare, decisiveTests, simulate } from './simulate.ts';
import { document, instant, person } from './testing/arbitraries.ts';
import {
  approval,
  company,
  demoPolicy,
  dinum,
  now,
  organization,
  policy,
  rule,
  subject,
} from './testing/factory.ts';

const policies = document.map(parsePolicy);

describe('simulating', () => {
  it('says what decide() says, service by service', () => {
    fc.assert(
      fc.property(policies, person, instant, (docs, someone, at) => {
        const versions = [docs];
        const policyFor = (service: string, then: Date) =>
          service === 'docs' ? policyInForce(versions, then) : undefined;
        const [first, second] = simulate(['docs', 'tchap'], { policyFor, subject: someone, now: at });
        const inForce = policyInForce(versions, at);
        expect(first?.decision).toEqual(
          decide(inForce?.policy, someone, at, { service: 'docs', policyReplacedAt: inForce?.replacedAt }),
        );
        expect(second?.decision).toMatchObject({
          decision: 'deny',
          reason: 'policy_missing',
          service: 'tchap',
        });
      }),
    );
  });

  it('tells of each predicate what it read, who says so and as of when', () => {
    const [docs] = simulate(['docs'], {
      policyFor: () => ({ policy: demoPolicy('docs'), replacedAt: undefined }),
      subject: { ...anyMember(now), organization: organization(), approvals: [approval()] },
      now,
    });
    const tests = docs?.decision.trace.at(-1)?.tests;
    expect(tests).toEqual([
      {
        name: 'org.category',
        expected: { in: ['association', 'foundation'] },
        value: 'association',
        source: 'demo',
        asOf: '2026-11-01',
        truth: true,
      },
      {
        name: 'approval.docs',
        expected: { service: 'docs', status: 'active' },
        value: 'active',
        source: 'approval a1',
        asOf: '2026-11-22',
        truth: true,
      },
    ]);
  });
});

describe('anyMember', () => {
  it('is refused nothing for how it signed in', () => {
    const strict = policy({
      guards: [
        { if: { 'user.link': { lt: 'official_source' } }, deny: 'membership_not_verified' },
        { if: { 'user.email_verified': false }, deny: 'membership_not_verified' },
        { if: { 'auth.age_s': { gt: 0 } }, deny: 'session_too_old' },
      ],
      rules: [rule({ all: [{ 'auth.acr': 'eidas3' }, { 'auth.amr': 'mfa' }] })],
    });
    const someone = { ...anyMember(now), organization: dinum, approvals: [] };
    expect(decide(strict, someone, now).decision).toBe('allow');
  });
});

describe('comparing two versions', () => {
  it('agrees with two decisions', () => {
    fc.assert(
      fc.property(policies, policies, person, instant, (one, other, someone, at) => {
        const { verdict, before, after, fields } = compare(one, other, someone, at);
        expect(before).toEqual(decide(one, someone, at));
        expect(after).toEqual(decide(other, someone, at));
        const [was, is] = [before.decision !== 'deny', after.decision !== 'deny'];
        if (!was && is) expect(verdict).toBe('gains');
        else if (was && !is) expect(verdict).toBe('loses');
        else expect(verdict).toBe(fields.length > 0 ? 'changes' : 'unchanged');
        const same =
          JSON.stringify([
            before.decision,
            before.level,
            before.entitlements,
            before.basis,
            before.requiredAcr,
          ]) ===
          JSON.stringify([after.decision, after.level, after.entitlements, after.basis, after.requiredAcr]);
        if (was && is) expect(verdict).toBe(same ? 'unchanged' : 'changes');
      }),
    );
  });

  it('finds nothing between a version and itself', () => {
    fc.assert(
      fc.property(policies, person, instant, (one, someone, at) => {
        expect(compare(one, parsePolicy({ ...one }), someone, at).verdict).toBe('unchanged');
      }),
    );
  });

  it.each([
    [{ allow: { level: 'guest', entitlements: ['use'] } }, ['level']],
    [{ allow: { level: 'member', entitlements: ['use', 'host'] } }, ['entitlements']],
    [{ basis: 'public_service' }, ['basis']],
    [{ id: 'renamed' }, []],
  ] as const)('names what differs: %o', (change, fields) => {
    const [before, after] = [{}, change].map((more) =>
      policy({ rules: [rule({ 'org.public_service': true }, more)] }),
    );
    const compared = compare(before, after, subject({ organization: dinum }), now);
    expect(compared.fields).toEqual(fields);
    expect(compared.verdict).toBe(fields.length === 0 ? 'unchanged' : 'changes');
    expect(changeableFields).toEqual(expect.arrayContaining([...fields]));
  });

  it('counts having to sign in more strongly as a change, not as a loss', () => {
    const before = policy({ rules: [rule({ 'org.public_service': true })] });
    const after = policy({
      rules: [rule({ all: [{ 'org.public_service': true }, { 'auth.acr': { gte: 'eidas2' } }] })],
    });
    expect(compare(before, after, subject({ organization: dinum }), now)).toMatchObject({
      verdict: 'changes',
      fields: ['authentication'],
    });
  });

  it('a service without policy lets nobody in', () => {
    const open = policy({ rules: [rule({ 'org.active': true })] });
    expect(compare(undefined, open, subject(), now).verdict).toBe('gains');
    expect(compare(open, undefined, subject(), now).verdict).toBe('loses');
    expect(compare(undefined, undefined, subject(), now).verdict).toBe('unchanged');
  });
});

describe('why', () => {
  const docs = demoPolicy('docs');
  it('is the rule that won', () => {
    expect(decisiveTests(decide(docs, subject({ organization: dinum }), now))).toMatchObject([
      { name: 'org.public_service', value: true },
    ]);
  });
  it('is the guard that closed the door', () => {
    const closed = subject({ organization: organization({ unitState: 'C' }) });
    expect(decisiveTests(decide(docs, closed, now))).toMatchObject([{ name: 'org.active', value: false }]);
  });
  it('is all that stood in the way, where no rule won', () => {
    const tests = decisiveTests(decide(docs, subject({ organization: company }), now));
    expect(tests.map(({ name, truth }) => [name, truth])).toEqual([
      ['org.public_service', false],
      ['org.category', false],
      ['approval.docs', false],
      ['invitation.docs', false],
    ]);
  });
});
