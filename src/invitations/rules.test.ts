import { describe, expect, test } from 'vitest';
import type { Assessment } from '../eligibility/eligibility.ts';
import { decide } from '../eligibility/eligibility.ts';
import { dinum, subject } from '../eligibility/testing/factory.ts';
import { judge, latestEnd, mayInvite, mostInvitations, renewalProblem } from './rules.ts';
import type { Circumstances, Proposal } from './rules.ts';

const circumstances: Circumstances = {
  today: '2026-11-22',
  sponsorEmail: 'Agent@etat.example',
  services: ['tchap'],
  count: 0,
};
const proposal: Proposal = {
  address: 'Membre@Asso.example',
  service: 'tchap',
  reason: 'Préparer\r\nles  réunions.',
  endsOn: '2027-01-31',
};
const problemsOf = (change: Partial<Proposal>, about: Partial<Circumstances> = {}) => {
  const judged = judge({ ...proposal, ...change }, { ...circumstances, ...about });
  return judged.kind === 'problems' ? judged.problems.map(({ field, words }) => `${field}: ${words}`) : [];
};

describe('an invitation', () => {
  test('is kept in one spelling, and sent in the letters of the sponsor', () => {
    expect(judge({ ...proposal, address: '  Membre@Asso.example ' }, circumstances)).toEqual({
      kind: 'fine',
      terms: {
        address: 'membre@asso.example',
        writtenAddress: 'Membre@asso.example',
        service: 'tchap',
        reason: 'Préparer les réunions.',
        endsOn: '2027-01-31',
      },
    });
  });

  test.each<[string, Partial<Proposal>, string]>([
    ['no address', { address: ' ' }, 'email: email_missing'],
    ['a second recipient', { address: 'a@asso.example, b@asso.example' }, 'email: email_malformed'],
    ['a header', { address: 'a@asso.example\r\nBcc: b@asso.example' }, 'email: email_malformed'],
    ['a line break alone', { address: 'a\n@asso.example' }, 'email: email_malformed'],
    ['a name before it', { address: 'Membre <a@asso.example>' }, 'email: email_malformed'],
    ['two signs', { address: 'a@b@asso.example' }, 'email: email_malformed'],
    ['one’s own', { address: 'Agent@etat.example' }, 'email: email_own'],
    ['one’s own in other letters', { address: ' AGENT@ETAT.EXAMPLE' }, 'email: email_own'],
    ['no service', { service: '' }, 'service: service_missing'],
    ['a service to which one may not invite', { service: 'docs' }, 'service: service_missing'],
    ['no reason', { reason: ' \n\u0000 ' }, 'reason: reason_missing'],
    ['a reason that nobody reads', { reason: 'x'.repeat(501) }, 'reason: reason_too_long'],
    ['no end', { endsOn: '' }, 'until: until_missing'],
    ['an end in words', { endsOn: 'demain' }, 'until: until_malformed'],
    ['a day that is none', { endsOn: '2027-02-29' }, 'until: until_malformed'],
    ['a month that is none', { endsOn: '2027-13-01' }, 'until: until_malformed'],
    ['yesterday', { endsOn: '2026-11-21' }, 'until: until_past'],
    ['more than a year', { endsOn: '2027-11-23' }, 'until: until_too_late'],
  ])('with %s is not sent', (_what, change, expected) => {
    expect(problemsOf(change)).toEqual([expected]);
  });

  test.each(['2026-11-22', '2027-11-22'])('may end on %s', (endsOn) => {
    expect(problemsOf({ endsOn })).toEqual([]);
  });

  test('tells every problem at once', () => {
    expect(problemsOf({ address: '', service: '', reason: '', endsOn: '' })).toHaveLength(4);
  });

  test('is not the fifty-first', () => {
    expect(problemsOf({}, { count: mostInvitations - 1 })).toEqual([]);
    expect(problemsOf({}, { count: mostInvitations })).toEqual(['email: too_many']);
  });
});

test('a year after 29 February is 28 February', () => {
  expect(latestEnd('2028-02-29')).toBe('2029-02-28');
  expect(latestEnd('2027-02-28')).toBe('2028-02-28');
});

test.each<[string, string | undefined, string | undefined]>([
  ['2027-03-01', undefined, undefined],
  ['2027-11-22', '2026-11-21', undefined],
  ['2027-03-01', '2026-11-22', 'renewed_today'],
  ['2027-01-31', undefined, 'until_not_later'],
  ['2026-12-01', undefined, 'until_not_later'],
  ['2027-11-23', undefined, 'until_too_late'],
  ['2025-01-01', undefined, 'until_past'],
  ['x', undefined, 'until_malformed'],
])('renewed to %s, last renewed on %s: %s', (endsOn, renewedOn, expected) => {
  expect(renewalProblem(endsOn, '2026-11-22', { endsOn: '2027-01-31', renewedOn })?.words).toBe(expected);
});

describe('whoever invites', () => {
  const refused = decide(undefined, subject(), new Date('2026-11-22T10:00:00Z'));
  const assessed = (
    decision: 'allow' | 'deny' | 'step_up',
    level: 'member' | 'guest' | undefined,
    publicService: boolean | undefined,
  ): Assessment => ({
    decision: { ...refused, decision, level },
    organization: publicService === undefined ? undefined : { ...dinum, publicService },
  });

  test.each([
    ['allow', 'member', true, true, 'yes'],
    // A guest invites nobody.
    ['allow', 'guest', true, true, 'no'],
    // An approved association uses the service, and invites nobody.
    ['allow', 'member', false, true, 'no'],
    ['allow', 'member', undefined, true, 'no'],
    ['allow', 'member', true, false, 'no'],
    ['deny', undefined, true, true, 'no'],
    ['step_up', undefined, true, true, 'step_up'],
    ['step_up', undefined, false, true, 'no'],
  ] as const)(
    '%s as %s, public service %s, guests known %s: %s',
    (decision, level, isPublic, knows, expected) => {
      expect(mayInvite(assessed(decision, level, isPublic), knows)).toBe(expected);
    },
  );
});
