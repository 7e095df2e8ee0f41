import { addDays, parisDate } from '../../eligibility/eligibility.ts';
import { isAppealPending } from '../appeals.ts';
import type { RegistrationFile, Request } from '../file.ts';

/** How long files are kept (domain reference §5.6; GDPR art. 5(1)(e)). */
export const retention = {
  /** A draft that nobody touches. */
  draftDays: 90,
  /** After a final refusal, or a request taken back. */
  refusedYears: 2,
  /** After the end of the right. */
  grantedYears: 5,
} as const;

export interface RetentionEnd {
  /** First civil day (Paris) on which it is no longer kept. */
  readonly on: string;
  /** A draft goes whole; of a file that was sent, a trace stays (destroy-file.ts). */
  readonly what: 'draft' | 'file';
}

/**
 * Until when a file is kept: the last of its requests to end decides. Pure.
 *
 * @returns undefined while a request is examined, in force or appealed: nothing is counted yet
 */
export function retentionEnd(
  file: Pick<RegistrationFile, 'requests' | 'receivedOn' | 'events'>,
  lastChange: Date,
): RetentionEnd | undefined {
  const lastDay = parisDate(lastChange);
  if (file.receivedOn === undefined) return { on: addDays(lastDay, retention.draftDays), what: 'draft' };
  const ends: string[] = [];
  for (const request of file.requests) {
    const end = requestEnd(request, lastDay);
    if (end === undefined) return undefined;
    ends.push(end);
  }
  const on = ends.toSorted().at(-1);
  return on === undefined ? undefined : { on, what: 'file' };
}

function requestEnd(request: Request, lastDay: string): string | undefined {
  if (isAppealPending(request)) return undefined;
  const { state, terms, granted, decided, renounced } = request;
  // Whoever had the right, had it until its end: five years, in which accounts of it may be asked for.
  const had = granted !== undefined || terms !== undefined;
  const ended = decided?.on ?? lastDay;
  switch (state) {
    case 'draft':
    case 'submitted':
    case 'under_review':
    case 'info_requested':
    case 'approved':
    case 'implicitly_accepted':
    case 'renewal_due':
    case 'suspension_notified':
    case 'suspended':
    case 'suspended_urgent':
    case 'appealed':
      return undefined;
    case 'expired':
    case 'renewed':
      return addYears(terms?.endsOn ?? ended, retention.grantedYears);
    case 'renounced':
      return addYears(renounced?.from ?? ended, retention.grantedYears);
    case 'abrogated':
    case 'withdrawn_by_authority':
    case 'closed':
    case 'withdrawn':
    case 'refused':
    case 'implicitly_refused':
    case 'upheld':
    case 'implicitly_upheld':
      return addYears(ended, had ? retention.grantedYears : retention.refusedYears);
  }
}

/** The same day some years later; 29 February becomes 1 March, so that nothing is destroyed a day early. */
export function addYears(day: string, years: number): string {
  const moved = `${Number(day.slice(0, 4)) + years}${day.slice(4)}`;
  const isLeapDay = moved.endsWith('-02-29') && addDays(`${moved.slice(0, 4)}-02-28`, 1) !== moved;
  return isLeapDay ? `${moved.slice(0, 4)}-03-01` : moved;
}
