import { expect, test } from 'vitest';
import { dayShown, dayTyped, isDay } from './typed-day.ts';

test.each([
  ['31/12/2028', '2028-12-31'],
  ['1/2/2027', '2027-02-01'],
  [' 01.02.2027 ', '2027-02-01'],
  ['01 02 2027', '2027-02-01'],
  ['2028-12-31', '2028-12-31'],
])('%j is %s', (written, day) => {
  expect(dayTyped(written)).toBe(day);
});

test.each(['', 'demain', '31/12/28', '31/31/2028x', '2028/12/31'])('%j stays as typed', (written) => {
  expect(dayTyped(written)).toBe(written);
  expect(dayShown(dayTyped(written))).toBe(written);
});

test('a day of no calendar is found wrong as one, and shown as it was typed', () => {
  expect(dayTyped('30/02/2027')).toBe('2027-02-30');
  expect(dayShown('2027-02-30')).toBe('30/02/2027');
});

test.each([
  ['2028-02-29', true],
  ['2027-02-29', false],
  ['2027-02-30', false],
  ['2027', false],
  ['2027-02', false],
  ['', false],
  ['demain', false],
])('%j: a day of the calendar? %s', (day, expected) => {
  expect(isDay(day)).toBe(expected);
});
