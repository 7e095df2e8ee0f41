// Appeals against what leaves the organization a right, or ended without being refused to it: its letters announce them
// too. They suspend nothing (CJA art. L4): the right stays what it is until somebody answers.
import { describe, expect, it } from 'vitest';
import type { Act } from './act.ts';
import { approvalRowOf } from './approval-rows.ts';
import { retentionEnd } from './evidence/retention.ts';
import type { RegistrationFile, Request } from './file.ts';
import { isTakenBack } from './former.ts';
import { dueByNow, possible } from './lifecycle.ts';
import { project } from './projections.ts';
import {
  acceptance,
  after,
  alice,
  answer,
  applicant,
  bob,
  carol,
  clock,
  noon,
  reasons,
  refusal,
  register,
  said,
  terms,
} from './testing/people.ts';
import type { Said } from './testing/people.ts';
import {
  appeal,
  approved,
  by,
  confirm,
  notify,
  propose,
  reply,
  reverse,
  service,
  state,
  submitted,
  taken,
  uphold,
  urgent,
} from './testing/sayings.ts';

const requestOf = (file: RegistrationFile): Request => {
  const [found] = file.requests;
  if (found === undefined) throw new Error('no request');
  return found;
};
const rowOf = (file: RegistrationFile) => approvalRowOf(file, requestOf(file), '000000406', 'Direction');
const onPaper = (on: string, who = carol): Said => said(on, who, { ...appeal, receivedOn: on });
const take = (on: string, who = carol): Said => said(on, who, { act: 'take' });
const close: Act = { act: 'close', service, text: 'Cessée.' };

const illegal = propose({
  decision: 'withdraw',
  ...reasons,
  motive: 'decision_illegal',
  because: 'illegal',
});

// Alice granted it on 11 December 2026, from 15 December 2026 to 31 December 2027.
const asGuest = after(taken, [
  said('2026-12-11', alice, {
    act: 'approve',
    service,
    terms: { ...terms, level: 'guest' },
    text: 'Invités.',
  }),
]);
const contested = after(asGuest, [onPaper('2026-12-20')]);
const accepted = by('2027-02-01', submitted, acceptance);
// Suspended at once on the last day but one of a right that ends.
const short = after(taken, [
  said('2026-12-11', alice, {
    act: 'approve',
    service,
    terms: { ...terms, endsOn: '2027-01-10' },
    text: 'Oui.',
  }),
]);
const overSuspended = by('2027-01-11', after(short, [said('2027-01-09', alice, urgent)]));

describe('an appeal against less than was asked for', () => {
  it('comes on paper, as the letter says, and is recorded', () => {
    expect(answer(asGuest, onPaper('2026-12-20'))).toBe('done');
    expect(answer(asGuest, said('2026-12-20', applicant, appeal))).toBe('not_possible');
    expect(answer(contested, onPaper('2026-12-21'))).toBe('not_possible');
  });

  it('leaves the right as it is, and waits for an answer', () => {
    expect(state(contested)).toBe('approved');
    expect(rowOf(contested)).toEqual(rowOf(asGuest));
    expect(project(contested, 'refusal')).toMatchObject({
      stage: 'examination',
      dueOn: '2027-02-20',
      requests: [{ state: 'approved', contested: true }],
    });
  });

  it('does not use up the one of the applicant, whose page takes it in its place', () => {
    const own = after(contested, [said('2026-12-22', applicant, appeal)]);
    expect(requestOf(own)).toMatchObject({
      state: 'approved',
      appeal: { on: '2026-12-22', against: { as: 'approved' }, recordedBy: undefined },
    });
    expect(answer(own, said('2026-12-23', applicant, appeal))).toBe('not_possible');
  });

  it('is rejected by two months of silence, and the right stays', () => {
    expect(dueByNow(contested, noon('2027-02-20'), refusal)).toEqual([]);
    const silent = by('2027-02-21', contested);
    expect(requestOf(silent)).toMatchObject({
      state: 'approved',
      decided: { as: 'approved' },
      appeal: { settled: { as: 'implicitly_upheld', on: '2027-02-20' } },
    });
    expect(project(silent, 'refusal')).toMatchObject({ stage: 'decided', requests: [{ contested: false }] });
    // An answer that comes late replaces that of silence.
    expect(answer(after(silent, [take('2027-03-01')]), said('2027-03-01', carol, uphold))).toBe('done');
  });

  it('is answered by another person than who decided: the terms stay, or are others', () => {
    // Alice, who decided, still has the file in hand.
    expect(answer(contested, said('2026-12-21', alice, uphold))).toBe('same_decider');
    const held = after(contested, [take('2026-12-22')]);
    const upheld = after(held, [said('2026-12-22', carol, uphold)]);
    expect(requestOf(upheld)).toMatchObject({
      state: 'approved',
      terms: { level: 'guest' },
      appeal: { settled: { as: 'upheld', author: carol } },
    });
    expect(answer(upheld, said('2026-12-22', carol, uphold))).toBe('nothing_to_answer');
    const reversed = after(held, [
      said('2026-12-22', carol, { ...reverse, terms: { ...terms, startsOn: '2026-12-22' } }),
    ]);
    expect(requestOf(reversed)).toMatchObject({
      state: 'approved',
      terms: { level: 'member' },
      appeal: undefined,
    });
  });

  it('goes on beside what happens to the right meanwhile', () => {
    for (const [file, expected] of [
      [after(contested, [said('2027-01-05', alice, notify)]), 'suspension_notified'],
      [after(contested, [said('2027-01-05', alice, urgent)]), 'suspended_urgent'],
      [
        after(contested, [
          said('2027-01-05', applicant, { act: 'renounce', service, from: '2027-01-05', text: '' }),
        ]),
        'renounced',
      ],
      [after(contested, [said('2027-01-05', register, close)]), 'closed'],
      [
        after(contested, [
          said('2027-01-05', clock, { act: 'renewed_by', service, registration: 'D-27-7K3QXWPB' }),
        ]),
        'renewed',
      ],
    ] as const) {
      expect(state(file)).toBe(expected);
      // Observations are awaited until 20 January, if there is a notice.
      const dueOn = expected === 'suspension_notified' ? '2027-01-20' : '2027-02-20';
      expect(project(file, 'refusal')).toMatchObject({ stage: 'examination', dueOn });
      expect(retentionEnd(file, noon('2027-01-05'))).toBeUndefined();
      expect(answer(after(file, [take('2027-01-06')]), said('2027-01-06', carol, uphold))).toBe('done');
      expect(state(by('2027-02-21', file))).toBe(expected);
    }
  });

  it('whose answer gives nothing back that was taken away or given up since', () => {
    const answered: Said = said('2027-01-06', carol, {
      ...reverse,
      terms: { ...terms, startsOn: '2027-01-06' },
    });
    for (const since of [
      said('2027-01-05', alice, urgent),
      said('2027-01-05', applicant, { act: 'renounce', service, from: '2027-01-05', text: '' }),
      said('2027-01-05', clock, { act: 'renewed_by', service, registration: 'D-27-7K3QXWPB' }),
    ])
      expect(answer(after(contested, [since, take('2027-01-06')]), answered)).toBe('not_possible');
  });

  it('whose answer gives nothing from the day on which the organization gives the right up', () => {
    const leaving = after(contested, [
      said('2027-01-05', applicant, { act: 'renounce', service, from: '2027-03-01', text: '' }),
      take('2027-01-06'),
    ]);
    const answered = (endsOn: string): Said =>
      said('2027-01-06', carol, { ...reverse, terms: { ...terms, startsOn: '2027-01-06', endsOn } });
    expect(answer(leaving, answered('2027-03-01'))).toBe('terms_invalid');
    const reversed = after(leaving, [answered('2027-02-28')]);
    expect(requestOf(reversed)).toMatchObject({ state: 'approved', terms: { level: 'member' } });
    expect(state(by('2027-03-01', reversed))).toBe('renounced');
  });

  it('is answered once nothing waits for a second person: one alone would undo what two are deciding', () => {
    const heard = after(contested, [
      said('2027-01-05', alice, notify),
      said('2027-01-06', applicant, reply),
      said('2027-01-07', alice, illegal),
      said('2027-01-07', alice, { act: 'release', of: 'alice' }),
      take('2027-01-08'),
    ]);
    const answered = said('2027-01-08', carol, {
      ...reverse,
      terms: { ...terms, startsOn: '2027-01-08' },
    });
    expect(answer(heard, answered)).toBe('second_person_needed');
    expect(
      answer(after(heard, [said('2027-01-08', bob, { act: 'decline', service, text: 'Non.' })]), answered),
    ).toBe('done');
    // Of a renewal, what it renewed lives again, although the appeal still waits.
    const [withdrawn] = after(heard, [said('2027-01-08', bob, confirm)]).requests;
    expect(withdrawn).toMatchObject({
      state: 'withdrawn_by_authority',
      appeal: { against: { as: 'approved' } },
    });
    expect(withdrawn !== undefined && isTakenBack(withdrawn)).toBe(true);
  });

  it('is not in the way of one against what was decided since, which takes its place', () => {
    const rushed = after(contested, [said('2027-01-05', alice, urgent)]);
    for (const own of [said('2027-01-06', applicant, appeal), onPaper('2027-01-06')])
      expect(requestOf(after(rushed, [own]))).toMatchObject({
        state: 'appealed',
        appeal: { on: '2027-01-06', against: { as: 'suspended_urgent' } },
      });
  });
});

describe('an appeal against a suspension whose right has ended', () => {
  it('comes from the page or on paper, while its time runs', () => {
    expect(state(overSuspended)).toBe('expired');
    // 9 January and two months, franc: 10 March.
    expect(answer(overSuspended, said('2027-03-10', applicant, appeal))).toBe('done');
    expect(answer(overSuspended, said('2027-03-11', applicant, appeal))).toBe('too_late');
    expect(answer(overSuspended, onPaper('2027-03-11'))).toBe('done');
    // Of a right that ended by itself, nothing is left to contest but what was granted, on paper.
    expect(answer(by('2027-01-11', short), said('2027-01-12', applicant, appeal))).toBe('not_possible');
    expect(answer(by('2027-01-11', short), onPaper('2027-01-12'))).toBe('done');
  });

  it('leaves it over until somebody grants it anew', () => {
    const pending = after(overSuspended, [said('2027-01-12', applicant, appeal), take('2027-01-13', bob)]);
    expect(state(pending)).toBe('expired');
    expect(rowOf(pending)).toEqual(rowOf(overSuspended));
    expect(state(after(pending, [said('2027-01-13', bob, uphold)]))).toBe('expired');
    const again = after(pending, [
      said('2027-01-13', bob, { ...reverse, terms: { ...terms, startsOn: '2027-01-13' } }),
    ]);
    expect(requestOf(again)).toMatchObject({ state: 'approved', terms: { startsOn: '2027-01-13' } });
  });
});

describe('an appeal against what nobody wrote', () => {
  it('a right that silence granted: anybody may answer', () => {
    const pending = after(accepted, [onPaper('2027-02-02'), take('2027-02-03', alice)], acceptance);
    expect(state(pending)).toBe('implicitly_accepted');
    expect(answer(pending, said('2027-02-03', alice, uphold), acceptance)).toBe('done');
  });

  it('a closure by the register, from its own day', () => {
    const closed = after(approved, [said('2027-06-01', register, close)]);
    expect(answer(closed, said('2027-06-02', applicant, appeal))).toBe('not_possible');
    expect(answer(closed, said('2027-06-02', carol, { ...appeal, receivedOn: '2027-05-31' }))).toBe(
      'day_invalid',
    );
    const pending = after(closed, [onPaper('2027-06-02'), take('2027-06-03')]);
    expect(requestOf(pending)).toMatchObject({
      state: 'closed',
      appeal: { on: '2027-06-02', against: { as: 'closed', on: '2027-06-01', text: 'Cessée.' } },
    });
    expect(
      state(
        after(pending, [
          said('2027-06-03', carol, { ...reverse, terms: { ...terms, startsOn: '2027-06-03' } }),
        ]),
      ),
    ).toBe('approved');
  });
});

it('a file that is over is taken in hand only while an appeal waits there', () => {
  const names = (file: RegistrationFile) =>
    possible(file, carol, noon('2027-03-01'), refusal).map(({ act }) => act);
  expect(names(overSuspended)).not.toContain('take');
  expect(names(after(overSuspended, [onPaper('2027-02-01')]))).toContain('take');
});
