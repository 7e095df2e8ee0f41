import { refuse } from './cells.ts';
import type { CellRule } from './cells.ts';

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const ISO_DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;

/** YYYY-MM-DD, a day that the calendar has. */
export function isDay(text: string): boolean {
  const found = ISO_DAY.exec(text);
  if (found === null) return false;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0);
  // PostgreSQL has no year 0.
  return year > 0 && day > 0 && day <= last;
}

const day: CellRule<string> = (text) => (isDay(text) ? text : refuse('date_impossible'));

export const optionalDay: CellRule<string> = (text) => (text === '' ? undefined : day(text));

/** INSEE writes the first of January 1900 where it never knew the date. */
const UNKNOWN_TO_INSEE = '1900-01-01';

export const sireneDay: CellRule<string> = (text) =>
  text === '' || text === UNKNOWN_TO_INSEE ? undefined : day(text);

/** The RNA writes none as `0001-01-01`, and in older files as `0000-00-00`. */
const NONE_IN_RNA = /^000[01]-[0-9]{2}-[0-9]{2}$/;

export const rnaDay: CellRule<string> = (text) =>
  text === '' || NONE_IN_RNA.test(text) ? undefined : day(text);

/** `2016-01-09 12:46:10`, or the day alone: the day. */
export const rnaDayOfInstant: CellRule<string> = (text) => rnaDay(text.slice(0, 10));
