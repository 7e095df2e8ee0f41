// An organization gives up a right: its own act, from a day on, with nothing left to go on afterwards.
import { describe, expect, it, test } from 'vitest';
import { approvalRowOf } from './approval-rows.ts';
import type { RegistrationFile, Request } from './file.ts';
import { graceAfter } from './grace-after.ts';
import { dueByNow, possible } from './lifecycle.ts';
import {
  after,
  alice,
  answer,
  applicant,
  carol,
  mayor,
  noon,
  refusal,
  said,
  stranger,
} from './testing/people.ts';
import { approved, by, notify, service, state, suspend, urgent } from './testing/sayings.ts';

// Granted on 11 December 2026, from 15 December 2026 to 31 December 2027.
const renounce = (from: string) => ({ act: 'renounce', service, from, text: '' }) as const;
const givenUp = (from: string, on = '2027-02-01', file = approved) =>
  after(file, [said(on, applicant, renounce(from))]);
const requestOf = (file: RegistrationFile): Request => {
  const [found] = file.requests;
  if (found === undefined) throw new Error('no request');
  return found;
};
const rowOf = (file: RegistrationFile) => approvalRowOf(file, requestOf(file), '000000406', 'Direction');

describe('an organization gives up a right', () => {
  it.each([
    ['yesterday', '2027-01-31', 'terms_invalid'],
    ['today', '2027-02-01', 'done'],
    ['tomorrow', '2027-02-02', 'done'],
    ['its last day', '2027-12-31', 'done'],
    ['the day after, when it is over anyway', '2028-01-01', 'terms_invalid'],
  ] as const)('from %s', (_name, from, expected) => {
    expect(answer(approved, said('2027-02-01', applicant, renounce(from)))).toBe(expected);
  });

  it('closes at once from today: its last day was yesterday', () => {
    const file = givenUp('2027-02-01');
    expect(state(file)).toBe('renounced');
    expect(rowOf(file)).toMatchObject({ status: 'active', ends_on: '2027-01-31', lapses: false });
  });

  it('goes on until the day that it names, without a reminder, and ends that night', () => {
    const file = givenUp('2027-11-01');
    expect(state(file)).toBe('approved');
    expect(rowOf(file)).toMatchObject({ status: 'active', ends_on: '2027-10-31', lapses: false });
    expect(dueByNow(file, noon('2027-10-31'), refusal)).toEqual([]);
    expect(state(by('2027-11-01', file))).toBe('renounced');
  });

  it('from a day on which it has not begun: nothing is left, on no day to come', () => {
    for (const from of ['2026-12-12', '2026-12-15']) {
      const file = givenUp(from, '2026-12-12');
      expect(state(file)).toBe('renounced');
      expect(rowOf(file)).toMatchObject({ starts_on: '2026-12-11', ends_on: '2026-12-11' });
    }
    expect(state(givenUp('2026-12-16', '2026-12-12'))).toBe('approved');
  });

  it('is not asked any more to renew it, once it was', () => {
    const due = by('2027-10-15', approved);
    expect(state(due)).toBe('renewal_due');
    expect(state(givenUp('2027-12-01', '2027-10-15', due))).toBe('approved');
  });

  it('may choose a day that comes sooner, and none that comes later', () => {
    const file = givenUp('2027-11-01');
    expect(answer(file, said('2027-03-01', applicant, renounce('2027-11-01')))).toBe('terms_invalid');
    expect(answer(file, said('2027-03-01', applicant, renounce('2027-06-01')))).toBe('done');
  });

  it.each([
    ['a stranger', stranger, 'not_the_applicant'],
    ['an operator who decides it for them', carol, 'not_the_applicant'],
    ['an operator who acts for the organization', mayor, 'not_the_applicant'],
  ] as const)('not %s', (_name, who, expected) => {
    expect(answer(approved, said('2027-02-01', who, renounce('2027-02-01')))).toBe(expected);
  });

  describe('also on paper, by two people', () => {
    const taken = after(approved, [said('2027-02-01', carol, { act: 'take' })]);
    const noted = (from: string, receivedOn: string, who = carol) =>
      said('2027-02-01', who, {
        act: 'propose',
        service,
        proposal: { decision: 'renounce', from, receivedOn, text: '' },
      });
    const agree = (on: string, who = alice) => said(on, who, { act: 'confirm', service });

    it('the first holds the file, and changes nothing', () => {
      expect(answer(approved, noted('2027-02-01', '2027-01-20'))).toBe('not_taken');
      const file = after(taken, [noted('2027-02-01', '2027-01-20')]);
      expect(state(file)).toBe('approved');
      expect(answer(file, agree('2027-02-01', carol))).toBe('same_person');
      expect(answer(file, agree('2027-02-01', mayor))).toBe('own_organization');
    });

    it('received since the right was given, and for the future only', () => {
      expect(answer(taken, noted('2027-02-01', '2026-12-10'))).toBe('day_invalid');
      expect(answer(taken, noted('2027-02-01', '2027-02-02'))).toBe('day_invalid');
      expect(answer(taken, noted('2027-01-20', '2027-01-20'))).toBe('terms_invalid');
    });

    it('the second ends it, from the day of the agreement at the soonest', () => {
      const file = after(taken, [noted('2027-02-01', '2027-01-20'), agree('2027-02-03')]);
      expect(requestOf(file)).toMatchObject({
        state: 'renounced',
        renounced: { on: '2027-02-03', from: '2027-02-03', recordedBy: carol },
      });
      expect(rowOf(file)).toMatchObject({ ends_on: '2027-02-02', lapses: false });
    });
  });

  it('answers no suspension: what held the right back still speaks against it', () => {
    for (const act of [notify, urgent]) {
      const file = givenUp('2027-02-01', '2027-02-01', after(approved, [said('2027-01-05', alice, act)]));
      expect(rowOf(file)).toMatchObject({ status: 'refused' });
    }
  });

  it('also one that is suspended, or about to be; what is to be decided falls', () => {
    const notified = after(approved, [said('2027-01-05', alice, notify)]);
    const stopped = after(approved, [said('2027-01-05', alice, urgent)]);
    for (const file of [notified, stopped]) {
      expect(state(givenUp('2027-02-01', '2027-02-01', file))).toBe('renounced');
      expect(possible(givenUp('2027-02-01', '2027-02-01', file), alice, noon('2027-02-02'), refusal)).toEqual(
        [{ act: 'release' }, { act: 'note' }],
      );
    }
  });

  it('and is still suspended meanwhile, when it must be', () => {
    const file = after(givenUp('2027-11-01'), [
      said('2027-03-01', alice, notify),
      said('2027-03-20', alice, suspend),
    ]);
    expect(state(file)).toBe('suspended');
    expect(state(by('2027-11-01', file))).toBe('renounced');
  });
});

test('nothing goes on after a right that was given up, whatever the policy says', () => {
  const needs = { snapshot: () => expect.unreachable('the policy is not asked') };
  expect(graceAfter(needs, requestOf(givenUp('2027-11-01')))).toBeUndefined();
});
