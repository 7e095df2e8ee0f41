import type { FilePage } from '../http/http.ts';
import type { LetterSent, RegistrationEvent } from '../registrations/registrations.ts';

/** What can be told of a file: texts under `applicants.event`. */
export const eventWords = [
  'submit',
  'supply',
  'withdraw_request',
  'ask_motives',
  'answer_notice',
  'appeal',
  'renounce',
  'ask_pieces',
  'transfer',
  'approve',
  'confirm',
  'confirm_refusal',
  'confirm_abrogation',
  'confirm_withdrawal',
  'communicate_motives',
  'notify_suspension',
  'suspend',
  'suspend_urgently',
  'reinstate',
  'decide_appeal_upheld',
  'decide_appeal_reversed',
  'silence_refusal',
  'silence_acceptance',
  'silence_appeal',
  'renewal_due',
  'remind',
  'expire',
  'renewed_by',
  'close',
  'grant',
  'revive',
  'identify',
  'identify_no_more',
  'other',
] as const;
export type EventWords = (typeof eventWords)[number];

/** In words: what a decision was shows in its letter, and what silence meant in what went before. */
/** What came by post is said as what it is: the organization's own act. */
const confirmedWords = (letter: string): string =>
  letter === 'renunciation' ? 'renounce' : `confirm_${letter}`;

export function wordsOf(
  event: RegistrationEvent,
  before: readonly RegistrationEvent[],
  letters: readonly Pick<LetterSent, 'seq' | 'kind'>[],
): EventWords {
  const { act } = event;
  const composed = (): string => {
    switch (act.act) {
      case 'confirm':
        return confirmedWords(letters.find(({ seq }) => seq === event.seq)?.kind ?? '');
      case 'decide_appeal':
        return `decide_appeal_${act.outcome}`;
      case 'identify':
        return act.siren === undefined ? 'identify_no_more' : 'identify';
      case 'silence':
        return isAppealed(act.service, before) ? 'silence_appeal' : `silence_${act.means}`;
      default:
        return act.act;
    }
  };
  const words = composed();
  return eventWords.find((one) => one === words) ?? (act.act === 'confirm' ? 'confirm' : 'other');
}

/** Whether an appeal waits for its answer. */
function isAppealed(service: string, before: readonly RegistrationEvent[]): boolean {
  const last = before.findLast(
    ({ act }) => (act.act === 'appeal' || act.act === 'decide_appeal') && act.service === service,
  );
  return last?.act.act === 'appeal';
}

/** The newest first. @param events those that the applicant may see, the oldest first */
export const timelineOf = (
  events: readonly RegistrationEvent[],
  letters: readonly LetterSent[],
  about: {
    readonly serviceName: (id: string) => string;
    readonly letterHref: (letter: string) => string;
  },
): FilePage['timeline'] =>
  events
    .map((event, index) => {
      const letter = letters.find(({ seq }) => seq === event.seq);
      const { act } = event;
      return {
        words: wordsOf(event, events.slice(0, index), letters),
        service: 'service' in act ? about.serviceName(act.service) : undefined,
        at: event.at,
        letterHref: letter === undefined ? undefined : about.letterHref(letter.id),
      };
    })
    .toReversed();
