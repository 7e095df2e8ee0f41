import { parisDate } from '../eligibility/eligibility.ts';
import type { Act, Actor, OperatorActor, Proposal } from './act.ts';
import { isAppealPending } from './appeals.ts';
import { silenceOf } from './due.ts';
import { evidenceNames } from './evidence-names.ts';
import { among, examined, inForce, suspended } from './file.ts';
import type { RegistrationFile, Request } from './file.ts';
import { graceAfter } from './grace-after.ts';
import type { GraceAfter } from './grace-after.ts';
import { appealSilenceDay } from './legal-clock.ts';
import { fileHref, maker } from './letter-maker.ts';
import type { LetterNeeds, LetterToSend, Make, Telling } from './letter-maker.ts';
import {
  authorOf,
  endedBecause,
  formerDecision,
  heardIn,
  reasonOf,
  replacing,
  serviceFacts,
  urgentlySuspended,
} from './letter-facts.ts';
import type { ServiceFacts } from './letters/facts.ts';
import { silenceDayOf } from './lifecycle.ts';

export type { LetterToSend } from './letter-maker.ts';

/**
 * The letter that an act sends to the applicant, or to the organization of a file that nobody sent; none when it tells them nothing, or nothing yet. The same file and the
 * same act make the same letter all day long: what was previewed is what is sent.
 */
export function letterOf(needs: LetterNeeds, telling: Telling): LetterToSend | undefined {
  const { before, file, act, actor } = telling;
  const applicant = file.events.map((event) => event.actor).findLast((one) => one.kind === 'applicant');
  if (applicant === undefined && file.opened === undefined) return undefined;
  // What the law or the register has done is done, with a letter or without; turn.ts says that there was none.
  if (needs.authority === undefined && (actor.kind === 'clock' || actor.kind === 'register'))
    return undefined;
  const make: Make = (kind, facts) => maker(needs, telling, applicant)(kind, facts);
  const service = (id: string) => serviceFacts(needs, id);
  const receivedOn = file.receivedOn ?? '';

  if (act.act === 'submit') {
    const promised = act.silence ?? needs.silence;
    return make('receipt', {
      receivedOn,
      silence: promised,
      silenceOn: silenceDayOf(file, promised) ?? receivedOn,
      services: file.requests.map((request) => service(request.service)),
      evidence: telling.evidence.map(({ kind, name }) => ({ label: evidenceNames[kind], name })),
    });
  }
  if (act.act === 'grant') {
    return make('grant', {
      author: authorOf(actor),
      ...(act.proposedBy === undefined ? {} : { preparedBy: act.proposedBy }),
      services: act.services.map(({ service: id, terms }) => ({ service: service(id), terms })),
      text: act.text,
    });
  }
  if (act.act === 'transfer') {
    const silence = silenceOf(file, needs.silence);
    return make('transfer', {
      author: authorOf(actor),
      receivedOn,
      services: examinedOf(file).map(service),
      to: act.to,
      silence,
      silenceOn: silenceDayOf(file, silence),
    });
  }
  if (act.act === 'ask_pieces') {
    return make('pieces_asked', {
      author: authorOf(actor),
      receivedOn,
      services: examinedOf(file).map(service),
      pieces: act.pieces.map((kind) => evidenceNames[kind]),
      text: act.text,
      until: file.asked?.answerBy ?? receivedOn,
      blocking: act.blocking,
      silence: silenceOf(file, needs.silence),
    });
  }
  if (act.act === 'identify') return identificationLetter(needs, telling, make);
  if (!('service' in act)) return undefined;
  const former = before.requests.find((request) => request.service === act.service);
  const request = file.requests.find((one) => one.service === act.service);
  if (former === undefined || request === undefined) return undefined;
  return letterOfRequest({
    make,
    act,
    actor,
    former,
    request,
    service: service(act.service),
    receivedOn,
    fileHref: fileHref(needs, file.id),
    grace: graceAfter(needs, request),
  });
}

/** What the fact concerns: rights that somebody could use today, or from a day to come. */
function identificationLetter(
  needs: LetterNeeds,
  { file, act }: Telling,
  make: Make,
): LetterToSend | undefined {
  if (act.act !== 'identify') return undefined;
  const today = parisDate(file.events.at(-1)?.at ?? new Date(0));
  const services = file.requests.flatMap(({ service, state, terms }) =>
    among(inForce, state) && terms !== undefined && terms.endsOn >= today
      ? [{ service: serviceFacts(needs, service), terms }]
      : [],
  );
  if (services.length === 0) return undefined;
  return make('identification', { opens: act.siren !== undefined, number: act.number, services });
}

const examinedOf = ({ requests }: RegistrationFile): readonly string[] =>
  requests.filter(({ state }) => among(examined, state)).map(({ service }) => service);

interface Told {
  readonly make: Make;
  readonly act: Extract<Act, { service: string }>;
  readonly actor: Actor;
  /** The request before the act, and after. */
  readonly former: Request;
  readonly request: Request;
  readonly service: ServiceFacts;
  readonly receivedOn: string;
  readonly fileHref: string;
  readonly grace: GraceAfter | undefined;
}

/** Whoever examined a request saw what the policy makes of the organization: said in the letter (CRPA art. L311-3-1). */
const automated = true;

function letterOfRequest(told: Told): LetterToSend | undefined {
  const { make, act, actor, former, request, service, receivedOn } = told;
  switch (act.act) {
    case 'approve':
      return make('approval', {
        author: authorOf(actor),
        automated,
        service,
        receivedOn,
        terms: act.terms,
        text: act.text,
        ...replacing(former),
      });
    // Read by whoever proposes: what the second person would send.
    case 'propose':
      return proposalLetter(told, act.proposal, authorOf(actor), undefined);
    case 'confirm': {
      const { proposed } = former;
      return proposed && proposalLetter(told, proposed.proposal, proposed.by, authorOf(actor));
    }
    case 'communicate_motives':
      return make('motives', {
        author: authorOf(actor),
        service,
        receivedOn,
        refusedOn: former.decided?.on ?? receivedOn,
        askedOn: former.motivesAskedOn ?? receivedOn,
        reason: reasonOf(act),
      });
    case 'notify_suspension':
      return make('suspension_notice', {
        author: authorOf(actor),
        service,
        reason: reasonOf(act),
        answerBy: request.notice?.answerBy ?? receivedOn,
        ...urgentlySuspended(former),
      });
    case 'answer_notice':
      // Its own observations are on the page of the file, where it wrote them.
      return actor.kind === 'operator'
        ? make('observations_recorded', {
            service,
            receivedOn: act.receivedOn ?? receivedOn,
            text: act.text,
            answerBy: request.notice?.answerBy ?? receivedOn,
          })
        : undefined;
    case 'suspend':
    case 'suspend_urgently':
      return make('suspension', {
        author: authorOf(actor),
        automated: false,
        service,
        reason: reasonOf(act),
        urgent: act.act === 'suspend_urgently',
        ...heardIn(former),
        ...urgentlySuspended(former),
        ...(former.notice === undefined ? {} : { answerBy: former.notice.answerBy }),
      });
    case 'reinstate':
      return make('reinstatement', {
        author: authorOf(actor),
        automated: false,
        service,
        ...(among(suspended, former.state) && former.decided !== undefined
          ? { suspendedOn: former.decided.on }
          : { noticedOn: former.notice?.on }),
        text: act.text,
        ...(request.terms === undefined ? {} : { terms: request.terms }),
      });
    case 'appeal':
      return (
        request.appeal &&
        make('appeal_receipt', {
          service,
          appealedOn: request.appeal.on,
          against: formerDecision(request.appeal.against),
          ...(actor.kind === 'operator' ? { recorded: act.text } : {}),
          silenceOn: appealSilenceDay(request.appeal.on),
        })
      );
    case 'renounce':
      return make('renunciation', { service, receivedOn: request.renounced?.on ?? act.from, from: act.from });
    case 'decide_appeal':
      return (
        former.appeal &&
        make('appeal_decision', {
          author: authorOf(actor),
          automated: false,
          service,
          appealedOn: former.appeal.on,
          against: formerDecision(former.appeal.against),
          outcome: act.outcome,
          text: act.text,
          rule: act.rule,
          ...(act.terms === undefined ? {} : { terms: act.terms }),
        })
      );
    case 'silence':
      return silenceLetter(told);
    case 'remind':
      return make('expiry_reminder', {
        service,
        endsOn: request.terms?.endsOn ?? receivedOn,
        daysLeft: act.daysLeft,
        // The page of the file begins a renewal.
        renewHref: told.fileHref,
        grace: told.grace,
      });
    case 'close':
      return make('closure', { service, text: act.text });
    default:
      return undefined;
  }
}

function silenceLetter({ make, former, request, service, receivedOn }: Told): LetterToSend | undefined {
  // An appeal that nobody answers is rejected: its receipt said when, and nothing more is owed (CRPA art. L411-7).
  if (isAppealPending(former) || request.decided === undefined) return undefined;
  const { as, on } = request.decided;
  return as === 'implicitly_accepted'
    ? make('implicit_acceptance', {
        services: [service],
        receivedOn,
        acceptedOn: on,
        ...(request.terms === undefined ? {} : { terms: request.terms }),
      })
    : make('implicit_refusal', { services: [service], receivedOn, refusedOn: on });
}

function proposalLetter(
  { make, former, request, service, receivedOn }: Told,
  proposal: Proposal,
  author: OperatorActor,
  second: OperatorActor | undefined,
): LetterToSend {
  if (proposal.decision === 'renounce') {
    const { text: recorded, receivedOn: on } = proposal;
    const from = request.renounced?.from ?? proposal.from;
    return make('renunciation', { service, receivedOn: on, recorded, from });
  }
  const signed = { author, ...(second === undefined ? {} : { second }), service, reason: reasonOf(proposal) };
  const approvedOn = former.granted?.on ?? receivedOn;
  switch (proposal.decision) {
    case 'refuse':
      return make('refusal', { ...signed, automated, receivedOn, ...replacing(former) });
    case 'abrogate':
      return make('abrogation', {
        ...signed,
        automated: false,
        approvedOn,
        because: endedBecause(proposal),
        ...heardIn(former),
      });
    case 'withdraw': {
      const { because } = proposal;
      return make('withdrawal', { ...signed, automated: false, approvedOn, because, ...heardIn(former) });
    }
  }
}
