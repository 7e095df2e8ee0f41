// What is granted, suspended, taken away and complained of.
import { describe, expect, it } from 'vitest';
import type { Act } from './act.ts';
import type { RegistrationFile } from './file.ts';
import { appealLimit, proposals } from './lifecycle.ts';
import {
  acceptance,
  after,
  alice,
  answer,
  applicant,
  bob,
  carol,
  noon,
  reasons,
  refusal,
  said,
  terms,
} from './testing/people.ts';
import {
  approve,
  service,
  take,
  confirm,
  notify,
  suspend,
  urgent,
  reply,
  appeal,
  reverse,
  uphold,
  propose,
  refuse,
  taken,
  approved,
  refused,
  by,
  state,
  decided,
} from './testing/sayings.ts';

describe('terms', () => {
  it.each([
    ['from today, for a day', { startsOn: '2026-12-11', endsOn: '2026-12-11' }, 'done'],
    ['from tomorrow', { startsOn: '2026-12-12', endsOn: '2026-12-31' }, 'done'],
    [
      'from yesterday: a decision does not go back in time',
      { startsOn: '2026-12-10', endsOn: '2026-12-31' },
      'terms_invalid',
    ],
    ['ending before they begin', { startsOn: '2026-12-12', endsOn: '2026-12-11' }, 'terms_invalid'],
  ])('%s', (_, days, expected) => {
    expect(answer(taken, said('2026-12-11', alice, { ...approve, terms: { ...terms, ...days } }))).toBe(
      expected,
    );
  });
});

describe('suspension (CRPA art. L121-1, L121-2, L122-1)', () => {
  const notified = after(approved, [said('2026-12-20', alice, notify)]);

  it('waits for the answer, or for the end of the days given', () => {
    expect(notified.requests[0]?.notice).toEqual({ on: '2026-12-20', answerBy: '2027-01-04' });
    expect(answer(approved, said('2026-12-20', alice, suspend))).toBe('not_possible');
    expect(answer(notified, said('2027-01-04', alice, suspend))).toBe('notice_running');
    expect(answer(notified, said('2027-01-05', alice, suspend))).toBe('done');
    const answered = after(notified, [said('2026-12-21', applicant, reply)]);
    expect(answer(answered, said('2026-12-21', alice, suspend))).toBe('done');
    expect(answer(answered, said('2026-12-22', applicant, reply))).toBe('nothing_to_answer');
  });

  it('leaves the right in force while the organization is heard, and may be given up', () => {
    expect(state(notified)).toBe('suspension_notified');
    const kept = after(notified, [said('2026-12-22', alice, { act: 'reinstate', service, text: 'Réglé.' })]);
    expect(state(kept)).toBe('approved');
    expect(kept.requests[0]?.notice).toBeUndefined();
  });

  it('comes at once when it cannot wait; the organization is heard afterwards', () => {
    const rushed = after(approved, [said('2026-12-20', alice, urgent)]);
    expect(state(rushed)).toBe('suspended_urgent');
    expect(answer(rushed, said('2026-12-21', alice, suspend))).toBe('notice_running');
    const heard = after(rushed, [said('2026-12-21', alice, notify), said('2026-12-22', applicant, reply)]);
    expect(state(heard)).toBe('suspended_urgent');
    expect(state(after(heard, [said('2026-12-23', alice, suspend)]))).toBe('suspended');
  });
});

describe('taking a right away', () => {
  const heard = after(approved, [said('2026-12-20', alice, notify), said('2026-12-21', applicant, reply)]);
  const illegal = propose({
    decision: 'withdraw',
    ...reasons,
    motive: 'decision_illegal',
    because: 'illegal',
  });
  const fraud = propose({ decision: 'withdraw', ...reasons, motive: 'fraud', because: 'fraud' });
  const abrogate = propose({ decision: 'abrogate', ...reasons });

  it('needs the organization to be heard first, even for fraud', () => {
    const notified = after(approved, [said('2026-12-20', alice, notify)]);
    for (const act of [illegal, fraud, abrogate]) {
      expect(answer(approved, said('2026-12-20', alice, act))).toBe('not_possible');
      expect(answer(notified, said('2026-12-20', alice, act))).toBe('notice_running');
      expect(answer(heard, said('2026-12-22', alice, act))).toBe('done');
    }
    // Giving up a right is the holder's own act: recorded by two, without a hearing.
    expect(proposals(heard, service, alice, noon('2026-12-22'), refusal)).toEqual([
      'abrogate',
      'withdraw',
      'renounce',
    ]);
    expect(proposals(notified, service, alice, noon('2026-12-22'), refusal)).toEqual(['renounce']);
  });

  it('because it was illegal: within four months of the decision that granted it (CRPA art. L242-1)', () => {
    expect(answer(heard, said('2027-04-11', alice, illegal))).toBe('done');
    expect(answer(heard, said('2027-04-12', alice, illegal))).toBe('too_late');
    const abrogateIllegal = propose({ decision: 'abrogate', ...reasons, motive: 'decision_illegal' });
    expect(answer(heard, said('2027-04-12', alice, abrogateIllegal))).toBe('too_late');
  });

  it('is decided by who confirms: proposed in time and confirmed too late is too late', () => {
    const proposed = after(heard, [said('2027-04-11', alice, illegal)]);
    expect(answer(proposed, said('2027-04-11', bob, confirm))).toBe('done');
    expect(answer(proposed, said('2027-04-12', bob, confirm))).toBe('too_late');
  });

  it('is confirmed while whoever proposed it is in charge (CRPA art. L212-1), and declined at any time', () => {
    const proposed = after(taken, [said('2026-12-11', alice, refuse)]);
    const gone = { ...refusal, outOfCharge: ['docs'] };
    expect(answer(proposed, said('2026-12-11', bob, confirm), gone)).toBe('proposer_out_of_charge');
    expect(answer(proposed, said('2026-12-11', bob, confirm), { ...gone, outOfCharge: ['tchap'] })).toBe(
      'done',
    );
    const declined: Act = { act: 'decline', service, text: 'À proposer de nouveau.' };
    expect(answer(proposed, said('2026-12-11', bob, declined), gone)).toBe('done');
  });

  it('because of fraud or of a condition no longer met: at any time (CRPA art. L241-2, L242-2)', () => {
    expect(answer(heard, said('2027-09-01', alice, fraud))).toBe('done');
    expect(answer(heard, said('2027-09-01', alice, abrogate))).toBe('done');
    // The longer time is for the reason that is written.
    const mislabelled = propose({ decision: 'withdraw', ...reasons, motive: 'other', because: 'fraud' });
    expect(answer(heard, said('2027-09-01', alice, mislabelled))).toBe('not_possible');
  });
});

describe('appeal (CRPA art. L411-2, L411-7)', () => {
  // Refused on 12 December: two months, franc, 13 February 2027 is a Saturday.
  const appealed = after(refused, [said('2026-12-20', applicant, appeal)]);

  it('comes in the time to go to court, from the day on which the decision arrived', () => {
    expect(appealLimit(refused.requests[0] ?? { service, state: 'draft', reminded: [] }, {})).toBe(
      '2027-02-15',
    );
    expect(answer(refused, said('2027-02-15', applicant, appeal))).toBe('done');
    expect(answer(refused, said('2027-02-16', applicant, appeal))).toBe('too_late');
    const arrived = { ...refusal, notifiedOn: { docs: '2026-12-20' } };
    expect(answer(refused, said('2027-02-16', applicant, appeal), arrived)).toBe('done');
  });

  it('is decided by neither the author nor the second of the decision', () => {
    const takenBy = (who: typeof alice): RegistrationFile => after(appealed, [said('2026-12-21', who, take)]);
    expect(answer(appealed, said('2026-12-20', alice, uphold))).toBe('same_decider');
    expect(answer(takenBy(bob), said('2026-12-21', bob, uphold))).toBe('same_decider');
    expect(answer(takenBy(carol), said('2026-12-21', carol, uphold))).toBe('done');
  });

  it('reversed, it grants terms; upheld, none', () => {
    const before = after(appealed, [said('2026-12-21', carol, take)]);
    const reversed = after(before, [said('2026-12-22', carol, reverse)]);
    expect(reversed.requests[0]).toMatchObject({
      state: 'approved',
      granted: { author: carol },
      terms: { startsOn: '2027-06-01' },
    });
    expect(answer(before, said('2026-12-22', carol, { ...reverse, terms: undefined }))).toBe('terms_invalid');
    expect(answer(before, said('2026-12-22', carol, { ...uphold, terms }))).toBe('terms_invalid');
  });

  it('is refused by two months of silence, under acceptance too; a late answer replaces that', () => {
    for (const circumstances of [refusal, acceptance]) {
      const silent = by('2027-02-21', appealed, circumstances);
      expect(state(silent)).toBe('implicitly_upheld');
      expect(decided(silent)).toEqual({ as: 'implicitly_upheld', on: '2027-02-20', text: '' });
      const late = after(
        silent,
        [said('2027-03-01', carol, take), said('2027-03-01', carol, reverse)],
        circumstances,
      );
      expect(state(late)).toBe('approved');
    }
  });

  it('against a suspension leaves it a suspension, that is not appealed against again', () => {
    const rushed = after(approved, [
      said('2026-12-20', alice, urgent),
      said('2026-12-21', applicant, appeal),
    ]);
    const answered = after(rushed, [said('2026-12-22', carol, take), said('2026-12-22', carol, uphold)]);
    expect(answered.requests[0]).toMatchObject({
      state: 'suspended_urgent',
      decided: { as: 'suspended_urgent' },
    });
    expect(answered.requests[0]?.appeal?.settled).toMatchObject({ as: 'upheld', author: carol });
    expect(answer(answered, said('2026-12-23', applicant, appeal))).toBe('not_possible');
  });
});
