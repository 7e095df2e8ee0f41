import type { ErrorCode } from '../errors/errors.ts';

/*
 * Who may answer an exception that somebody proposed, and what may be ended by one person. Pure.
 */

export const correctionKinds = ['correct', 'end'] as const;
export type CorrectionKind = (typeof correctionKinds)[number];

export const correctionStates = ['proposed', 'confirmed', 'declined', 'withdrawn'] as const;
export type CorrectionState = (typeof correctionStates)[number];

export const correctionAnswers = ['confirm', 'decline', 'withdraw'] as const;
export type CorrectionAnswer = (typeof correctionAnswers)[number];

export interface Standing {
  readonly state: CorrectionState;
  /** Undefined: somebody who is known by name only, on the command line. */
  readonly authorId: string | undefined;
  readonly author: { readonly given_name: string; readonly usual_name: string };
}

export interface Answering {
  readonly id: string;
  readonly given_name: string;
  readonly usual_name: string;
  /** They act, or ever acted, for the organization. */
  readonly own: boolean;
}

/** Why this person cannot answer so; undefined when they can. */
export function refusedCorrectionAnswer(
  proposal: Standing,
  answer: CorrectionAnswer,
  person: Answering,
): ErrorCode | undefined {
  if (proposal.state !== 'proposed') return 'M-REGI-003';
  const isAuthor =
    proposal.authorId === undefined ? isNamed(proposal.author, person) : proposal.authorId === person.id;
  // A name typed on a server proves nobody: it is reason enough to ask somebody else, not to let them take it back.
  if (answer === 'withdraw') return isAuthor && proposal.authorId !== undefined ? undefined : 'M-REGI-004';
  if (isAuthor) return 'M-REGI-004';
  return person.own ? 'M-FILE-005' : undefined;
}

/** The buttons of its page. */
export const possibleCorrectionAnswers = (
  proposal: Standing,
  person: Answering,
): readonly CorrectionAnswer[] =>
  correctionAnswers.filter((answer) => refusedCorrectionAnswer(proposal, answer, person) === undefined);

type Named = Pick<Answering, 'given_name' | 'usual_name'>;
const isNamed = (one: Named, other: Named): boolean => plain(one) === plain(other);

/** « Hélène  Le Goff » and « helene le-goff » are one name. */
const plain = ({ given_name: given, usual_name: usual }: Named): string =>
  `${given} ${usual}`
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
