import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, daysBetween, endOfParisDay, parisDate, startOfParisDay } from './paris-time.ts';

const epoch = (date: Date): number => date.getTime() / 1000;
const hours = (day: string): number => (epoch(endOfParisDay(day)) - epoch(startOfParisDay(day))) / 3600;

const day = fc
  .date({ min: new Date('1996-01-01'), max: new Date('2099-12-30'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe('days of Europe/Paris', () => {
  it('ends 31 December 2028 at 1861916400', () => {
    expect(epoch(endOfParisDay('2028-12-31'))).toBe(1861916400);
    expect(endOfParisDay('2028-12-31').toISOString()).toBe('2028-12-31T23:00:00.000Z');
  });

  it.each([
    ['2026-03-28', '2026-03-27T23:00:00.000Z', '2026-03-28T23:00:00.000Z', 24],
    ['2026-03-29', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z', 23],
    ['2026-03-30', '2026-03-29T22:00:00.000Z', '2026-03-30T22:00:00.000Z', 24],
    ['2026-10-24', '2026-10-23T22:00:00.000Z', '2026-10-24T22:00:00.000Z', 24],
    ['2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z', 25],
    ['2026-10-26', '2026-10-25T23:00:00.000Z', '2026-10-26T23:00:00.000Z', 24],
  ])('%s starts at %s and ends at %s: %i hours', (iso, start, end, length) => {
    expect(startOfParisDay(iso).toISOString()).toBe(start);
    expect(endOfParisDay(iso).toISOString()).toBe(end);
    expect(hours(iso)).toBe(length);
  });

  it('holds every instant in exactly the day it names', () => {
    fc.assert(
      fc.property(day, fc.nat({ max: 23 * 3600 * 1000 - 1 }), (iso, ms) => {
        const start = startOfParisDay(iso);
        expect(parisDate(new Date(start.getTime() + ms))).toBe(iso);
        expect(parisDate(new Date(start.getTime() - 1))).toBe(addDays(iso, -1));
        expect(parisDate(endOfParisDay(iso))).toBe(addDays(iso, 1));
        expect(parisDate(new Date(endOfParisDay(iso).getTime() - 1))).toBe(iso);
      }),
    );
  });

  it('ends the last day that people write', () => {
    expect(endOfParisDay('9999-12-31').toISOString()).toBe('9999-12-31T23:00:00.000Z');
  });

  it('counts days whatever the clock changes', () => {
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
    expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2);
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
    expect(daysBetween('2026-01-02', '2026-01-01')).toBe(-1);
  });

  it.each(['2026-02-30', '2026-13-01', '2026-1-1', '31/12/2028', '', '2026-01-01T00:00:00Z'])(
    'refuses %s',
    (text) => {
      expect(() => startOfParisDay(text)).toThrow(RangeError);
    },
  );
});
