// Who may act on a file, and when: the conditions of the lifecycle that concern people.
import { describe, expect, it } from 'vitest';
import type { RegistrationFile } from './file.ts';
import { dueByNow, possible } from './lifecycle.ts';
import {
  acceptance,
  after,
  alice,
  answer,
  applicant,
  bob,
  carol,
  clock,
  empty,
  mayor,
  noon,
  reasons,
  refusal,
  register,
  said,
  stranger,
  terms,
} from './testing/people.ts';
import type { Said } from './testing/people.ts';
import {
  service,
  submit,
  submitBoth,
  take,
  release,
  note,
  approve,
  refuse,
  confirm,
  urgent,
  appeal,
  ask,
  submitted,
  taken,
  approved,
  refused,
  by,
  state,
  decided,
} from './testing/sayings.ts';

describe('the requests of a file', () => {
  const takenBoth = after(empty, [
    said('2026-11-21', applicant, submitBoth),
    said('2026-12-10', alice, take),
  ]);

  it('are examined together and decided one by one', () => {
    expect(takenBoth.requests.map((one) => one.state)).toEqual(['under_review', 'under_review']);
    const one = after(takenBoth, [said('2026-12-11', alice, approve)]);
    const both = after(one, [
      said('2026-12-11', alice, { ...refuse, service: 'tchap' }),
      said('2026-12-11', bob, { ...confirm, service: 'tchap' }),
    ]);
    expect(both.requests.map((request) => request.state)).toEqual(['approved', 'refused']);
    // What is decided does not go back to the examination.
    const asked = after(one, [said('2026-12-12', alice, ask(true))]);
    expect(asked.requests.map((request) => request.state)).toEqual(['approved', 'info_requested']);
  });

  it('are those that were asked for, once each', () => {
    const twice = after(empty, [said('2026-11-21', applicant, { ...submit, services: ['docs', 'docs'] })]);
    expect(twice.requests).toHaveLength(1);
    expect(answer(twice, said('2026-11-22', applicant, submit))).toBe('not_possible');
    expect(answer(taken, said('2026-12-11', alice, { ...approve, service: 'visio' }))).toBe('not_possible');
  });
});

describe('who acts', () => {
  it.each<[string, RegistrationFile, Said, string]>([
    ['somebody else’s draft', empty, said('2026-11-21', stranger, submit), 'not_the_applicant'],
    ['somebody else’s appeal', refused, said('2026-12-20', stranger, appeal), 'not_the_applicant'],
    [
      'an operator in the name of the applicant',
      refused,
      said('2026-12-20', alice, { act: 'ask_motives', service }),
      'not_the_applicant',
    ],
    ['an applicant who approves', taken, said('2026-12-11', applicant, approve), 'not_possible'],
    [
      'an operator in the name of time',
      approved,
      said('2028-01-01', alice, { act: 'expire', service }),
      'not_possible',
    ],
    ['the register that approves', taken, said('2026-12-11', register, approve), 'not_possible'],
    [
      'time that closes',
      approved,
      said('2027-01-01', clock, { act: 'close', service, text: '.' }),
      'not_possible',
    ],
  ])('%s', (_, file, one, because) => {
    expect(answer(file, one)).toBe(because);
  });

  it('nobody examines or decides on an organization for which they act', () => {
    const proposed = after(taken, [said('2026-12-11', alice, refuse)]);
    expect(answer(submitted, said('2026-12-10', mayor, take))).toBe('own_organization');
    expect(answer(proposed, said('2026-12-11', mayor, confirm))).toBe('own_organization');
    expect(answer(approved, said('2026-12-12', mayor, urgent))).toBe('own_organization');
    // A note decides nothing: it is how one says that one stands back.
    expect(answer(submitted, said('2026-12-10', mayor, note))).toBe('done');
    expect(possible(submitted, mayor, noon('2026-12-10'), refusal)).toEqual([{ act: 'note' }]);
    // Without a SIREN nobody is known to act for it; another SIREN is another organization.
    expect(answer(submitted, said('2026-12-10', bob, take))).toBe('done');
    const nameless = { ...refusal, organizationSiren: undefined };
    expect(answer(submitted, said('2026-12-10', mayor, take), nameless)).toBe('done');
  });
});

describe('the lock', () => {
  const at = (time: string): Date => new Date(`2026-12-10T${time}:00Z`);
  const held = after(submitted, [said(at('09:00'), alice, take), said(at('09:20'), alice, note)]);

  it('keeps others from deciding, and from taking until half an hour after the last act', () => {
    expect(answer(submitted, said('2026-12-10', bob, ask(true)))).toBe('not_possible');
    expect(answer(held, said(at('09:21'), bob, ask(true)))).toBe('already_taken');
    expect(answer(held, said(at('09:49'), bob, take))).toBe('already_taken');
    expect(answer(held, said(at('09:50'), bob, take))).toBe('done');
    // Holding nothing is no right to act: the file has to be taken over first.
    expect(answer(held, said(at('09:50'), bob, ask(true)))).toBe('not_taken');
  });

  it('is not kept alive by the notes of others', () => {
    const noted = after(held, [said(at('09:45'), bob, note)]);
    expect(answer(noted, said(at('09:50'), bob, take))).toBe('done');
  });

  it('opens when it is released, by who holds it', () => {
    expect(answer(held, said(at('09:21'), bob, release))).toBe('already_taken');
    const released = after(held, [said(at('09:21'), alice, release)]);
    expect(answer(released, said(at('09:22'), alice, approve))).toBe('not_taken');
    expect(answer(released, said(at('09:22'), bob, take))).toBe('done');
  });

  it('opens in the place of somebody who was removed, and of nobody else', () => {
    expect(answer(held, said(at('09:21'), bob, { ...release, of: bob.id }))).toBe('not_taken');
    const released = after(held, [said(at('09:21'), bob, { ...release, of: alice.id })]);
    expect(answer(released, said(at('09:22'), bob, take))).toBe('done');
  });

  it('outlasts the half hour as long as nobody else takes the file; taken over, it is lost', () => {
    expect(
      answer(held, said('2026-12-15', alice, { ...approve, terms: { ...terms, startsOn: '2026-12-15' } })),
    ).toBe('done');
    const over = after(held, [said(at('09:50'), bob, take)]);
    expect(answer(over, said(at('09:51'), alice, approve))).toBe('already_taken');
  });

  it('does not stand in the way of an urgent suspension', () => {
    expect(answer(approved, said('2026-12-11', carol, urgent))).toBe('done');
  });
});

describe('four eyes', () => {
  const proposed = after(taken, [said('2026-12-11', alice, refuse)]);

  it('a refusal has an author and another person who confirms it; both are kept', () => {
    expect(state(proposed)).toBe('under_review');
    expect(answer(proposed, said('2026-12-11', alice, confirm))).toBe('same_person');
    expect(decided(refused)).toMatchObject({
      as: 'refused',
      on: '2026-12-12',
      author: alice,
      second: bob,
      ...reasons,
    });
  });

  it('nobody goes round the second person', () => {
    for (const act of [approve, refuse, ask(true), { act: 'transfer', to: 'Ailleurs' } as const]) {
      expect(answer(proposed, said('2026-12-11', alice, act))).toBe('second_person_needed');
    }
    expect(answer(proposed, said('2026-12-11', applicant, { act: 'withdraw_request' }))).toBe('done');
  });

  it('who declines gives the file back to who examines it', () => {
    const declined = after(proposed, [said('2026-12-11', bob, { act: 'decline', service, text: 'Non.' })]);
    expect(answer(declined, said('2026-12-11', bob, confirm))).toBe('nothing_proposed');
    expect(answer(declined, said('2026-12-11', alice, approve))).toBe('done');
  });

  it('a refusal that waits is still there once silence has refused, and gone once silence has accepted', () => {
    expect(answer(by('2027-01-22', proposed), said('2027-01-22', bob, confirm))).toBe('done');
    const accepted = by('2027-01-22', proposed, acceptance);
    expect(answer(accepted, said('2027-01-22', bob, confirm), acceptance)).toBe('nothing_proposed');
    expect(accepted.requests[0]?.proposed).toBeUndefined();
  });
});

describe('a clock set back', () => {
  it('makes nothing happen before what has happened', () => {
    const at = new Date('2026-12-10T11:00:00Z');
    const held = after(submitted, [said(at, alice, take)]);
    const earlier = new Date(at.getTime() - 1);
    expect(answer(held, said(earlier, alice, note))).toBe('clock');
    expect(answer(held, said(at, alice, note))).toBe('done');
    expect(answer(held, said(new Date(NaN), alice, note))).toBe('clock');
    expect(possible(held, alice, earlier, refusal)).toEqual([]);
    expect(dueByNow(by('2027-02-01', submitted), noon('2026-11-01'), refusal)).toEqual([]);
  });
});
