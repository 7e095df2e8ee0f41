import type { OperatorEvent, Said } from '../http/http.ts';
import { isPreparatory } from '../registrations/registrations.ts';
import type {
  LetterSent,
  Opened,
  Proposal,
  RegistrationEvent,
  Terms,
} from '../registrations/registrations.ts';
import { actorName } from './file-words.ts';
import { findingsSaid } from './review-facts.ts';

/** The newest first. */
export function timelineOf(
  { file, letters, evidence }: Opened,
  {
    hrefOf,
    service,
    posts,
    operator,
    lang,
  }: {
    readonly hrefOf: (letter: string) => string;
    readonly service: (id: string) => string;
    /** Whether who looks may say that a letter was posted. */
    readonly posts: boolean;
    /** Name of whoever posted a letter. */
    readonly operator: (id: string) => string;
    readonly lang: 'fr' | 'en';
  },
): readonly OperatorEvent[] {
  return file.events.toReversed().map((event) => {
    const letter = letters.find(({ seq }) => seq === event.seq);
    const { act } = event;
    return {
      act: wordsOf(event, file.events, letter),
      at: event.at,
      who:
        event.actor.kind === 'clock' || event.actor.kind === 'register'
          ? event.actor.kind
          : actorName(event.actor),
      ...('service' in act ? { service: service(act.service) } : {}),
      texts: textsOf(event),
      details: detailsOf(event, { evidence, service, lang }),
      internal: isPreparatory(act.act),
      ...(letter === undefined
        ? {}
        : {
            letterHref: hrefOf(letter.id),
            undeliveredAt: letter.undeliveredAt,
            posting: postingOf(letter, { hrefOf, posts, operator }),
          }),
    };
  });
}

/** What was decided; and whether its receipt was sent. */
function wordsOf(
  event: RegistrationEvent,
  events: readonly RegistrationEvent[],
  letter: LetterSent | undefined,
): string {
  const { act } = event;
  if (act.act === 'propose') return `propose_${act.proposal.decision}`;
  if (confirmedProposal(events, event) === 'renounce') return 'confirm_renounce';
  return act.act === 'submit' && letter?.undeliveredAt !== undefined ? 'submit_undelivered' : act.act;
}

/** What a confirmation confirms: the last proposal for its service before it. */
export function confirmedProposal(
  events: readonly RegistrationEvent[],
  { act, seq }: RegistrationEvent,
): Proposal['decision'] | undefined {
  if (act.act !== 'confirm') return undefined;
  const proposed = events.findLast(
    (one) => one.seq < seq && one.act.act === 'propose' && one.act.service === act.service,
  )?.act;
  return proposed?.act === 'propose' ? proposed.proposal.decision : undefined;
}

/** A letter for which no address is known, or whose mail was given up. */
const postingOf = (
  { id, toPost, postedAt, postedBy }: LetterSent,
  {
    hrefOf,
    posts,
    operator,
  }: {
    readonly hrefOf: (letter: string) => string;
    readonly posts: boolean;
    readonly operator: (id: string) => string;
  },
): OperatorEvent['posting'] =>
  toPost || postedAt !== undefined
    ? {
        at: postedAt,
        by: postedBy && operator(postedBy),
        action: postedAt === undefined && posts ? `${hrefOf(id)}/poste` : undefined,
      }
    : undefined;

function textsOf({ act }: RegistrationEvent): readonly string[] {
  const said =
    act.act === 'propose'
      ? act.proposal.text
      : 'text' in act
        ? act.text
        : act.act === 'transfer'
          ? act.to
          : '';
  return said.trim() === '' ? [] : [said];
}

const termsSaid = ({ level, ground, startsOn, endsOn }: Terms): readonly Said[] => [
  { t: `op.option.niveau.${level}` },
  { t: `op.option.fondement.${ground}` },
  { t: 'op.event.detail.from', date: startsOn },
  { t: 'op.event.detail.to', date: endsOn },
];

/** Which pieces, which verdict, which terms, which outcome: a line says what was done without opening the letter. */
function detailsOf(
  { act, actor }: RegistrationEvent,
  {
    evidence,
    service,
    lang,
  }: Pick<Opened, 'evidence'> & {
    readonly service: (id: string) => string;
    readonly lang: 'fr' | 'en';
  },
): readonly Said[] {
  const piece = (id: string): Said => {
    const found = evidence.find((one) => one.id === id);
    return found === undefined
      ? { t: 'op.event.detail.pieceGone' }
      : { t: `op.option.pieces.${found.kind}`, after: found.name };
  };
  switch (act.act) {
    case 'supply':
      return act.evidence.map(piece);
    case 'ask_pieces':
      return [
        ...act.pieces.map((kind) => ({ t: `op.option.pieces.${kind}` })),
        ...(act.blocking ? [{ t: 'op.event.detail.blocking' }] : []),
      ];
    case 'check_evidence':
      return [piece(act.evidence), { t: `op.file.${act.verdict}` }];
    case 'see_changes':
      return findingsSaid(act.findings, lang);
    case 'grant':
      return [
        ...(act.proposedBy === undefined
          ? []
          : [{ t: 'op.event.detail.preparedBy', after: actorName(act.proposedBy) }]),
        ...act.services.flatMap((one) => [service(one.service), ...termsSaid(one.terms)]),
      ];
    case 'answer_notice':
    case 'appeal':
      return actor.kind === 'operator' && act.receivedOn !== undefined
        ? [{ t: 'op.event.detail.onPaper', date: act.receivedOn }]
        : [];
    case 'renounce':
      return [{ t: 'op.event.detail.from', date: act.from }];
    case 'approve':
      return termsSaid(act.terms);
    case 'propose':
      return act.proposal.decision === 'renounce'
        ? [
            { t: 'op.event.detail.from', date: act.proposal.from },
            { t: 'op.event.detail.onPaper', date: act.proposal.receivedOn },
          ]
        : [{ t: `op.option.motif.${act.proposal.motive}` }];
    case 'communicate_motives':
    case 'notify_suspension':
    case 'suspend':
    case 'suspend_urgently':
      return [{ t: `op.option.motif.${act.motive}` }];
    case 'decide_appeal':
      return [
        { t: `op.option.issue.${act.outcome}` },
        ...(act.terms === undefined ? [] : termsSaid(act.terms)),
      ];
    case 'silence':
      return [{ t: `op.event.detail.silence.${act.means}` }];
    case 'identify':
      return [
        act.number,
        {
          t: act.siren === undefined ? 'op.event.detail.noSiren' : 'op.event.detail.siren',
          after: act.siren,
        },
      ];
    case 'revive':
    case 'renewed_by':
      return [act.registration];
    default:
      return [];
  }
}
