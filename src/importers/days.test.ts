import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isDay, optionalDay, rnaDay, rnaDayOfInstant, sireneDay } from './days.ts';
import { refuse } from './cells.ts';

const impossible = refuse('date_impossible');

describe('a day', () => {
  it.each([
    ['2024-02-29', true],
    ['2023-02-29', false],
    ['1900-02-29', false],
    ['2000-02-29', true],
    ['2015-04-31', false],
    ['2015-00-10', false],
    ['2015-13-10', false],
    ['2015-10-00', false],
    ['0000-01-01', false],
    ['2015-1-01', false],
    ['2015-01-01 ', false],
    ['01/02/2015', false],
    ['', false],
  ])('%s: %s', (text, expected) => expect(isDay(text)).toBe(expected));

  it('is one for the schema of statements as well', () => {
    const days = fc.tuple(fc.integer({ min: 0, max: 9999 }), fc.nat(14), fc.nat(33));
    const two = (value: number): string => String(value).padStart(2, '0');
    fc.assert(
      fc.property(days, ([year, month, day]) => {
        const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
        return !isDay(text) || z.iso.date().safeParse(text).success;
      }),
    );
  });
});

describe('what a register writes for none', () => {
  it.each([
    ['nothing', optionalDay, ''],
    ['INSEE: never known', sireneDay, '1900-01-01'],
    ['INSEE: nothing', sireneDay, ''],
    ['RNA', rnaDay, '0001-01-01'],
    ['RNA, older files', rnaDay, '0000-00-00'],
    ['RNA: nothing', rnaDay, ''],
    ['RNA, last update', rnaDayOfInstant, '0001-01-01 00:00:00'],
  ])('%s', (_, rule, text) => expect(rule(text)).toBeUndefined());

  it.each([
    ['a file of ours', optionalDay, '0001-01-01x'],
    ['INSEE', sireneDay, '2015-02-30'],
    ['RNA', rnaDay, '2011-04-31'],
    ['RNA, last update', rnaDayOfInstant, '20080115'],
  ])('is not an impossible day: %s', (_, rule, text) => expect(rule(text)).toEqual(impossible));

  it('is not a day that another register means', () => {
    expect(rnaDay('1900-01-01')).toBe('1900-01-01');
    expect(optionalDay('0001-01-01')).toBe('0001-01-01');
    expect(rnaDayOfInstant('2016-01-09 12:46:10')).toBe('2016-01-09');
  });
});
