import { sql } from 'kysely';
import { z } from 'zod';

import { daysBetween, endOfParisDay, parisDate, startOfParisDay } from '../eligibility/eligibility.ts';
import { eventSchema } from './act.ts';
import type { Act, Motive, Proposal } from './act.ts';
import { appealsOf, renouncedOf } from './counted-once.ts';
import type { Line } from './counted-once.ts';
import type { RegistrationsNeeds } from './needs.ts';
import type { Perimeter } from './queue-filter.ts';
import { withinPerimeter } from './within-perimeter.ts';

export type Outcome = 'approved' | 'refused' | 'implicitly_refused' | 'implicitly_accepted';

export interface Counts {
  readonly requests: number;
  readonly decisions: Readonly<Record<Outcome, number>>;
  /** Days from the reception to the first decision, in the middle of all; undefined without a decision. */
  readonly medianDays: number | undefined;
  /** First decisions that came within the target; of `decisions`, all together. */
  readonly withinTarget: number;
  /** Rights that their holder has given up, from a day that has come or not. */
  readonly renounced: number;
}

export interface Statistics extends Counts {
  /** Civil days in Paris, both inclusive. */
  readonly from: string;
  readonly to: string;
  readonly targetDays: number;
  readonly files: number;
  /** Suspensions, urgent ones included; abrogations and withdrawals. */
  readonly suspensions: number;
  readonly endings: number;
  readonly appeals: number;
  /** Services opened on the administration's own initiative: nobody had asked, and no delay is counted. */
  readonly granted: number;
  /** Of refusals that somebody wrote, the most frequent first. */
  readonly motives: readonly {
    readonly motive: Motive;
    readonly count: number;
    /** The same, the service refused most often first. */
    readonly services: readonly { readonly service: string; readonly count: number }[];
  }[];
  readonly services: readonly (Counts & { readonly service: string })[];
  /** `2026-11`, every month of the period. */
  readonly months: readonly {
    readonly month: string;
    readonly requests: number;
    readonly decisions: number;
  }[];
}

const told = [
  'submit',
  'grant',
  'approve',
  'propose',
  'confirm',
  'silence',
  'suspend',
  'suspend_urgently',
  'reinstate',
  'appeal',
  'decide_appeal',
  'renounce',
] as const satisfies readonly Act['act'][];

/** As JSON writes U+0000 and U+FFFD. */
const [nul, unreadable] = [String.raw`\u0000`, String.raw`\ufffd`] as const;

const rowSchema = z.object({ registration_id: z.string(), at: z.date(), event: z.string() });

/** @param period civil days in Paris, both inclusive. @param perimeter of whoever looks: the rest is not counted */
export async function readStatistics(
  { db, examinationTargetDays }: Pick<RegistrationsNeeds, 'db' | 'examinationTargetDays'>,
  period: { readonly from: string; readonly to: string },
  perimeter: Perimeter,
): Promise<Statistics> {
  const [begin, end] = [startOfParisDay(period.from), endOfParisDay(period.to)];
  const seen = await withinPerimeter(db, perimeter);
  // Of a decision of the period, the reception may have been before.
  // What no text of PostgreSQL can hold is told as a sign of something unreadable: one event never hides the others.
  const { rows } = await sql`
    select registration_id, at, replace(event, ${nul}, ${unreadable}) as event from registration_event
    where at < ${end}::timestamptz
      and replace(event, ${nul}, ${unreadable})::json #>> '{act,act}' = any(${[...told]}::text[])
      and registration_id in (
        select registration_id from registration_event
        where at >= ${begin}::timestamptz and at < ${end}::timestamptz)
      and registration_id in (${seen(db.selectFrom('registration')).select('registration.id')})
    order by registration_id, seq`.execute(db);
  const lines = z
    .array(rowSchema)
    .parse(rows)
    .map(({ registration_id: registration, at, event }): Line => ({
      registration,
      on: parisDate(at),
      act: eventSchema.parse(JSON.parse(event)).act,
    }));
  return statisticsOf(lines.flatMap(ofServices(perimeter.services)), period, examinationTargetDays);
}

/** A file may ask for several services, of which only some are of the perimeter. */
const ofServices =
  (services: readonly string[] | undefined) =>
  (line: Line): readonly Line[] => {
    const { act } = line;
    if (services === undefined) return [line];
    if (act.act === 'submit')
      return [{ ...line, act: { ...act, services: act.services.filter((one) => services.includes(one)) } }];
    if (act.act === 'grant')
      return [
        { ...line, act: { ...act, services: act.services.filter((one) => services.includes(one.service)) } },
      ];
    return 'service' in act && services.includes(act.service) ? [line] : [];
  };

interface OfService {
  readonly service: string;
  readonly on: string;
}
interface Decided extends OfService {
  readonly outcome: Outcome;
  readonly days: number;
  readonly motive?: Motive;
}

/** Pure: events of each file in their order. */
export function statisticsOf(
  lines: readonly Line[],
  { from, to }: { readonly from: string; readonly to: string },
  targetDays: number,
): Statistics {
  const asked: OfService[] = [];
  const decided: Decided[] = [];
  const endings: string[] = [];
  const appeals: string[] = [];
  const givenUp: OfService[] = [];
  const files = new Set<string>();
  for (const events of Map.groupBy(lines, ({ registration }) => registration).values()) {
    const story = storyOf(events);
    asked.push(...story.asked);
    decided.push(...story.decided);
    endings.push(...story.endings);
    appeals.push(...appealsOf(events));
    givenUp.push(...renouncedOf(events));
  }
  const within = ({ on }: { readonly on: string }) => on >= from && on <= to;
  for (const line of lines) if (line.act.act === 'submit' && within(line)) files.add(line.registration);
  const requests = asked.filter(within);
  const decisions = decided.filter(within);
  const renounced = givenUp.filter(within);
  const count = (...acts: readonly Act['act'][]) =>
    lines.filter((line) => within(line) && acts.includes(line.act.act)).length;
  const names = [...new Set([...requests, ...decisions, ...renounced].map(({ service }) => service))].sort();
  return {
    from,
    to,
    files: files.size,
    targetDays,
    ...countsOf({ requests, decisions, renounced }, targetDays),
    suspensions: count('suspend', 'suspend_urgently'),
    endings: endings.filter((on) => within({ on })).length,
    appeals: appeals.filter((on) => within({ on })).length,
    granted: lines.filter(within).flatMap(({ act }) => (act.act === 'grant' ? act.services : [])).length,
    motives: motivesOf(decisions),
    services: names.map((service) => {
      const its = <One extends OfService>(all: readonly One[]) =>
        all.filter((one) => one.service === service);
      const counted = { requests: its(requests), decisions: its(decisions), renounced: its(renounced) };
      return { service, ...countsOf(counted, targetDays) };
    }),
    months: monthsOf(from, to).map((month) => ({
      month,
      requests: requests.filter(({ on }) => on.startsWith(month)).length,
      decisions: decisions.filter(({ on }) => on.startsWith(month)).length,
    })),
  };
}

/** Only the first decision on each request answers it: what comes later concerns a right, or an appeal. */
function storyOf(events: readonly Line[]) {
  const asked: OfService[] = [];
  const decided: Decided[] = [];
  const endings: string[] = [];
  const proposals = new Map<string, Proposal>();
  const answered = new Set<string>();
  let receivedOn: string | undefined;
  for (const { on, act } of events) {
    if (act.act === 'submit') {
      receivedOn = on;
      asked.push(...act.services.map((service) => ({ service, on })));
      continue;
    }
    // What it opened is not an answer; that it ends is counted all the same.
    if (act.act === 'grant') receivedOn = on;
    if (act.act === 'propose') proposals.set(act.service, act.proposal);
    if (!('service' in act) || receivedOn === undefined) continue;
    const { service } = act;
    const proposal = act.act === 'confirm' ? proposals.get(service) : undefined;
    if (proposal?.decision === 'abrogate' || proposal?.decision === 'withdraw') endings.push(on);
    const outcome = outcomeOf(act, proposal);
    if (outcome === undefined || answered.has(service)) continue;
    answered.add(service);
    const motive = proposal?.decision === 'refuse' ? proposal.motive : undefined;
    decided.push({
      service,
      on,
      outcome,
      days: daysBetween(receivedOn, on),
      ...(motive === undefined ? {} : { motive }),
    });
  }
  return { asked, decided, endings };
}

function outcomeOf(act: Act, proposal: Proposal | undefined): Outcome | undefined {
  if (act.act === 'approve') return 'approved';
  if (act.act === 'silence') return act.means === 'refusal' ? 'implicitly_refused' : 'implicitly_accepted';
  return proposal?.decision === 'refuse' ? 'refused' : undefined;
}

const motivesOf = (decisions: readonly Decided[]): Statistics['motives'] =>
  [...Map.groupBy(decisions, ({ motive }) => motive)]
    .flatMap(([motive, all]) => {
      if (motive === undefined) return [];
      const services = [...Map.groupBy(all, ({ service }) => service)].map(([service, of]) => ({
        service,
        count: of.length,
      }));
      return [{ motive, count: all.length, services: services.sort(mostFirst) }];
    })
    .sort(mostFirst);

const mostFirst = (one: { readonly count: number }, other: { readonly count: number }): number =>
  other.count - one.count;

function countsOf(
  {
    requests,
    decisions,
    renounced,
  }: {
    readonly requests: readonly OfService[];
    readonly decisions: readonly Decided[];
    readonly renounced: readonly OfService[];
  },
  targetDays: number,
): Counts {
  const of = (outcome: Outcome) => decisions.filter((one) => one.outcome === outcome).length;
  return {
    requests: requests.length,
    decisions: {
      approved: of('approved'),
      refused: of('refused'),
      implicitly_refused: of('implicitly_refused'),
      implicitly_accepted: of('implicitly_accepted'),
    },
    medianDays: median(decisions.map(({ days }) => days)),
    withinTarget: decisions.filter(({ days }) => days <= targetDays).length,
    renounced: renounced.length,
  };
}

function median(values: readonly number[]): number | undefined {
  const inOrder = values.toSorted((one, other) => one - other);
  const [low, high] = [inOrder[(inOrder.length - 1) >> 1], inOrder[inOrder.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

function monthsOf(from: string, to: string): readonly string[] {
  const months: string[] = [];
  let [year = 0, month = 0] = from.split('-').map(Number);
  for (;;) {
    const name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
    if (name > to.slice(0, 7) || months.length >= 240) return months;
    months.push(name);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
}
