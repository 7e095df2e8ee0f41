import type { Decided, Request, RequestState } from './file.ts';
import { among, inForce, suspended } from './file.ts';

/**
 * Appeals, and what they leave as it is. One against what was refused or taken away makes the state `appealed`. One against
 * what leaves the organization a right (less than was asked for), or ended without being refused to it, stands beside the
 * state: an appeal suspends nothing (CJA art. L4), and the life of the right goes on meanwhile.
 */

/** Whose decision is in force or over: letters announce an appeal against these too (CRPA art. L411-2). */
export const contestable = [...inForce, 'expired', 'closed'] as const satisfies readonly RequestState[];

/** Beside these an appeal may wait for its answer: one that was there before them. */
export const besides = [
  ...contestable,
  ...suspended,
  'renewed',
  'renounced',
  'abrogated',
  'withdrawn_by_authority',
] as const satisfies readonly RequestState[];

/** From these an answer may grant. What was taken away or given up since the appeal, it does not give back. */
const reversible = [
  'appealed',
  'implicitly_upheld',
  ...contestable,
] as const satisfies readonly RequestState[];

export const mayReverse = ({ state }: Pick<Request, 'state'>): boolean => among(reversible, state);

const answers: readonly RequestState[] = ['upheld', 'implicitly_upheld'];

/** Somebody waits for its answer. */
export const isAppealPending = ({ state, appeal }: Pick<Request, 'state' | 'appeal'>): boolean =>
  appeal !== undefined && appeal.settled === undefined && !answers.includes(state);

/** An answer, the first or one that replaces that of silence (CRPA art. L411-7). */
export const isToAnswer = (request: Pick<Request, 'state' | 'appeal'>): boolean =>
  isAppealPending(request) ||
  request.state === 'implicitly_upheld' ||
  (request.appeal?.settled?.as === 'implicitly_upheld' && among(contestable, request.state));

/** What an appeal that waits beside the state is to whatever happens there: nothing. */
export const stillPending = (request: Request): Request['appeal'] =>
  request.state !== 'appealed' && isAppealPending(request) ? request.appeal : undefined;

/** It was against another decision than the last one, which then may be contested for itself. */
export const isOfFormerDecision = ({ appeal, decided }: Pick<Request, 'appeal' | 'decided'>): boolean =>
  appeal !== undefined &&
  decided !== undefined &&
  !answers.includes(decided.as) &&
  (decided.as !== appeal.against.as || decided.on !== appeal.against.on);

/** What an appeal made now is against. In place of one that was recorded, it is against the same decision. */
export const contestedBy = (request: Pick<Request, 'appeal' | 'decided'>): Decided | undefined =>
  request.appeal === undefined || isOfFormerDecision(request) ? request.decided : request.appeal.against;

/** The file after an appeal was made. */
export const appealMade = (
  request: Request,
  made: Omit<NonNullable<Request['appeal']>, 'against' | 'settled'>,
): Partial<Request> => {
  const standing = contestedBy(request);
  if (standing === undefined) throw new TypeError('an event appeals against no decision');
  const appeal = { ...made, against: standing };
  return among(contestable, request.state) ? { appeal } : { state: 'appealed', appeal };
};

/** The decision stands. A suspension goes on being one: it may still be lifted, or end in an abrogation. */
export function upheld({ state, appeal }: Request, decided: Decided): Partial<Request> {
  if (appeal === undefined) throw new TypeError('an event answers an appeal that nobody made');
  const { against: standing } = appeal;
  const settled = { ...appeal, settled: decided };
  if (among(besides, state)) return { appeal: settled };
  return among(suspended, standing.as)
    ? { state: standing.as, decided: standing, appeal: settled }
    : { state: decided.as, decided };
}
