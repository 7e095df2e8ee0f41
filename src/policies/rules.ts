import type { Policy } from '../eligibility/eligibility.ts';
import type { ErrorCode } from '../errors/errors.ts';

/*
 * Who may do what to a draft, and when. Pure: the store asks, with the row locked.
 */

export const draftStates = ['draft', 'proposed', 'published', 'discarded'] as const;
export type DraftState = (typeof draftStates)[number];

export type DraftAct = 'save' | 'propose' | 'discard' | 'send_back' | 'publish';

interface Standing {
  readonly state: DraftState;
  readonly authorId: string;
  readonly base: number;
}

const from: Readonly<Record<DraftAct, readonly DraftState[]>> = {
  save: ['draft'],
  propose: ['draft'],
  /** What was proposed in error is taken back by its author as well. */
  discard: ['draft', 'proposed'],
  send_back: ['proposed'],
  publish: ['proposed'],
};

const ofAuthor: ReadonlySet<DraftAct> = new Set<DraftAct>(['save', 'propose', 'discard']);

/** Whether an operator may write the rules of a service today: four eyes are those of two people in charge. */
export type InCharge = (operatorId: string, service: string) => boolean;

/**
 * Why this person cannot do this to the draft now; undefined when they can.
 *
 * @param isAuthorGone its author writes the rules of this service no more: what they proposed is not published, and whoever
 * writes them may put what they left away
 */
export function refusedAct(
  draft: Standing,
  act: DraftAct,
  personId: string,
  isAuthorGone = false,
): ErrorCode | undefined {
  if (!from[act].includes(draft.state)) return 'M-POLI-003';
  const isAuthor = personId === draft.authorId;
  if (ofAuthor.has(act)) return isAuthor || (act === 'discard' && isAuthorGone) ? undefined : 'M-POLI-005';
  if (isAuthor) return 'M-POLI-004';
  return act === 'publish' && isAuthorGone ? 'M-POLI-009' : undefined;
}

/** What of the draft may be done by this person: the buttons of its page. */
export const possibleActs = (draft: Standing, personId: string, isAuthorGone: boolean): readonly DraftAct[] =>
  (['save', 'propose', 'discard', 'send_back', 'publish'] as const).filter(
    (act) => refusedAct(draft, act, personId, isAuthorGone) === undefined,
  );

export const highestOf = (versions: readonly Pick<Policy, 'version'>[]): number =>
  Math.max(0, ...versions.map(({ version }) => version));

/**
 * Why a document cannot become a version.
 * @param versions every one there is
 * @param today civil day in Paris
 */
export function refusedVersion(
  { policy, base }: { readonly policy: Policy; readonly base: number },
  versions: readonly Pick<Policy, 'version'>[],
  today: string,
): ErrorCode | undefined {
  if (highestOf(versions) !== base || policy.version !== base + 1) return 'M-POLI-007';
  return policy.valid_from < today ? 'M-POLI-008' : undefined;
}
