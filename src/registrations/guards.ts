import type { Act, Actor, OperatorActor, SeenFinding } from './act.ts';
import { contestable, isOfFormerDecision, isToAnswer } from './appeals.ts';
import { among, examined, suspended } from './file.ts';
import type { RegistrationFile, Request, RequestState } from './file.ts';
import { courtLimit, piecesDay } from './legal-clock.ts';
import type { SilenceMode } from './legal-clock.ts';

export type Refused =
  | 'not_possible'
  | 'second_person_needed'
  | 'same_person'
  /** Whoever proposed it may not decide on it any more. */
  | 'proposer_out_of_charge'
  | 'own_organization'
  | 'not_the_applicant'
  /** Somebody else examines it now. */
  | 'already_taken'
  /** Nobody may decide on a file that they have not taken. */
  | 'not_taken'
  | 'notice_running'
  | 'too_late'
  | 'too_early'
  | 'terms_invalid'
  /** What came on paper was not received on that day. */
  | 'day_invalid'
  /** The register does not say what was looked at, or says more. */
  | 'register_moved'
  | 'same_decider'
  | 'nothing_proposed'
  | 'nothing_to_answer'
  /** Time has already done something that the file does not know: `dueByNow` comes first. */
  | 'time_first'
  /** Earlier than what has already happened: a clock was set back. */
  | 'clock';

export interface Circumstances {
  readonly silence: SilenceMode;
  /** None when the organization has no SIREN: nobody is then known to act for it. */
  readonly organizationSiren: string | undefined;
  /** Accounts that sent a file for this organization: whoever asks does not decide. */
  readonly filers?: readonly string[] | undefined;
  /** Accounts of operators that have ever acted for this organization, whatever today's sign-in is for. */
  readonly members?: readonly string[] | undefined;
  /** Services whose decision was proposed by somebody who is not in charge of it any more. */
  readonly outOfCharge?: readonly string[] | undefined;
  /** Operators whose declared address is the proven one of a sender: an account that was erased leaves it there. */
  readonly named?: readonly string[] | undefined;
  /** Service → day on which the last decision reached the organization, when that was after the decision. */
  readonly notifiedOn?: Readonly<Record<string, string>> | undefined;
  /** Services on whose decision no time to appeal runs: the receipt of the request never came (CRPA art. L112-6). */
  readonly unopposed?: readonly string[] | undefined;
  /** What the register says since the decision, and nobody has looked at. */
  readonly moved?: readonly SeenFinding[] | undefined;
}

/** Everything that a guard may look at. */
export interface Moment {
  readonly file: RegistrationFile;
  readonly actor: Actor;
  readonly at: Date;
  /** Civil day in Paris. */
  readonly today: string;
  readonly circumstances: Circumstances;
  /** What time does today. */
  readonly due: readonly Act[];
  /** An operator who was removed, in whose place the file is let go. */
  readonly letGoOf?: string | undefined;
}

/** Why not, or undefined. */
export type FileGuard = (moment: Moment) => Refused | undefined;
export type RequestGuard = (moment: Moment, request: Request) => Refused | undefined;

const halfAnHourMs = 30 * 60_000;

/** One person at a time. Who has done nothing for half an hour does not hold a file any more once another takes it. */
export const free: FileGuard = ({ file: { taken }, actor, at }) => {
  if (taken === undefined) return undefined;
  const mine = actor.kind === 'operator' && taken.by.id === actor.id;
  return mine || at.getTime() - taken.lastAt.getTime() < halfAnHourMs ? 'already_taken' : undefined;
};

/** By the person who acts. */
export const held: FileGuard = (moment) => {
  const { taken } = moment.file;
  if (taken === undefined) return 'not_taken';
  if (moment.actor.kind === 'operator' && taken.by.id === moment.actor.id) return undefined;
  return free(moment) ?? 'not_taken';
};

/** Nobody else is examining it. It need not be taken first: nothing is decided. */
export const nobodyElse: FileGuard = (moment) =>
  held(moment) === 'already_taken' ? 'already_taken' : undefined;

export const somethingMoved: FileGuard = ({ circumstances: { moved = [] } }) =>
  moved.length > 0 ? undefined : 'register_moved';

/** By the person who acts; or by one who was removed, and cannot let go of it any more. */
export const heldOrLetGo: FileGuard = (moment) =>
  moment.letGoOf === undefined
    ? held(moment)
    : moment.file.taken?.by.id === moment.letGoOf
      ? undefined
      : 'not_taken';

/** What was asked for is awaited to its last day, if it is needed (CRPA art. L114-5, L114-5-1). */
export const daysGivenAreOver: FileGuard = ({ file: { pauses }, today }) => {
  const last = pauses.at(-1);
  const running =
    last !== undefined && last.suppliedOn === undefined && today <= piecesDay(last.askedOn, last.days);
  return running ? 'too_early' : undefined;
};

export const askedByNobody: FileGuard = ({ file }) =>
  file.accountId === undefined ? undefined : 'not_possible';

/** In a file that is over, an appeal. */
export const somethingToDo =
  (open: readonly RequestState[]): FileGuard =>
  ({ file: { requests } }) =>
    requests.some((request) => among(open, request.state) || isToAnswer(request))
      ? undefined
      : 'not_possible';

export const asked: FileGuard = ({ file }) => (file.asked === undefined ? 'nothing_to_answer' : undefined);

/** While a second person has to say yes or no, nobody goes round them. */
export const nothingProposed: RequestGuard = (_, { proposed }) =>
  proposed === undefined ? undefined : 'second_person_needed';

export const nothingProposedInFile: FileGuard = ({ file }) =>
  file.requests.some(({ state, proposed }) => among(examined, state) && proposed !== undefined)
    ? 'second_person_needed'
    : undefined;

export const proposed: RequestGuard = (_, request) =>
  request.proposed === undefined ? 'nothing_proposed' : undefined;

/** Four eyes: not those that proposed, under whatever name they are declared. */
export const anotherPerson: RequestGuard = ({ actor }, request) =>
  actor.kind === 'operator' && request.proposed !== undefined && isSamePerson(actor, request.proposed.by)
    ? 'same_person'
    : undefined;

/**
 * Whoever signs is competent on the day of the decision (CRPA art. L212-1), which is that of its confirmation: who was removed
 * since, or charged with less, or is known by now to act for the organization, stands behind it no more.
 */
export const isOutOfCharge = (
  { file, circumstances }: Pick<Moment, 'file' | 'circumstances'>,
  { service, proposed: made }: Pick<Request, 'service' | 'proposed'>,
): boolean =>
  made !== undefined &&
  (circumstances.outOfCharge?.includes(service) === true || isOwn(file, made.by, circumstances));

export const proposerInCharge: RequestGuard = (moment, request) =>
  isOutOfCharge(moment, request) ? 'proposer_out_of_charge' : undefined;

export const isSamePerson = (one: OperatorActor, other: OperatorActor): boolean =>
  one.id === other.id || (one.accountId !== undefined && one.accountId === other.accountId);

/** An organization for which they act or ever acted, or for which they asked, by their account or under their address. */
export function isOwn(
  { accountId }: Pick<RegistrationFile, 'accountId'>,
  actor: Pick<OperatorActor, 'id' | 'sirens' | 'accountId'>,
  { organizationSiren: siren, filers = [], members = [], named = [] }: Circumstances,
): boolean {
  if (named.includes(actor.id)) return true;
  if (siren !== undefined && actor.sirens.includes(siren)) return true;
  return actor.accountId !== undefined && [accountId, ...filers, ...members].includes(actor.accountId);
}

/**
 * What a clock that ran ahead has ended can still be suspended at once: its days, by today's date, go on. Nothing else
 * is possible on it. Nor does a right live again whose days are over.
 */
export const notOver: RequestGuard = ({ today }, { state, terms }) =>
  (state !== 'expired' && state !== 'renewed') || (terms !== undefined && today <= terms.endsOn)
    ? undefined
    : 'not_possible';

/**
 * Observations came, or the time for them is over (CRPA art. L121-1, L122-1: nothing is decided before the organization was
 * put in a position to present them). The days given are its own: only what it sends itself, from the page of the file,
 * ends them sooner. What an operator records as received does not, whoever then decides.
 */
export const heard: RequestGuard = ({ today }, { notice }) =>
  notice !== undefined &&
  ((notice.answer !== undefined && notice.recordedBy === undefined) || today > notice.answerBy)
    ? undefined
    : 'notice_running';

/** After a clock was set back, nothing can have been received since what it is about: a day is asked for, and none would do. */
export const notBefore =
  (about: (request: Request) => string | undefined): RequestGuard =>
  ({ actor, today }, request) =>
    actor.kind === 'operator' && (about(request) ?? '') > today ? 'day_invalid' : undefined;

export const noNotice: RequestGuard = (_, { notice }) => (notice === undefined ? undefined : 'not_possible');

/**
 * One answer. It is received as long as nothing is decided: nothing in the law turns away a late one. One that an operator
 * recorded does not shut out the applicant's own, which then is the answer (CRPA art. L122-1).
 */
export const noticeToAnswer: RequestGuard = ({ actor }, { notice }) =>
  notice === undefined || (notice.answer !== undefined && !isReplaced(actor, notice))
    ? 'nothing_to_answer'
    : undefined;

/** The applicant's own words take the place of those that somebody else wrote down for them. */
const isReplaced = (
  { kind }: Actor,
  { recordedBy }: { readonly recordedBy?: OperatorActor | undefined },
): boolean => kind === 'applicant' && recordedBy !== undefined;

/**
 * Last day to appeal (CRPA art. L411-2, CJA art. R421-1). Asking why silence was a refusal moves it to two months after
 * the answer (CRPA art. L232-4): until then there is none.
 */
export function appealLimit(
  request: Request,
  { notifiedOn: known, unopposed = [] }: Pick<Circumstances, 'notifiedOn' | 'unopposed'>,
): string | undefined {
  const { service, decided, motivesAskedOn, motivesGiven } = request;
  const notifiedOn = known?.[service];
  if (decided === undefined || unopposed.includes(service)) return undefined;
  if (motivesAskedOn !== undefined && motivesGiven === undefined) return undefined;
  const days = [decided.on, notifiedOn, motivesGiven?.on].filter((day) => day !== undefined);
  return courtLimit(days.toSorted().at(-1) ?? decided.on);
}

/**
 * On paper, what counts is the day on the postmark (CRPA art. L112-1), which only whoever decides on the appeal weighs:
 * what was received is recorded, late or not.
 */
export const inTimeForCourt: RequestGuard = ({ actor, today, circumstances }, request) => {
  if (actor.kind === 'operator') return undefined;
  const limit = appealLimit(request, circumstances);
  return limit !== undefined && today > limit ? 'too_late' : undefined;
};

/**
 * Each decision is appealed against once. An appeal that an operator recorded does not use up that of the applicant, answered
 * or not: whoever may appeal (CRPA art. L411-2) cannot lose it by a text that they did not write. Theirs takes its place,
 * against the same decision, and is answered from its own day on.
 */
export const notAppealedYet: RequestGuard = ({ actor }, request) => {
  const { appeal } = request;
  return appeal === undefined || isReplaced(actor, appeal) || isOfFormerDecision(request)
    ? undefined
    : 'not_possible';
};

/**
 * What leaves a right, or ended without being refused, is contested on paper, as its letters say. The page of the file takes
 * what it takes otherwise: an appeal against a suspension, whose right may end meanwhile, and one in place of a recorded one.
 */
export const onPaperUnlessTaken: RequestGuard = ({ actor }, { state, decided, appeal }) => {
  if (actor.kind === 'operator' || !among(contestable, state)) return undefined;
  const wasSuspended = state === 'expired' && decided !== undefined && among(suspended, decided.as);
  return wasSuspended || (appeal !== undefined && isReplaced(actor, appeal)) ? undefined : 'not_possible';
};

export const appealToAnswer: RequestGuard = (_, request) =>
  isToAnswer(request) ? undefined : 'nothing_to_answer';

/** Neither who took the decision nor who confirmed it. */
export const anotherDecider: RequestGuard = ({ actor }, { appeal }) => {
  if (actor.kind !== 'operator' || appeal === undefined) return undefined;
  const { author, second } = appeal.against;
  const deciders = [author, second].filter((one) => one !== undefined);
  return deciders.some((one) => isSamePerson(actor, one)) ? 'same_decider' : undefined;
};

export const motivesNotAsked: RequestGuard = (_, { motivesAskedOn }) =>
  motivesAskedOn === undefined ? undefined : 'not_possible';

export const motivesOwed: RequestGuard = (_, { motivesAskedOn, motivesGiven }) =>
  motivesAskedOn !== undefined && motivesGiven === undefined ? undefined : 'nothing_to_answer';

/** The calendar says so (due.ts). */
export const itsDayHasCome =
  (name: Act['act']): RequestGuard =>
  ({ due }, { service }) =>
    due.some((act) => act.act === name && 'service' in act && act.service === service)
      ? undefined
      : 'too_early';
