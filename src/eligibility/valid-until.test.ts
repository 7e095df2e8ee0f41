import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import type { Circumstances } from './decide.ts';
import type { Policy } from './policy.ts';
import type { Subject } from './subject.ts';
import {
  approval,
  demoPolicy,
  dinum,
  invitation,
  now,
  organization,
  policy,
  rule,
  subject,
} from './testing/factory.ts';

const docs = demoPolicy('docs');

function until(
  changes: Partial<Subject>,
  from: Policy = docs,
  at = now,
  circumstances: Circumstances = {},
): string | undefined {
  const decision = decide(from, subject(changes), at, circumstances);
  expect(decision.decision).toBe('allow');
  return decision.validUntil?.toISOString();
}

describe('how long a permission holds', () => {
  it('is not limited when nothing in it ends', () => {
    expect(until({ organization: dinum })).toBeUndefined();
    expect(until({ organization: dinum, approvals: [approval()] })).toBeUndefined();
  });

  it.each([
    ['2028-12-31', '2028-12-31T23:00:00.000Z'],
    ['2027-03-28', '2027-03-28T22:00:00.000Z'],
    ['2027-10-31', '2027-10-31T23:00:00.000Z'],
  ])('with an approval to %s: to %s', (endsOn, expected) => {
    expect(until({ approvals: [approval({ endsOn })] })).toBe(expected);
  });

  it.each([
    ['2026-03-28', '2026-03-28T23:00:00.000Z'],
    ['2026-03-29', '2026-03-29T22:00:00.000Z'],
    ['2026-10-24', '2026-10-24T22:00:00.000Z'],
    ['2026-10-25', '2026-10-25T23:00:00.000Z'],
  ])('over the clock change, with an approval to %s: to the millisecond before %s', (endsOn, expected) => {
    const end = new Date(expected);
    const before = new Date(end.getTime() - 1);
    const person = { approvals: [approval({ endsOn })] };
    expect(until(person, docs, before)).toBe(expected);
    expect(decide(docs, subject(person), end)).toMatchObject({
      decision: 'deny',
      reason: 'approval_expired',
    });
  });

  it('starts at midnight in Paris too', () => {
    const person = subject({ approvals: [approval({ startsOn: '2026-03-30' })] });
    expect(decide(docs, person, new Date('2026-03-29T21:59:59.999Z')).reason).toBe('approval_pending');
    expect(decide(docs, person, new Date('2026-03-29T22:00:00Z')).decision).toBe('allow');
  });

  it('ends with the invitation of a guest', () => {
    expect(until({ invitations: [invitation({ endsOn: '2026-12-24' })] })).toBe('2026-12-24T23:00:00.000Z');
  });

  it('ends with the next version of the policy and with the facts, whichever comes first', () => {
    const circumstances = {
      policyReplacedAt: new Date('2027-01-01T00:00:00Z'),
      factsStaleAt: new Date('2026-11-23T00:00:00Z'),
    };
    expect(until({ organization: dinum }, docs, now, circumstances)).toBe('2026-11-23T00:00:00.000Z');
    expect(until({ organization: dinum }, docs, now, { ...circumstances, factsStaleAt: undefined })).toBe(
      '2027-01-01T00:00:00.000Z',
    );
    const short = { approvals: [approval({ endsOn: '2026-11-22' })] };
    expect(until(short, docs, now, circumstances)).toBe('2026-11-22T23:00:00.000Z');
  });

  it('ends with a qualification that the rule asks for, not with another', () => {
    const qualified = policy({ rules: [rule({ 'org.qualifications': 'public_mission_spa' })] });
    const facts = organization({
      qualifications: [
        { id: 'rup', startsOn: '2020-01-01', endsOn: '2026-11-30' },
        { id: 'public_mission_spa', startsOn: '2020-01-01', endsOn: '2027-06-30' },
      ],
    });
    expect(until({ organization: facts }, qualified)).toBe('2027-06-30T22:00:00.000Z');
  });

  it('ends with the last of two ways in, and with the first of two conditions', () => {
    const docsOrVisio = [
      { approval: { service: 'docs', status: 'active' } },
      { approval: { service: 'visio', status: 'active' } },
    ];
    const approvals = [
      approval({ endsOn: '2027-01-31' }),
      approval({ id: 'v', service: 'visio', endsOn: '2027-12-31' }),
    ];
    expect(until({ approvals }, policy({ rules: [rule({ any: docsOrVisio })] }))).toBe(
      '2027-12-31T23:00:00.000Z',
    );
    expect(until({ approvals }, policy({ rules: [rule({ all: docsOrVisio })] }))).toBe(
      '2027-01-31T23:00:00.000Z',
    );
  });

  it('never passes the approval that it names, even if another way in stays open', () => {
    const either = policy({
      rules: [
        rule(
          { any: [{ approval: { service: 'docs', status: 'active' } }, { 'org.active': true }] },
          { basis: 'approval' },
        ),
      ],
    });
    expect(until({ approvals: [approval()] }, either)).toBe('2028-12-31T23:00:00.000Z');
    expect(until({}, either)).toBeUndefined();
  });

  it('ends when time itself closes the rule', () => {
    expect(until({}, policy({ rules: [rule({ time: { lte: '2026-12-31' } })] }))).toBe(
      '2026-12-31T23:00:00.000Z',
    );
    expect(until({}, policy({ rules: [rule({ time: { lt: '2026-12-31' } })] }))).toBe(
      '2026-12-30T23:00:00.000Z',
    );
    expect(until({}, policy({ rules: [rule({ 'auth.age_s': { lt: 7200 } })] }))).toBe(
      '2026-11-22T11:00:00.000Z',
    );
    expect(until({}, policy({ rules: [rule({ 'auth.age_s': { lte: 7200 } })] }))).toBe(
      '2026-11-22T11:00:01.000Z',
    );
    const young = organization({ createdOn: '2026-11-01' });
    expect(until({ organization: young }, policy({ rules: [rule({ 'org.age_days': { lt: 30 } })] }))).toBe(
      '2026-11-30T23:00:00.000Z',
    );
  });

  it('ends when time closes a guard', () => {
    const closing = policy({
      guards: [{ if: { time: { gte: '2027-01-01' } }, deny: 'not_eligible' }],
      rules: [rule({ 'org.active': true })],
    });
    expect(until({}, closing)).toBe('2026-12-31T23:00:00.000Z');
  });
});
