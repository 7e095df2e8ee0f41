import { addDays } from '../eligibility/eligibility.ts';
import type { Act } from './act.ts';
import { isAppealPending } from './appeals.ts';
import { among, examined, inForce, suspended } from './file.ts';
import type { RegistrationFile, Request } from './file.ts';
import { appealSilenceDay, silenceDay } from './legal-clock.ts';
import type { SilenceMode } from './legal-clock.ts';

/** An act of time, and the days between which it is done, both inclusive. */
export interface Coming {
  readonly act: Act;
  readonly from: string;
  /** Nothing comes of it later: a reminder that nobody sent in time is not sent late. */
  readonly until?: string | undefined;
}

/** Days before the end at which an organization is told to renew; the first is also when it may. */
export const reminders = [90, 30, 7] as const;

/** What silence becomes: as it was when the file was sent, whatever the configuration has become since. */
export const silenceOf = ({ receivedOn, silence }: RegistrationFile, configured: SilenceMode): SilenceMode =>
  receivedOn === undefined ? configured : (silence ?? 'refusal');

/** The day at whose end silence decides on what is still examined; undefined while no clock runs. */
export function silenceDayOf(file: RegistrationFile, mode: SilenceMode): string | undefined {
  if (file.receivedOn === undefined || !file.requests.some(({ state }) => among(examined, state)))
    return undefined;
  // Forwarded by another authority, a refusal still counts from the first one, an acceptance from the one that has to
  // decide (CRPA art. L114-3).
  const from = mode === 'acceptance' ? (file.transferredOn ?? file.receivedOn) : file.receivedOn;
  return silenceDay(from, file.pauses, mode);
}

/** What time does to a request if nobody does anything. */
export function comingTo(file: RegistrationFile, request: Request, mode: SilenceMode): readonly Coming[] {
  const { service, state, appeal } = request;
  if (among(examined, state)) {
    const last = silenceDayOf(file, mode);
    return last === undefined
      ? []
      : [{ act: { act: 'silence', service, means: mode }, from: addDays(last, 1) }];
  }
  if (appeal === undefined || !isAppealPending(request)) return comingToRight(request);
  // An appeal is never granted by silence, whatever the procedure (CRPA art. L231-4 2°).
  const from = addDays(appealSilenceDay(appeal.on), 1);
  return [{ act: { act: 'silence', service, means: 'refusal' }, from }, ...comingToRight(request)];
}

function comingToRight(request: Request): readonly Coming[] {
  const { service, state, terms } = request;
  if (terms === undefined || !(among(inForce, state) || among(suspended, state))) return [];
  // The last day is a day of the right: it ends at midnight in Paris.
  const expiry: Coming = { act: { act: 'expire', service }, from: addDays(terms.endsOn, 1) };
  // Whoever gives a right up is not told to renew it.
  if (among(suspended, state) || request.renounced !== undefined) return [expiry];
  if (state === 'approved' || state === 'implicitly_accepted') {
    const from = addDays(terms.endsOn, -reminders[0]);
    return [{ act: { act: 'renewal_due', service }, from, until: terms.endsOn }, expiry];
  }
  return [...remindersOf(request, terms.endsOn), expiry];
}

/** Each one is sent between its day and the day of the next: an approval of three weeks is not announced three times. */
function remindersOf({ service, reminded }: Request, endsOn: string): readonly Coming[] {
  return reminders
    .map((daysLeft, index): Coming => {
      const next = reminders[index + 1];
      return {
        act: { act: 'remind', service, daysLeft },
        from: addDays(endsOn, -daysLeft),
        until: next === undefined ? endsOn : addDays(endsOn, -next - 1),
      };
    })
    .filter(({ act }) => act.act === 'remind' && !reminded.includes(act.daysLeft));
}

/** What time does today, one step for each request. */
export function dueOn(file: RegistrationFile, today: string, mode: SilenceMode): readonly Act[] {
  return file.requests.flatMap((request) =>
    comingTo(file, request, mode)
      .filter(({ from, until }) => from <= today && (until === undefined || today <= until))
      .map(({ act }) => act),
  );
}

/** The first day on which time does something to this request: for the index that finds what is due. */
export function nextDayOf(file: RegistrationFile, request: Request, mode: SilenceMode): string | undefined {
  return comingTo(file, request, mode)
    .map(({ from }) => from)
    .toSorted()[0];
}
