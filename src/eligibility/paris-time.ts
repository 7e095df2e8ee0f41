/**
 * Days of decisions are civil days of Europe/Paris: an approval "to 31 December 2028" ends with that day there,
 * 1861916400. Only `Intl` knows the offsets, both clock changes included.
 */
const civil = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Paris',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const isoDay = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Midnight UTC of a civil day, in ms; refuses what is not a day of the calendar. */
function utcMidnight(day: string): number {
  const [, year, month, date] = isoDay.exec(day) ?? [];
  const time = Date.UTC(Number(year), Number(month) - 1, Number(date));
  if (Number.isNaN(time) || isoOfUtc(time) !== day) throw new RangeError(`not a day: ${JSON.stringify(day)}`);
  return time;
}

const isoOfUtc = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** Wall clock of Paris at an instant, read as if it were UTC, in ms. */
function wallClock(time: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of civil.formatToParts(time)) parts[type] = Number(value);
  const { year = NaN, month = NaN, day = NaN, hour = NaN, minute = NaN, second = NaN } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** @param midnight of the civil day, in UTC */
function computeStart(midnight: number): number {
  // Two steps: the offset at midnight UTC finds the neighbourhood, the offset found there is the right one.
  const near = midnight - (wallClock(midnight) - midnight);
  return near - (wallClock(near) - midnight);
}

// Pure and dear (Intl), and asked for few days again and again: the answers are kept, a bounded number of them.
const starts = new Map<string, number>();
const ends = new Map<string, number>();
const dates = new Map<number, string>();
const remembered = 10_000;

function remember<K, V>(memory: Map<K, V>, key: K, compute: (key: K) => V): V {
  const found = memory.get(key);
  if (found !== undefined) return found;
  const value = compute(key);
  if (memory.size >= remembered) memory.clear();
  memory.set(key, value);
  return value;
}

/** 00:00 Europe/Paris of an ISO day. @throws RangeError when it is not a day of the calendar */
export function startOfParisDay(day: string): Date {
  return new Date(remember(starts, day, (text) => computeStart(utcMidnight(text))));
}

/** 00:00 Europe/Paris of the day after: the first instant that is no longer in the day. */
export function endOfParisDay(day: string): Date {
  return new Date(remember(ends, day, (text) => computeStart(utcMidnight(text) + dayMs)));
}

/** The civil day in Paris at an instant, as an ISO day. */
export function parisDate(instant: Date): string {
  // Midnight in Paris is a whole hour UTC, so that the day is constant within an hour UTC.
  const hour = Math.floor(instant.getTime() / hourMs) * hourMs;
  return remember(dates, hour, (time) => isoOfUtc(wallClock(time)));
}

export function addDays(day: string, count: number): string {
  return isoOfUtc(utcMidnight(day) + count * dayMs);
}

/** Whole days from one ISO day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((utcMidnight(to) - utcMidnight(from)) / dayMs);
}
