import type { NextThing, RequestStand, Tone } from '../http/http.ts';
import type { FileSummary, RequestState } from '../registrations/registrations.ts';

/** How each state is shown: a color beside the word, never instead of it. */
const tones: Readonly<Record<RequestState, Tone>> = {
  draft: 'plain',
  submitted: 'plain',
  under_review: 'plain',
  info_requested: 'wait',
  withdrawn: 'plain',
  approved: 'yes',
  refused: 'no',
  implicitly_refused: 'no',
  implicitly_accepted: 'yes',
  renewal_due: 'wait',
  renewed: 'plain',
  expired: 'no',
  renounced: 'plain',
  suspension_notified: 'wait',
  suspended: 'no',
  suspended_urgent: 'no',
  abrogated: 'no',
  withdrawn_by_authority: 'no',
  closed: 'no',
  appealed: 'wait',
  upheld: 'no',
  implicitly_upheld: 'no',
};

/** @param transferred another administration answers: it is not examined here any more */
export const stand = (service: string, state: RequestState, transferred: boolean): RequestStand =>
  transferred && (state === 'submitted' || state === 'under_review')
    ? { service, state: 'transferred', tone: 'plain' }
    : { service, state, tone: tones[state] };

/** What whoever asked has to do, the most pressing first: in which states, and the words of it. */
const things: readonly (readonly [readonly RequestState[], string])[] = [
  [['info_requested'], 'answer'],
  [['suspension_notified', 'suspended_urgent'], 'observations'],
  [['submitted', 'under_review', 'appealed'], 'wait'],
  [['renewal_due', 'expired'], 'renew'],
  [['refused', 'implicitly_refused', 'abrogated', 'withdrawn_by_authority', 'suspended'], 'read'],
];

/** The next thing to do about a file, for the list. Pure. */
export function nextThing(
  { stage, requests, dueOn, accountId }: Pick<FileSummary, 'stage' | 'requests' | 'dueOn' | 'accountId'>,
  transferred?: string,
): NextThing {
  if (stage === 'draft') return { words: 'continue' };
  const pressing = things.find(([states]) => requests.some(({ state }) => states.includes(state)));
  if (pressing === undefined) return { words: 'nothing' };
  const [, words] = pressing;
  // What the administration opened is answered in writing, as its letters say; a notice is no decision.
  if (accountId === undefined && words !== 'renew') return { words: words === 'read' ? 'read' : 'letter' };
  if (words === 'wait' && transferred !== undefined) return { words: 'transferred', text: transferred };
  if (words === 'wait') return dueOn === undefined ? { words: 'wait_paused' } : { words, endsOn: dueOn };
  if (words === 'renew') {
    return { words, endsOn: requests.find(({ state }) => state === 'renewal_due')?.endsOn };
  }
  return { words };
}
