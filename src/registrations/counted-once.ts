/** What may be said more than once of the same right, and counts once. Pure: events of one file, in their order. */
import type { Act } from './act.ts';

/** One event of one file. */
export interface Line {
  readonly registration: string;
  readonly on: string;
  readonly act: Act;
}

/** They leave the decision that is contested as it is: an appeal that was recorded can still be replaced. */
const contesting: readonly Act['act'][] = ['propose', 'silence'];

/**
 * The days of the appeals. One that an operator recorded, and that the applicant's own replaces (guards.ts), is one appeal,
 * of the day on which it was recorded: nothing else bears a day of receipt.
 */
export function appealsOf(events: readonly Line[]): readonly string[] {
  const days: string[] = [];
  const recorded = new Set<string>();
  for (const { on, act } of events) {
    if (!('service' in act)) continue;
    const { service } = act;
    if (act.act === 'appeal') {
      const replaces = act.receivedOn === undefined && recorded.delete(service);
      if (!replaces) days.push(on);
      if (act.receivedOn !== undefined) recorded.add(service);
    } else if (!contesting.includes(act.act) && !(act.act === 'decide_appeal' && act.outcome === 'upheld')) {
      recorded.delete(service);
    }
  }
  return days;
}

/**
 * Rights given up, on the page of the file or on paper, of the day on which it was said or agreed. Whoever then names a day
 * that comes sooner gives up the same right.
 */
export function renouncedOf(
  events: readonly Line[],
): readonly { readonly service: string; readonly on: string }[] {
  const days = new Map<string, string>();
  const onPaper = new Set<string>();
  for (const { on, act } of events) {
    if (!('service' in act)) continue;
    const { service } = act;
    if (act.act === 'propose') {
      if (act.proposal.decision === 'renounce') onPaper.add(service);
      else onPaper.delete(service);
    }
    const isSaid = act.act === 'renounce' || (act.act === 'confirm' && onPaper.has(service));
    if (isSaid && !days.has(service)) days.set(service, on);
  }
  return [...days].map(([service, on]) => ({ service, on }));
}
