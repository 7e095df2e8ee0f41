import type { Actor, OperatorActor, ReasonedProposal } from './act.ts';
import type { Decided, Request } from './file.ts';
import type { FormerDecision, ServiceFacts } from './letters/facts.ts';
import { motiveTexts } from './motives.ts';
import type { RegistrationsNeeds } from './needs.ts';

/** In law and in fact: the sentence of the motive, and what its author wrote. */
export const reasonOf = ({ motive, text, rule }: Pick<ReasonedProposal, 'motive' | 'text' | 'rule'>) => ({
  motive: motiveTexts[motive].fr,
  text,
  rule,
});

/** The adversarial phase, when there was one. */
export const heardIn = ({ notice }: Request) =>
  notice === undefined
    ? {}
    : {
        heard: {
          notifiedOn: notice.on,
          answerBy: notice.answerBy,
          answered: notice.answer !== undefined,
        },
      };

/** The day of a suspension that could not wait, while it lasts: the organization is told another thing then. */
export const urgentlySuspended = ({ state, decided }: Request): { suspendedSince?: string } =>
  state === 'suspended_urgent' && decided !== undefined ? { suspendedSince: decided.on } : {};

/** What opens the power to end a right (CRPA art. L241-2, L242-1, L242-2 1°): the time of each is checked in decisions.ts. */
export const endedBecause = ({
  motive,
}: Pick<ReasonedProposal, 'motive'>): 'condition' | 'illegal' | 'fraud' => {
  if (motive === 'decision_illegal') return 'illegal';
  return motive === 'fraud' ? 'fraud' : 'condition';
};

/** A refusal, implicit or not, that a later decision replaces. */
export const replacing = ({ state, decided }: Request): { replaces?: FormerDecision } =>
  decided !== undefined && (state === 'refused' || state === 'implicitly_refused')
    ? { replaces: formerDecision(decided) }
    : {};

export function formerDecision({ as, on }: Decided): FormerDecision {
  switch (as) {
    case 'refused':
    case 'implicitly_refused':
    case 'abrogated':
    case 'withdrawn_by_authority':
    case 'approved':
    case 'implicitly_accepted':
    case 'closed':
      return { as, on };
    case 'suspended':
    case 'suspended_urgent':
      return { as: 'suspended', on };
    default:
      throw new TypeError(`nothing was decided as ${as}`);
  }
}

export function authorOf(actor: Actor): OperatorActor {
  if (actor.kind !== 'operator') throw new TypeError(`a decision of ${actor.kind} has no author`);
  return actor;
}

export function serviceFacts({ snapshot }: Pick<RegistrationsNeeds, 'snapshot'>, id: string): ServiceFacts {
  const declared = snapshot().services.get(id);
  if (declared === undefined) return { id, name: id };
  const { name, contact } = declared.decided_by;
  return { id, name: declared.name.fr, decidedBy: { name: name.fr, contact } };
}
