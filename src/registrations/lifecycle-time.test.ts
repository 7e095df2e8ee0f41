// What time does to a file, and what it waits for (§5.6).
import { describe, expect, it } from 'vitest';
import type { Act } from './act.ts';
import type { RegistrationFile } from './file.ts';
import { dueByNow, nextDayOf, possible, silenceDayOf } from './lifecycle.ts';
import {
  acceptance,
  after,
  alice,
  answer,
  applicant,
  clock,
  empty,
  noon,
  refusal,
  said,
  terms,
} from './testing/people.ts';
import {
  service,
  submitBoth,
  take,
  approve,
  refuse,
  supply,
  urgent,
  appeal,
  askWhy,
  sayWhy,
  ask,
  submitted,
  taken,
  approved,
  by,
  state,
  decided,
} from './testing/sayings.ts';

describe('missing pieces (CRPA art. L114-5, L114-5-1)', () => {
  const asked = after(taken, [said('2026-12-10', alice, ask(true))]);
  const askedLightly = after(taken, [said('2026-12-10', alice, ask(false))]);

  it('asked on 10 December with 30 days, supplied on the 24th: silence decides on 4 February 2027', () => {
    const supplied = after(asked, [said('2026-12-24', applicant, supply)]);
    expect(silenceDayOf(supplied, 'refusal')).toBe('2027-02-04');
    expect(dueByNow(supplied, new Date('2027-02-04T22:59:59Z'), refusal)).toEqual([]);
    expect(dueByNow(supplied, new Date('2027-02-04T23:00:00Z'), refusal)).toHaveLength(1);
  });

  it('which the file can do without does not stop the clock', () => {
    expect(state(askedLightly)).toBe('info_requested');
    expect(silenceDayOf(askedLightly, 'refusal')).toBe('2027-01-21');
    expect(silenceDayOf(askedLightly, 'acceptance')).toBe('2027-01-21');
    expect(silenceDayOf(asked, 'refusal')).toBe('2027-02-20');
    expect(silenceDayOf(asked, 'acceptance')).toBeUndefined();
  });

  it('are awaited to the last day before a refusal, if they are needed; an approval waits for nothing', () => {
    expect(answer(asked, said('2027-01-09', alice, refuse))).toBe('too_early');
    expect(answer(asked, said('2027-01-10', alice, refuse))).toBe('done');
    expect(answer(askedLightly, said('2026-12-11', alice, refuse))).toBe('done');
    expect(answer(asked, said('2026-12-11', alice, approve))).toBe('done');
  });

  it('are supplied when they were asked for', () => {
    expect(answer(taken, said('2026-12-11', applicant, supply))).toBe('nothing_to_answer');
    expect(asked.asked).toMatchObject({ on: '2026-12-10', answerBy: '2027-01-09', blocking: true });
    expect(after(asked, [said('2026-12-11', applicant, supply)]).asked).toBeUndefined();
  });
});

describe('silence', () => {
  const midnight = new Date('2027-01-21T23:00:00Z');
  const silence = (means: 'refusal' | 'acceptance'): Act => ({ act: 'silence', service, means });

  it('refuses at the end of 21 January 2027 what was received on 21 November 2026', () => {
    const before = new Date(midnight.getTime() - 1);
    expect(dueByNow(submitted, before, refusal)).toEqual([]);
    expect(answer(submitted, said(before, clock, silence('refusal')))).toBe('too_early');
    const both = after(empty, [said('2026-11-21', applicant, submitBoth)]);
    expect(dueByNow(both, midnight, refusal)).toEqual([
      silence('refusal'),
      { ...silence('refusal'), service: 'tchap' },
    ]);
    expect(
      nextDayOf(submitted, submitted.requests[0] ?? { service, state: 'draft', reminded: [] }, 'refusal'),
    ).toBe('2027-01-22');
  });

  it('is of its own day, whenever it is recorded, and of nobody', () => {
    expect(decided(by('2027-02-15', submitted))).toEqual({
      as: 'implicitly_refused',
      on: '2027-01-21',
      text: '',
    });
  });

  it('accepts where the procedure says so: as a guest, for a year from the day after', () => {
    const accepted = by('2027-02-15', submitted, acceptance).requests[0];
    expect(accepted?.state).toBe('implicitly_accepted');
    expect(accepted?.terms).toEqual({
      level: 'guest',
      ground: 'operator_doctrine',
      conditions: [],
      startsOn: '2027-01-22',
      endsOn: '2028-01-21',
    });
    expect(answer(submitted, said('2027-01-22', clock, silence('refusal')), acceptance)).toBe('not_possible');
  });

  it('has decided even if nobody recorded it yet: people act on the file as time has made it', () => {
    expect(answer(taken, said(midnight, alice, approve))).toBe('time_first');
    expect(possible(taken, alice, midnight, refusal)).toEqual([]);
    const late: Act = { ...approve, terms: { ...terms, startsOn: '2027-02-01' } };
    const both = after(empty, [said('2026-11-21', applicant, submitBoth), said('2026-12-10', alice, take)]);
    const approvedLate = after(by('2027-01-31', both), [said('2027-01-31', alice, late)]);
    expect(approvedLate.requests.map((one) => one.state)).toEqual(['approved', 'implicitly_refused']);
    expect(decided(approvedLate)).toMatchObject({ on: '2027-01-31', author: alice });
  });

  it('counts from the first authority for a refusal, from the competent one for an acceptance (CRPA art. L114-2)', () => {
    const moved = after(taken, [
      said('2026-12-20', alice, { act: 'transfer', to: 'La direction compétente' }),
    ]);
    expect(silenceDayOf(moved, 'refusal')).toBe('2027-01-21');
    expect(silenceDayOf(moved, 'acceptance')).toBe('2027-02-20');
    expect(moved.taken).toBeUndefined();
  });
});

describe('the reasons of an implicit refusal (CRPA art. L232-4)', () => {
  const silent = by('2027-01-22', submitted);
  const asked = after(silent, [said('2027-02-01', applicant, askWhy), said('2027-02-02', alice, take)]);

  it('are asked for once, in the time to go to court', () => {
    // 21 January and two months, franc: 22 March, a Monday.
    expect(answer(silent, said('2027-03-22', applicant, askWhy))).toBe('done');
    expect(answer(silent, said('2027-03-23', applicant, askWhy))).toBe('too_late');
    expect(answer(asked, said('2027-02-02', applicant, askWhy))).toBe('not_possible');
  });

  it('are given once, by a person, and move the time to go to court', () => {
    expect(answer(after(silent, [said('2027-01-23', alice, take)]), said('2027-01-24', alice, sayWhy))).toBe(
      'nothing_to_answer',
    );
    const given = after(asked, [said('2027-02-20', alice, sayWhy)]);
    expect(given.requests[0]?.motivesGiven).toMatchObject({ on: '2027-02-20', by: alice });
    expect(answer(given, said('2027-02-21', alice, sayWhy))).toBe('nothing_to_answer');
    expect(answer(asked, said('2027-05-01', applicant, appeal))).toBe('done');
    expect(answer(given, said('2027-04-21', applicant, appeal))).toBe('done');
    expect(answer(given, said('2027-04-22', applicant, appeal))).toBe('too_late');
  });
});

describe('the end of a right', () => {
  // To 31 December 2027.
  const one = approved;
  const acts = (file: RegistrationFile, day: string): readonly string[] =>
    dueByNow(file, noon(day), refusal).map((act) =>
      act.act === 'remind' ? `remind ${act.daysLeft}` : act.act,
    );

  it('is announced 90, 30 and 7 days before, each once', () => {
    expect(acts(one, '2027-10-01')).toEqual([]);
    expect(acts(one, '2027-10-02')).toEqual(['renewal_due', 'remind 90']);
    const first = by('2027-10-02', one);
    expect(acts(first, '2027-11-30')).toEqual([]);
    expect(acts(first, '2027-12-01')).toEqual(['remind 30']);
    const second = by('2027-12-01', first);
    expect(acts(second, '2027-12-23')).toEqual([]);
    expect(acts(second, '2027-12-24')).toEqual(['remind 7']);
    expect(acts(by('2027-12-24', second), '2027-12-31')).toEqual([]);
  });

  it('is not announced three times at once', () => {
    expect(acts(one, '2027-12-15')).toEqual(['renewal_due', 'remind 30']);
    expect(acts(one, '2027-12-31')).toEqual(['renewal_due', 'remind 7']);
    expect(acts(one, '2028-03-01')).toEqual(['expire']);
  });

  it('comes at midnight in Paris, in winter and in summer', () => {
    expect(dueByNow(one, new Date('2027-12-31T22:59:59Z'), refusal).map(({ act }) => act)).not.toContain(
      'expire',
    );
    expect(dueByNow(one, new Date('2027-12-31T23:00:00Z'), refusal)).toEqual([{ act: 'expire', service }]);
    // 28 March 2027 has 23 hours and 31 October 25.
    for (const [endsOn, midnight] of [
      ['2027-03-28', '2027-03-28T22:00:00Z'],
      ['2027-10-31', '2027-10-31T23:00:00Z'],
    ] as const) {
      const short = after(taken, [said('2026-12-11', alice, { ...approve, terms: { ...terms, endsOn } })]);
      const expires = (at: Date) => dueByNow(short, at, refusal).some(({ act }) => act === 'expire');
      expect(expires(new Date(midnight))).toBe(true);
      expect(expires(new Date(new Date(midnight).getTime() - 1))).toBe(false);
    }
  });

  it('ends a suspended right too, and nobody brings it back afterwards', () => {
    const rushed = after(one, [said('2027-06-01', alice, urgent)]);
    expect(acts(rushed, '2027-12-31')).toEqual([]);
    const reinstate: Act = { act: 'reinstate', service, text: 'Réglé.' };
    expect(answer(rushed, said('2028-01-01', alice, reinstate))).toBe('time_first');
    expect(answer(by('2028-01-01', rushed), said('2028-01-01', alice, reinstate))).toBe('not_possible');
  });
});
