import { addDays, parisDate } from '../eligibility/eligibility.ts';
import type { Act, OperatorActor, RegistrationEvent, Terms } from './act.ts';
import { appealMade, isAppealPending, stillPending, upheld } from './appeals.ts';
import { decisions } from './decisions.ts';
import { silenceDayOf } from './due.ts';
import { among, examined } from './file.ts';
import type { Decided, RegistrationFile, Request } from './file.ts';
import { addMonths, appealSilenceDay, observationsDay, piecesDay } from './legal-clock.ts';
import { renounced } from './renounced.ts';

/** The file that its events have made. What has happened is not judged again. */
export function fold(
  draft: Pick<RegistrationFile, 'id' | 'accountId'>,
  events: readonly RegistrationEvent[],
): RegistrationFile {
  const empty: RegistrationFile = {
    id: draft.id,
    accountId: draft.accountId,
    version: 0,
    requests: [],
    pauses: [],
    events: [],
  };
  return events.reduce(happened, empty);
}

/** The file after one more event. */
export function happened(file: RegistrationFile, event: RegistrationEvent): RegistrationFile {
  const next = applied(file, event);
  const stillExamined = next.requests.some(({ state }) => among(examined, state));
  const { taken } = next;
  const byHolder = event.actor.kind === 'operator' && event.actor.id === taken?.by.id;
  return {
    ...next,
    version: file.version + 1,
    events: [...file.events, event],
    asked: stillExamined ? next.asked : undefined,
    taken: taken !== undefined && byHolder ? { ...taken, lastAt: event.at } : taken,
  };
}

function applied(file: RegistrationFile, event: RegistrationEvent): RegistrationFile {
  const { act, at } = event;
  const on = parisDate(at);
  switch (act.act) {
    case 'grant': {
      const { lot, contact, proposedBy, text } = act;
      const decided: Decided = { as: 'approved', on, author: operatorOf(event), second: proposedBy, text };
      const requests = act.services.map(({ service, terms }): Request => ({
        service,
        state: 'approved',
        reminded: [],
        ...grant(decided, terms),
      }));
      return { ...file, requests, receivedOn: on, opened: { lot, contact } };
    }
    case 'submit': {
      const requests = [...new Set(act.services)].map((service): Request => ({
        service,
        state: 'submitted',
        reminded: [],
      }));
      return { ...file, requests, receivedOn: on, silence: act.silence ?? 'refusal' };
    }
    case 'supply':
      return {
        ...whileExamined(file, () => ({ state: 'under_review' })),
        asked: undefined,
        // It ends every pause: what is still missing is asked for again.
        pauses: file.pauses.map((pause) =>
          pause.suppliedOn === undefined ? { ...pause, suppliedOn: on } : pause,
        ),
      };
    case 'withdraw_request':
      return whileExamined(file, () => ({ state: 'withdrawn' }));
    case 'take': {
      const begun = whileExamined(file, ({ state }) =>
        state === 'submitted' ? { state: 'under_review' } : {},
      );
      return { ...begun, taken: { by: operatorOf(event), at, lastAt: at } };
    }
    case 'release':
      return { ...file, taken: undefined };
    case 'ask_pieces': {
      // The applicant has something to do, whether the clock waits for it or not: it stops only for what the file
      // cannot be examined without (CRPA art. L114-5-1).
      const { blocking, days, text } = act;
      return {
        ...whileExamined(file, () => ({ state: 'info_requested' })),
        asked: { on, answerBy: piecesDay(on, days), blocking, text },
        pauses: blocking ? [...file.pauses, { askedOn: on, days }] : file.pauses,
      };
    }
    case 'transfer':
      // The day of reception stays (CRPA art. L114-3).
      return { ...file, taken: undefined, transferredOn: on };
    case 'note':
    case 'check_evidence':
    case 'see_changes':
    case 'identify':
      return file;
    default:
      return {
        ...file,
        requests: file.requests.map((request) =>
          request.service === act.service ? settled(request, decidedBy(file, request, act, event)) : request,
        ),
      };
  }
}

type FileAct =
  | 'grant'
  | 'submit'
  | 'supply'
  | 'withdraw_request'
  | 'take'
  | 'release'
  | 'note'
  | 'ask_pieces'
  | 'check_evidence'
  | 'see_changes'
  | 'identify'
  | 'transfer';
type RequestAct = Exclude<Act, { act: FileAct }>;

/** One request after an act that names its service. */
function decidedBy(
  file: RegistrationFile,
  request: Request,
  act: RequestAct,
  event: RegistrationEvent,
): Partial<Request> {
  const on = parisDate(event.at);
  switch (act.act) {
    case 'ask_motives':
      return { motivesAskedOn: on };
    case 'communicate_motives': {
      const { motive, text, rule } = act;
      return { motivesGiven: { on, by: operatorOf(event), motive, text, rule } };
    }
    case 'approve':
      return grant({ as: 'approved', on, author: operatorOf(event), text: act.text }, act.terms);
    case 'propose':
      return { proposed: { proposal: act.proposal, by: operatorOf(event), on } };
    case 'decline':
      return { proposed: undefined };
    case 'confirm': {
      if (request.proposed === undefined) throw new TypeError('an event confirms what nobody proposed');
      const { proposal, by } = request.proposed;
      if (proposal.decision === 'renounce') {
        const from = proposal.from < on ? on : proposal.from;
        return { ...renounced(request, { on, from, recordedBy: by }), proposed: undefined };
      }
      const { motive, text, rule } = proposal;
      const as = decisions[proposal.decision].to;
      return {
        ...against(request, { as, on, author: by, second: operatorOf(event), motive, text, rule }),
        proposed: undefined,
      };
    }
    case 'notify_suspension':
      return {
        ...(request.state === 'suspended_urgent' ? {} : { state: 'suspension_notified' }),
        notice: { on, answerBy: observationsDay(on, act.days) },
      };
    case 'answer_notice':
      return request.notice === undefined
        ? {}
        : { notice: { ...request.notice, answer: act.text, recordedBy: recorderOf(event) } };
    case 'suspend':
    case 'suspend_urgently': {
      const { motive, text, rule } = act;
      const as = act.act === 'suspend' ? 'suspended' : 'suspended_urgent';
      return against(request, { as, on, author: operatorOf(event), motive, text, rule });
    }
    case 'reinstate':
      return {
        state: 'approved',
        decided: { as: 'approved', on, author: operatorOf(event), text: act.text },
        notice: undefined,
        appeal: stillPending(request),
      };
    case 'appeal':
      return appealMade(request, { on: act.receivedOn ?? on, recordedBy: recorderOf(event) });
    case 'decide_appeal': {
      const { outcome, terms, text, rule } = act;
      const author = operatorOf(event);
      return outcome === 'reversed' && terms !== undefined
        ? grant({ as: 'approved', on, author, text, rule }, terms)
        : upheld(request, { as: 'upheld', on, author, text, rule });
    }
    case 'silence': {
      if (request.appeal !== undefined && isAppealPending(request)) {
        const day = appealSilenceDay(request.appeal.on);
        return upheld(request, { as: 'implicitly_upheld', on: day, text: '' });
      }
      // Whenever it is recorded, the decision is of the day on which silence made it.
      const day = silenceDayOf(file, act.means) ?? on;
      return act.means === 'refusal'
        ? against(request, { as: 'implicitly_refused', on: day, text: '' })
        : grant({ as: 'implicitly_accepted', on: day, text: '' }, termsOfSilence(day));
    }
    case 'renewal_due':
      return { state: 'renewal_due' };
    case 'remind':
      return { reminded: [...request.reminded, act.daysLeft] };
    case 'renounce':
      return renounced(request, { from: act.from, on, recordedBy: recorderOf(event) });
    case 'expire':
      return { state: request.renounced === undefined ? 'expired' : 'renounced' };
    case 'renewed_by':
      return { state: 'renewed' };
    case 'revive':
      return { state: 'approved' };
    case 'close':
      return against(request, { as: 'closed', on, text: act.text });
  }
}

/**
 * What silence grants, which nobody has written down: the least that was asked for, for a year from the day after. An
 * operator who wants it otherwise writes other terms with a decision.
 */
const termsOfSilence = (day: string): Terms => ({
  level: 'guest',
  ground: 'operator_doctrine',
  conditions: [],
  startsOn: addDays(day, 1),
  endsOn: addMonths(day, 12),
});

/** A decision that creates the right begins a new story: nothing of the former one is left to answer. */
const grant = (decided: Decided, terms: Terms): Partial<Request> => ({
  state: decided.as,
  terms,
  decided,
  granted: decided,
  notice: undefined,
  proposed: undefined,
  appeal: undefined,
  motivesAskedOn: undefined,
  motivesGiven: undefined,
  reminded: [],
});

/** A new unfavourable decision, with its own time to appeal. */
const against = (request: Request, decided: Decided): Partial<Request> => ({
  state: decided.as,
  decided,
  appeal: stillPending(request),
  motivesAskedOn: undefined,
  motivesGiven: undefined,
});

const whileExamined = (
  file: RegistrationFile,
  change: (request: Request) => Partial<Request>,
): RegistrationFile => ({
  ...file,
  requests: file.requests.map((request) =>
    among(examined, request.state) ? settled(request, change(request)) : request,
  ),
});

/** A proposal falls with the state in which it made sense. */
function settled(request: Request, change: Partial<Request>): Request {
  const next = { ...request, ...change };
  const { proposed } = next;
  if (proposed === undefined || among(decisions[proposed.proposal.decision].from, next.state)) return next;
  return { ...next, proposed: undefined };
}

const recorderOf = ({ actor }: RegistrationEvent): OperatorActor | undefined =>
  actor.kind === 'operator' ? actor : undefined;

function operatorOf({ actor, act, seq }: RegistrationEvent): OperatorActor {
  if (actor.kind !== 'operator') throw new TypeError(`event ${seq}: ${act.act} has no author`);
  return actor;
}
