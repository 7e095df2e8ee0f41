import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../eligibility/eligibility.ts';
import type { Pause } from './file.ts';
import {
  addMonths,
  appealSilenceDay,
  courtLimit,
  easterSunday,
  endOfPause,
  isWorkingDay,
  motivesDay,
  observationsDay,
  publicHolidays,
  silenceDay,
  withdrawalLimit,
} from './legal-clock.ts';

describe('months', () => {
  it.each([
    ['2026-11-21', 2, '2027-01-21'],
    ['2026-12-31', 2, '2027-02-28'],
    ['2027-12-31', 2, '2028-02-29'],
    ['2026-12-29', 2, '2027-02-28'],
    ['2026-12-28', 2, '2027-02-28'],
    ['2027-02-28', 2, '2027-04-28'],
    ['2026-08-31', 1, '2026-09-30'],
    ['2026-10-31', 4, '2027-02-28'],
    ['2028-02-29', 12, '2029-02-28'],
  ])('from %s, %i later: %s', (day, months, later) => {
    expect(addMonths(day, months)).toBe(later);
  });

  it.each(['2026-02-29', '2026-13-01', '2026-00-10', '21/11/2026', ''])('%j is not a day', (day) => {
    expect(() => addMonths(day, 2)).toThrow(RangeError);
  });
});

describe('silence (CRPA art. L231-1, L231-4)', () => {
  it('decides at the end of 21 January 2027 on what was received on 21 November 2026', () => {
    expect(silenceDay('2026-11-21', [], 'refusal')).toBe('2027-01-21');
    expect(silenceDay('2026-11-21', [], 'acceptance')).toBe('2027-01-21');
  });

  it('is not moved by Sundays and holidays: nobody has to do anything on its day', () => {
    expect(isWorkingDay('2027-07-14')).toBe(false);
    expect(silenceDay('2027-05-14', [], 'refusal')).toBe('2027-07-14');
  });

  it.each([
    // Across 29 March and 25 October, a day of 23 hours and one of 25.
    ['2026-02-28', '2026-04-28'],
    ['2026-09-30', '2026-11-30'],
    ['2026-12-31', '2027-02-28'],
    ['2027-12-31', '2028-02-29'],
  ])('received on %s: %s', (receivedOn, day) => {
    expect(silenceDay(receivedOn, [], 'refusal')).toBe(day);
  });
});

describe('missing pieces (CRPA art. L114-5)', () => {
  const asked: Pause = { askedOn: '2026-12-10', days: 30 };

  it('asked on 10 December with 30 days, supplied on the 24th: 14 days later, 4 February 2027', () => {
    expect(silenceDay('2026-11-21', [{ ...asked, suppliedOn: '2026-12-24' }], 'refusal')).toBe('2027-02-04');
  });

  it.each([
    ['never supplied: the 30 days given', [asked], '2027-02-20'],
    ['supplied too late: the 30 days given', [{ ...asked, suppliedOn: '2027-01-15' }], '2027-02-20'],
    ['supplied on the last day', [{ ...asked, suppliedOn: '2027-01-09' }], '2027-02-20'],
    ['supplied at once', [{ ...asked, suppliedOn: '2026-12-10' }], '2027-01-21'],
    [
      'asked twice, one after the other',
      [
        { ...asked, suppliedOn: '2026-12-24' },
        { askedOn: '2027-01-04', days: 10, suppliedOn: '2027-01-10' },
      ],
      '2027-02-10',
    ],
    [
      'asked twice at once: shared days count once',
      [asked, { askedOn: '2026-12-20', days: 30 }],
      '2027-03-02',
    ],
    ['asked on the last day', [{ askedOn: '2027-01-21', days: 10 }], '2027-01-31'],
    ['asked when silence had decided', [{ askedOn: '2027-01-22', days: 10 }], '2027-01-21'],
  ])('suspends the clock of a refusal; %s', (_, pauses, day) => {
    expect(silenceDay('2026-11-21', pauses, 'refusal')).toBe(day);
    expect(silenceDay('2026-11-21', pauses.toReversed(), 'refusal')).toBe(day);
  });

  it('lets the clock of an acceptance run only from the complete file', () => {
    expect(silenceDay('2026-11-21', [asked], 'acceptance')).toBeUndefined();
    expect(silenceDay('2026-11-21', [{ ...asked, suppliedOn: '2026-12-24' }], 'acceptance')).toBe(
      '2027-02-24',
    );
    expect(silenceDay('2026-11-21', [{ ...asked, suppliedOn: '2027-03-31' }], 'acceptance')).toBe(
      '2027-05-31',
    );
  });

  it('ends with what was supplied, at the latest with the days given', () => {
    expect(endOfPause({ ...asked, suppliedOn: '2026-12-24' })).toBe('2026-12-24');
    expect(endOfPause(asked)).toBe('2027-01-09');
  });

  const day = fc.integer({ min: 0, max: 400 }).map((count) => addDays('2026-01-01', count));
  const pause: fc.Arbitrary<Pause> = fc
    .record({ after: fc.nat(120), days: fc.integer({ min: 1, max: 90 }), supplied: fc.option(fc.nat(120)) })
    .map(({ after, days, supplied }) => {
      const askedOn = addDays('2026-06-01', after);
      return { askedOn, days, ...(supplied === null ? {} : { suppliedOn: addDays(askedOn, supplied) }) };
    });

  it('never brings the day forward, whatever the order of the questions; more time never does either', () => {
    const later = (left: string | undefined, right: string | undefined) =>
      right === undefined || (left !== undefined && left <= right);
    fc.assert(
      fc.property(
        fc.array(pause, { maxLength: 5 }),
        pause,
        fc.constantFrom('refusal' as const, 'acceptance' as const),
        fc.nat(30),
        (pauses, one, mode, more) => {
          const without = silenceDay('2026-06-01', pauses, mode);
          const withOne = silenceDay('2026-06-01', [...pauses, one], mode);
          expect(later(without, withOne)).toBe(true);
          expect(silenceDay('2026-06-01', [one, ...pauses], mode)).toBe(withOne);
          const longer = { ...one, days: one.days + more };
          expect(later(withOne, silenceDay('2026-06-01', [...pauses, longer], mode))).toBe(true);
          const base = addMonths('2026-06-01', 2);
          const given = [...pauses, one].reduce((sum, { days }) => sum + days, 0);
          if (mode === 'refusal') expect(later(withOne, addDays(base, given))).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('later received is never earlier decided', () => {
    fc.assert(
      fc.property(day, fc.nat(60), (receivedOn, more) => {
        const [first = '', second = ''] = [receivedOn, addDays(receivedOn, more)].map((one) =>
          silenceDay(one, [], 'refusal'),
        );
        expect(first <= second).toBe(true);
      }),
    );
  });
});

describe('the time to go to court (CJA art. R421-1, franc)', () => {
  it.each([
    ['2028-05-10', '2028-07-11', 'a Tuesday'],
    ['2027-05-10', '2027-07-12', '11 July 2027 is a Sunday'],
    ['2026-05-10', '2026-07-13', '11 July 2026 is a Saturday'],
    ['2027-05-13', '2027-07-15', '14 July is a holiday'],
    ['2026-10-24', '2026-12-28', '25 December 2026 is a Friday'],
    ['2027-01-28', '2027-03-30', '29 March 2027 is Easter Monday'],
    ['2026-12-31', '2027-03-01', 'February has 28 days'],
    ['2027-12-31', '2028-03-01', 'February has 29 days'],
  ])('notified on %s: to %s (%s)', (notifiedOn, last) => {
    expect(courtLimit(notifiedOn)).toBe(last);
  });
});

describe('other times', () => {
  it('four months to take back what was illegal (CRPA art. L242-1)', () => {
    expect(withdrawalLimit('2026-11-22')).toBe('2027-03-22');
    expect(withdrawalLimit('2026-10-31')).toBe('2027-02-28');
  });

  it('two months of silence on an appeal (CRPA art. L411-7)', () => {
    expect(appealSilenceDay('2026-12-31')).toBe('2027-02-28');
  });

  it('one month to say why silence was a refusal (CRPA art. L232-4)', () => {
    expect(motivesDay('2027-01-31')).toBe('2027-02-28');
  });

  it('the days given for observations (CRPA art. L122-1)', () => {
    expect(observationsDay('2026-12-20', 15)).toBe('2027-01-04');
  });
});

describe('working days', () => {
  const holidays = {
    2026: '01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25',
    2027: '01-01 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25',
    2028: '01-01 04-17 05-01 05-08 05-25 06-05 07-14 08-15 11-01 11-11 12-25',
  };

  it.each(Object.entries(holidays))('the public holidays of %s', (year, days) => {
    expect(publicHolidays(Number(year))).toEqual(days.split(' ').map((day) => `${year}-${day}`));
    for (const day of days.split(' ')) expect(isWorkingDay(`${year}-${day}`)).toBe(false);
  });

  it.each(['2000-04-23', '2024-03-31', '2025-04-20', '2026-04-05', '2027-03-28', '2028-04-16', '2038-04-25'])(
    'Easter is on %s',
    (day) => {
      expect(easterSunday(Number(day.slice(0, 4)))).toBe(day);
    },
  );

  it('Saturdays and Sundays are none, before 2000 too', () => {
    expect(isWorkingDay('2026-11-20')).toBe(true);
    expect(isWorkingDay('2026-11-21')).toBe(false);
    expect(isWorkingDay('2026-11-22')).toBe(false);
    expect(isWorkingDay('2026-11-23')).toBe(true);
    expect(isWorkingDay('1999-12-31')).toBe(true);
    expect(isWorkingDay('1999-12-26')).toBe(false);
  });

  it('26 December and Good Friday are worked, except in Alsace and Moselle', () => {
    expect(isWorkingDay('2028-12-26')).toBe(true);
    expect(isWorkingDay('2026-04-03')).toBe(true);
  });
});
