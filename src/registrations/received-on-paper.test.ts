// What comes by post or by word of mouth: an operator records it, and the law counts from the day on which it came.
import { describe, expect, it } from 'vitest';
import { dueByNow, possible } from './lifecycle.ts';
import {
  after,
  alice,
  answer,
  applicant,
  bob,
  carol,
  empty,
  mayor,
  noon,
  reasons,
  refusal,
  said,
  terms,
} from './testing/people.ts';

const service = 'docs';
const taken = after(empty, [
  said('2026-11-21', applicant, { act: 'submit', content: {}, services: [service] }),
  said('2026-11-22', alice, { act: 'take' }),
]);
const refused = after(taken, [
  said('2026-12-01', alice, { act: 'propose', service, proposal: { decision: 'refuse', ...reasons } }),
  said('2026-12-02', bob, { act: 'confirm', service }),
]);
const notified = after(taken, [
  said('2026-12-10', alice, { act: 'approve', service, terms, text: 'Accordé.' }),
  said('2027-01-05', alice, { act: 'notify_suspension', service, ...reasons, days: 15 }),
]);

const appeal = (receivedOn?: string) =>
  ({ act: 'appeal', service, text: 'Nous contestons.', ...(receivedOn && { receivedOn }) }) as const;
const observations = (receivedOn?: string) =>
  ({ act: 'answer_notice', service, text: 'Voici pourquoi.', ...(receivedOn && { receivedOn }) }) as const;

describe('an appeal on paper', () => {
  it.each([
    ['without a day', undefined, 'day_invalid'],
    ['tomorrow', '2026-12-21', 'day_invalid'],
    ['before the decision', '2026-12-01', 'day_invalid'],
    ['on the day of the decision', '2026-12-02', 'done'],
    ['today', '2026-12-20', 'done'],
  ] as const)('%s', (_, receivedOn, expected) => {
    expect(answer(refused, said('2026-12-20', carol, appeal(receivedOn)))).toBe(expected);
  });

  it('counts from the day on which it was received', () => {
    const appealed = after(refused, [said('2027-01-20', carol, appeal('2026-12-15'))]);
    expect(appealed.requests[0]?.appeal?.on).toBe('2026-12-15');
    expect(dueByNow(appealed, noon('2027-02-15'), refusal)).toEqual([]);
    expect(dueByNow(appealed, noon('2027-02-16'), refusal)).toEqual([
      { act: 'silence', service, means: 'refusal' },
    ]);
  });

  it('is recorded late too: the postmark counts (CRPA art. L112-1), and whoever decides weighs it', () => {
    expect(answer(refused, said('2027-03-20', applicant, appeal()))).toBe('too_late');
    expect(answer(refused, said('2027-03-20', carol, appeal('2027-02-03')))).toBe('done');
  });

  it('is recorded by nobody who acts for the organization', () => {
    expect(answer(refused, said('2026-12-20', mayor, appeal('2026-12-15')))).toBe('own_organization');
  });

  it('does not use up the one of the applicant, answered or not', () => {
    const recorded = after(refused, [said('2026-12-20', carol, appeal('2026-12-15'))]);
    const answered = after(recorded, [
      said('2026-12-21', carol, { act: 'take' }),
      said('2026-12-21', carol, {
        act: 'decide_appeal',
        service,
        outcome: 'upheld',
        text: 'Non.',
        rule: 'R',
      }),
    ]);
    for (const file of [recorded, answered]) {
      expect(answer(file, said('2026-12-22', alice, appeal('2026-12-22')))).toBe('not_possible');
      const own = after(file, [said('2026-12-22', applicant, appeal())]);
      expect(own.requests[0]).toMatchObject({
        state: 'appealed',
        appeal: { on: '2026-12-22', against: { as: 'refused' }, recordedBy: undefined },
      });
      expect(answer(own, said('2026-12-23', applicant, appeal()))).toBe('not_possible');
    }
    expect(answer(recorded, said('2027-03-20', applicant, appeal()))).not.toBe('done');
  });

  it('on the page of the file is received when it comes, whatever it says', () => {
    expect(answer(refused, said('2026-12-20', applicant, appeal('2026-12-05')))).toBe('day_invalid');
  });
});

describe('observations on paper', () => {
  it.each([
    ['before the notice', '2027-01-04', 'day_invalid'],
    ['on its day', '2027-01-05', 'done'],
    ['after the time given', '2027-02-01', 'done'],
    ['in the future', '2027-02-02', 'day_invalid'],
  ] as const)('%s', (_, receivedOn, expected) => {
    expect(answer(notified, said('2027-02-01', carol, observations(receivedOn)))).toBe(expected);
  });

  it('leave the organization its days, whoever recorded them and whoever decides', () => {
    const suspend = (on: string, by = alice) => said(on, by, { act: 'suspend', service, ...reasons });
    for (const recorder of [alice, carol]) {
      const recorded = after(notified, [said('2027-01-09', recorder, observations('2027-01-08'))]);
      expect(answer(recorded, suspend('2027-01-10'))).toBe('notice_running');
      expect(answer(recorded, suspend('2027-01-20'))).toBe('notice_running');
      expect(answer(recorded, suspend('2027-01-21'))).toBe('done');
      expect(
        answer(
          recorded,
          said('2027-01-10', alice, {
            act: 'propose',
            service,
            proposal: { decision: 'abrogate', ...reasons },
          }),
        ),
      ).toBe('notice_running');
    }
  });

  it('do not shut out its own answer, which then is the answer', () => {
    const recorded = after(notified, [said('2027-01-09', carol, observations('2027-01-08'))]);
    expect(answer(recorded, said('2027-01-09', alice, observations('2027-01-08')))).toBe('nothing_to_answer');
    const own = after(recorded, [
      said('2027-01-10', applicant, { act: 'answer_notice', service, text: 'Nos mots.' }),
    ]);
    expect(own.requests[0]?.notice).toMatchObject({ answer: 'Nos mots.', recordedBy: undefined });
    expect(answer(own, said('2027-01-10', alice, { act: 'suspend', service, ...reasons }))).toBe('done');
    expect(answer(own, said('2027-01-10', carol, observations('2027-01-09')))).toBe('nothing_to_answer');
    expect(answer(own, said('2027-01-11', applicant, observations()))).toBe('nothing_to_answer');
  });
});

it('who may record it is who may act on the file, whether it is taken or not', () => {
  const acts = (actor: typeof carol) =>
    possible(refused, actor, noon('2026-12-20'), refusal).map(({ act }) => act);
  expect(acts(carol)).toContain('appeal');
  expect(acts(mayor)).not.toContain('appeal');
});
