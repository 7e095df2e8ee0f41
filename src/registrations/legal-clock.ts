/**
 * The calendar of the law: civil days of Europe/Paris in, civil days out, both as ISO days. Every day given back is a
 * last day: what it bounds is possible until midnight of that day, and what follows from it begins the day after.
 *
 * CRPA: code des relations entre le public et l'administration. CJA: code de justice administrative.
 */
import { addDays, daysBetween } from '../eligibility/eligibility.ts';
import type { Pause } from './file.ts';

/** What two months of silence mean: refusal (CRPA art. L231-4, D231-2) or acceptance (art. L231-1). */
export type SilenceMode = 'refusal' | 'acceptance';

/**
 * Months are counted from one day of the month to the same day of another, or to its last day when it has none: three
 * months after 30 November is 28 or 29 February. The way of the code of civil procedure (art. 641), followed by the
 * administrative courts.
 */
export function addMonths(day: string, months: number): string {
  const [year = NaN, month = NaN] = day.split('-').map(Number);
  const index = year * 12 + (month - 1) + months;
  const first = isoDay(Math.floor(index / 12), (index % 12) + 1, 1);
  // Refuses what is not a day of the calendar.
  const daysIn = daysBetween(`${day.slice(0, 7)}-01`, day);
  return addDays(first, Math.min(daysIn, daysInMonth(first) - 1));
}

const daysInMonth = (first: string): number =>
  Number(addDays(`${addDays(first, 31).slice(0, 7)}-01`, -1).slice(8));

const isoDay = (year: number, month: number, date: number): string =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;

/**
 * The day at whose end silence becomes a decision: two months after the request was received (CRPA art. L231-1,
 * L231-4). This is not moved to a working day: nobody has to do anything on it.
 *
 * Missing pieces (CRPA art. L114-5): under refusal the two months stand still while the time given runs, or until the
 * pieces come if that is earlier; under acceptance they run only from the day on which everything is there.
 *
 * @returns undefined while no clock runs
 */
export function silenceDay(
  receivedOn: string,
  pauses: readonly Pause[],
  mode: SilenceMode,
): string | undefined {
  if (mode === 'refusal')
    return addDays(addMonths(receivedOn, silenceMonths), stoodStill(receivedOn, pauses));
  let completeOn = receivedOn;
  for (const { suppliedOn } of pauses) {
    if (suppliedOn === undefined) return undefined;
    if (suppliedOn > completeOn) completeOn = suppliedOn;
  }
  return addMonths(completeOn, silenceMonths);
}

const silenceMonths = 2;

/** Days during which the clock stood still; those that two questions share count once. */
function stoodStill(receivedOn: string, pauses: readonly Pause[]): number {
  const due = addMonths(receivedOn, silenceMonths);
  let days = 0;
  let counted = receivedOn;
  for (const pause of pauses.toSorted((left, right) => (left.askedOn < right.askedOn ? -1 : 1))) {
    // After silence has decided, a question does not call the request back.
    if (pause.askedOn > addDays(due, days)) break;
    const from = pause.askedOn > counted ? pause.askedOn : counted;
    const to = endOfPause(pause);
    if (to <= from) continue;
    days += daysBetween(from, to);
    counted = to;
  }
  return days;
}

/** The day on which the clock goes on: when the pieces come, at the latest when the time given is over (art. L114-5). */
export function endOfPause({ askedOn, days, suppliedOn }: Pause): string {
  const end = piecesDay(askedOn, days);
  return suppliedOn !== undefined && suppliedOn < end ? suppliedOn : end;
}

/** Last day to send what was missing (CRPA art. L114-5): the days that the authority gave, from the day of its question. */
export function piecesDay(askedOn: string, days: number): string {
  return addDays(askedOn, days);
}

/**
 * Last day to go to court, and to appeal to the authority (CRPA art. L411-2): two months from the notification (CJA
 * art. R421-1). The time is "franc": neither the day of the notification nor the last of the two months is counted; it is
 * moved to the next working day as in civil procedure (art. 642). The month more of those who live overseas or abroad
 * (CJA art. R421-7) is not added here.
 */
export function courtLimit(notifiedOn: string): string {
  return nextWorkingDay(addDays(addMonths(notifiedOn, 2), 1));
}

/** Last day on which an illegal decision that created a right may be taken back: four months after it (CRPA art. L242-1). */
export function withdrawalLimit(decidedOn: string): string {
  return addMonths(decidedOn, 4);
}

/** The day at whose end silence on an appeal refuses it: two months (CRPA art. L231-4, L411-7; CJA art. R421-2). */
export function appealSilenceDay(receivedOn: string): string {
  return addMonths(receivedOn, 2);
}

/** Last day to tell the reasons of an implicit refusal: one month after they were asked for (CRPA art. L232-4). */
export function motivesDay(askedOn: string): string {
  return addMonths(askedOn, 1);
}

/** Last day to answer before a suspension, an abrogation or a withdrawal (CRPA art. L121-1, L122-1): the days given. */
export function observationsDay(notifiedOn: string, days: number): string {
  return addDays(notifiedOn, days);
}

/** The first day, from this one on, on which a time-limit may end (code of civil procedure, art. 642). */
export function nextWorkingDay(day: string): string {
  let found = day;
  while (!isWorkingDay(found)) found = addDays(found, 1);
  return found;
}

/** Neither Saturday, Sunday (code of civil procedure, art. 642) nor public holiday (labour code, art. L3133-1). */
export function isWorkingDay(day: string): boolean {
  // 3 January 2000 was a Monday.
  const weekday = ((daysBetween('2000-01-03', day) % 7) + 7) % 7;
  return weekday < 5 && !publicHolidays(Number(day.slice(0, 4))).includes(day);
}

/**
 * The eleven of the labour code, art. L3133-1, in the order of the year. Those of one part of the country are not
 * there: Good Friday and 26 December in Moselle and Alsace (art. L3134-13), the end of slavery overseas (art. L3422-2).
 */
export function publicHolidays(year: number): readonly string[] {
  const easter = easterSunday(year);
  return [
    isoDay(year, 1, 1),
    addDays(easter, 1),
    isoDay(year, 5, 1),
    isoDay(year, 5, 8),
    addDays(easter, 39),
    addDays(easter, 50),
    isoDay(year, 7, 14),
    isoDay(year, 8, 15),
    isoDay(year, 11, 1),
    isoDay(year, 11, 11),
    isoDay(year, 12, 25),
  ].toSorted();
}

/** The Gregorian computation of Easter by Meeus, Jones and Butcher. */
export function easterSunday(year: number): string {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const yearOfCentury = year % 100;
  const correction = Math.floor((8 * century + 13) / 25);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const weekday =
    (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - epact - (yearOfCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const marchDays = epact + weekday - 7 * late + 114;
  return isoDay(year, Math.floor(marchDays / 31), (marchDays % 31) + 1);
}
