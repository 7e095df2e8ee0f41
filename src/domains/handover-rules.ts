import type { ErrorCode } from '../errors/errors.ts';

/*
 * Who may give a domain from one organization to another, and when. Pure.
 */

/** Days for the representatives of the former holder to object, from the mail that tells them. */
export const objectionDays = 7;

export const handoverAnswers = ['confirm', 'decline'] as const;
export type HandoverAnswer = (typeof handoverAnswers)[number];

export interface HandoverStanding {
  readonly state: 'open' | 'done' | 'declined' | 'void';
  readonly objectionsUntil: Date;
  /** Who confirmed first. */
  readonly firstId: string | undefined;
}

export interface Answering {
  readonly id: string;
  /** They act, or ever acted, for one of the two organizations. */
  readonly own: boolean;
}

/** Why this operator cannot answer so now; undefined when they can. A refusal leaves everything as it is: one is enough. */
export function refusedAnswer(
  handover: HandoverStanding,
  answer: HandoverAnswer,
  person: Answering,
  now: Date,
): ErrorCode | undefined {
  if (handover.state !== 'open') return 'M-DOMN-002';
  if (person.own) return 'M-FILE-005';
  if (answer === 'decline') return undefined;
  if (handover.firstId === person.id) return 'M-DOMN-003';
  return now.getTime() < handover.objectionsUntil.getTime() ? 'M-DOMN-004' : undefined;
}

/** The buttons of the page. */
export const possibleAnswers = (
  handover: HandoverStanding,
  person: Answering,
  now: Date,
): readonly HandoverAnswer[] =>
  handoverAnswers.filter((answer) => refusedAnswer(handover, answer, person, now) === undefined);
