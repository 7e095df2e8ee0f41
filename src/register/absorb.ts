import type { Correction, FactName, Statement } from '../organizations/organizations.ts';
import { say, unsay } from './draft.ts';
import type { Draft } from './draft.ts';

/**
 * One row turns out to be another: what is said of it is said of the other from now on. Of two statements of one source
 * the newest stays, and of two corrections of one fact; both are in the history.
 */
export function absorb(gone: Draft, into: Draft): void {
  for (const [source, statement] of [...gone.statements]) {
    const known = into.statements.get(source);
    unsay(gone, source);
    say(into, source, known === undefined ? statement : newestOf(known, statement));
  }
  gone.joinedInto = into;
  if (gone.held === undefined) return;
  into.joined.push(gone);
  into.isTouched = true;
  if (into.held === undefined) into.createdImport = gone.createdImport;
}

/** Of the same day: the first, which was said of the row that stays. */
function newestOf(left: Statement, right: Statement): Statement {
  const [older, newer] = right.asOf <= left.asOf ? [right, left] : [left, right];
  if (older.corrections === undefined || newer.corrections === undefined) return newer;
  const corrections: Partial<Record<FactName, Correction>> = { ...older.corrections, ...newer.corrections };
  return { ...newer, facts: { ...older.facts, ...newer.facts }, corrections };
}
