import type { ErrorCode } from '../errors/errors.ts';

/*
 * What a lot may hold, and who may do what to it, when. Pure: the store asks, with the row locked.
 */

export const limits = {
  lines: 5_000,
  bytes: 2_000_000,
  /** Of the header: a list that people write has a handful. */
  columns: 40,
  /** More organizations than this in twenty-four hours are decided by two people. */
  alone: 10,
  aloneHours: 24,
  /** Of the machine, for one line. */
  attempts: 5,
  /** Of a claim on a lot: whoever holds it has ended, or died, by then. */
  claimSeconds: 120,
  /** Beyond, nobody has looked at the organization again. */
  years: 5,
} as const;

export const batchStates = [
  'draft',
  'proposed',
  'carrying_out',
  'done',
  'undo_proposed',
  'announcing',
  'announced',
  'undoing',
  'undone',
  'cancelled',
] as const;
export type BatchState = (typeof batchStates)[number];

export const batchActs = [
  'save',
  'propose',
  'carry_out',
  'cancel',
  'confirm',
  'send_back',
  'stop',
  'propose_undo',
  'cancel_undo',
  'confirm_undo',
  'decline_undo',
  'abandon',
  'finish_undo',
] as const;
export type BatchAct = (typeof batchActs)[number];

interface Person {
  readonly id: string;
  readonly accountId?: string | undefined;
}

export interface Standing {
  readonly state: BatchState;
  readonly author: Person;
  readonly undoAuthor?: Person | undefined;
  /** Its author is in charge no more: somebody else may put an end to it. */
  readonly isOrphan?: boolean | undefined;
}

interface Rule {
  readonly from: readonly BatchState[];
  /** Whose act it is: of who wrote the lot, of somebody else, of who asked to take it back, of somebody else, of anybody. */
  readonly by: 'author' | 'other' | 'undo_author' | 'undo_other' | 'anybody';
}

const rules: Readonly<Record<BatchAct, Rule>> = {
  save: { from: ['draft'], by: 'author' },
  propose: { from: ['draft'], by: 'author' },
  /** Few enough lines for one person: the store counts them. */
  carry_out: { from: ['draft'], by: 'author' },
  cancel: { from: ['draft', 'proposed'], by: 'author' },
  confirm: { from: ['proposed'], by: 'other' },
  send_back: { from: ['proposed'], by: 'other' },
  /** What goes wrong waits for nobody: whoever decides may stop it. */
  stop: { from: ['carrying_out'], by: 'anybody' },
  propose_undo: { from: ['done'], by: 'anybody' },
  cancel_undo: { from: ['undo_proposed'], by: 'undo_author' },
  confirm_undo: { from: ['undo_proposed'], by: 'undo_other' },
  decline_undo: { from: ['undo_proposed'], by: 'undo_other' },
  /** Who asked for it may be gone, and nobody is to be left with a notice that nothing follows. */
  abandon: { from: ['announced'], by: 'anybody' },
  /** Once the organizations were heard: again two people. */
  finish_undo: { from: ['announced'], by: 'undo_other' },
};

/** Four eyes are those of two people, under whatever name they are declared. */
export const isSamePerson = (one: Person, other: Person): boolean =>
  one.id === other.id || (one.accountId !== undefined && one.accountId === other.accountId);

/** Why this person cannot do this to the lot now; undefined when they can. */
export function refusedAct(batch: Standing, act: BatchAct, person: Person): ErrorCode | undefined {
  const { from, by } = rules[act];
  if (!from.includes(batch.state)) return 'M-BULK-003';
  if (by === 'anybody' || (act === 'cancel' && batch.isOrphan === true)) return undefined;
  const first = by === 'author' || by === 'other' ? batch.author : batch.undoAuthor;
  const isFirst = first !== undefined && isSamePerson(first, person);
  if (by === 'author' || by === 'undo_author') return isFirst ? undefined : 'M-BULK-005';
  return isFirst ? 'M-BULK-004' : undefined;
}

/** What may be done to the lot by this person: the buttons of its page. */
export const possibleActs = (batch: Standing, person: Person): readonly BatchAct[] =>
  batchActs.filter((act) => refusedAct(batch, act, person) === undefined);
