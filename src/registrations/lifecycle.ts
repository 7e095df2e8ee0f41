/**
 * What may happen to a file. The rules are a table (rules.ts), with those of the decisions of two people beside it
 * (decisions.ts); their conditions cite the law (guards.ts); the calendar is legal-clock.ts and what time does by itself
 * due.ts; what an act does to the file is fold.ts. All of it is pure: the instant is handed in.
 */
import { parisDate } from '../eligibility/eligibility.ts';
import type { Act, ActName, Actor, Proposal, SeenFinding, Terms } from './act.ts';
import { contestedBy, mayReverse } from './appeals.ts';
import { proposableNow, proposalProblem } from './decisions.ts';
import { dueOn } from './due.ts';
import { among } from './file.ts';
import type { RegistrationFile, Request } from './file.ts';
import { happened } from './fold.ts';
import { isOwn, isSamePerson } from './guards.ts';
import type { Circumstances, Moment, Refused } from './guards.ts';
import { rules } from './rules.ts';
import type { Rule } from './rules.ts';

export { nextDayOf, silenceDayOf } from './due.ts';
export { fold } from './fold.ts';
export { appealLimit, isOutOfCharge, isOwn } from './guards.ts';
export type { Circumstances, Refused } from './guards.ts';

export type Outcome =
  | { readonly kind: 'done'; readonly file: RegistrationFile }
  | { readonly kind: 'refused'; readonly because: Refused };

export interface Happening {
  readonly actor: Actor;
  readonly act: Act;
  readonly at: Date;
}

/** Whether an act is allowed, and the file that it makes. */
export function transition(
  file: RegistrationFile,
  { actor, act, at }: Happening,
  circumstances: Circumstances,
): Outcome {
  const here = momentOf(file, actor, at, circumstances);
  if (here === undefined) return { kind: 'refused', because: 'clock' };
  const moment = act.act === 'release' ? { ...here, letGoOf: act.of } : here;
  const because = objection(moment, act.act, 'service' in act ? act.service : undefined) ?? flaw(moment, act);
  if (because !== undefined) return { kind: 'refused', because };
  return { kind: 'done', file: happened(file, { seq: file.version + 1, at, actor, act }) };
}

/** Acts that this actor could do now, service by service; without a service: on the whole file. */
export function possible(
  file: RegistrationFile,
  actor: Actor,
  at: Date,
  circumstances: Circumstances,
): readonly { readonly act: ActName; readonly service?: string }[] {
  const moment = momentOf(file, actor, at, circumstances);
  if (moment === undefined) return [];
  return actNames.flatMap((act) => {
    if (rules[act].concerns === 'file')
      return objection(moment, act, undefined) === undefined ? [{ act }] : [];
    return file.requests
      .filter(({ service }) => objection(moment, act, service) === undefined)
      .map(({ service }) => ({ act, service }));
  });
}

/** What this operator could propose now to a second person. */
export function proposals(
  file: RegistrationFile,
  service: string,
  actor: Actor,
  at: Date,
  circumstances: Circumstances,
): readonly Proposal['decision'][] {
  const moment = momentOf(file, actor, at, circumstances);
  const request = requestOf(file, service);
  if (moment === undefined || request === undefined) return [];
  return objection(moment, 'propose', service) === undefined ? proposableNow(moment, request) : [];
}

/** Acts that time has brought about and nobody has recorded, in their order. */
export function dueByNow(file: RegistrationFile, at: Date, circumstances: Circumstances): readonly Act[] {
  return caughtUp(file, at, circumstances).acts;
}

/** The file as time has made it, whether that is recorded or not. */
export function caughtUp(
  file: RegistrationFile,
  at: Date,
  circumstances: Circumstances,
): { readonly file: RegistrationFile; readonly acts: readonly Act[] } {
  const acts: Act[] = [];
  let current = file;
  // Each step leads on: to the end, or to a reminder that is then sent. A clock set back brings nothing about.
  while (isInOrder(current, at)) {
    const [act] = dueOn(current, parisDate(at), circumstances.silence);
    if (act === undefined) break;
    current = happened(current, { seq: current.version + 1, at, actor: { kind: 'clock' }, act });
    acts.push(act);
  }
  return { file: current, acts };
}

const actNames = Object.keys(rules).filter((name): name is ActName => name in rules);

const requestOf = (file: RegistrationFile, service: string): Request | undefined =>
  file.requests.find((request) => request.service === service);

/** No event is earlier than the one before; only what waits for nothing is dated as of now all the same. */
const isInOrder = (file: RegistrationFile, at: Date): boolean =>
  at.getTime() >= (file.events.at(-1)?.at.getTime() ?? -Infinity);

function momentOf(
  file: RegistrationFile,
  actor: Actor,
  at: Date,
  circumstances: Circumstances,
): Moment | undefined {
  if (Number.isNaN(at.getTime())) return undefined;
  const today = parisDate(at);
  return { file, actor, at, today, circumstances, due: dueOn(file, today, circumstances.silence) };
}

/** Why nobody, or not this actor, or not now: everything but what the act itself says. */
function objection(moment: Moment, name: ActName, service: string | undefined): Refused | undefined {
  const rule = rules[name];
  if (!isInOrder(moment.file, moment.at) && name !== 'suspend_urgently') return 'clock';
  const stranger = wrongActor(moment, rule);
  if (stranger !== undefined) return stranger;
  // A right that ended at midnight, a silence that has decided: nobody acts on what the file only still says.
  const behind = moment.due.some(({ act }) => act === 'silence' || act === 'expire');
  if (behind && moment.actor.kind !== 'clock') return 'time_first';
  if (rule.concerns === 'file') {
    return isOpenTo(moment.file, rule) ? first(rule.guards, (guard) => guard(moment)) : 'not_possible';
  }
  const request = service === undefined ? undefined : requestOf(moment.file, service);
  if (request === undefined || !among(rule.from, request.state)) return 'not_possible';
  return first(rule.guards, (guard) => guard(moment, request));
}

function contestedIn(file: RegistrationFile, service: string): Request['decided'] {
  const request = requestOf(file, service);
  return request && contestedBy(request);
}

/** A draft has no requests yet. */
const isOpenTo = ({ version, requests }: RegistrationFile, { from }: Rule): boolean =>
  version === 0 ? from.includes('draft') : requests.some(({ state }) => among(from, state));

function wrongActor({ file, actor, circumstances }: Moment, rule: Rule): Refused | undefined {
  const records = rule.recorded === true && actor.kind === 'operator';
  if (
    rule.by === 'applicant' &&
    !records &&
    (actor.kind !== 'applicant' || actor.accountId !== file.accountId)
  ) {
    return 'not_the_applicant';
  }
  if (actor.kind !== rule.by && !records) return 'not_possible';
  const own = actor.kind === 'operator' && isOwn(file, actor, circumstances);
  return own && rule.ownOrganization === undefined ? 'own_organization' : undefined;
}

/** What is wrong with what the act says. */
function flaw(moment: Moment, act: Act): Refused | undefined {
  switch (act.act) {
    case 'grant':
      return grantFlaw(moment, act);
    case 'answer_notice':
      return receivedFlaw(moment, act, requestOf(moment.file, act.service)?.notice?.on);
    case 'appeal':
      return receivedFlaw(moment, act, contestedIn(moment.file, act.service)?.on);
    case 'renounce': {
      const request = requestOf(moment.file, act.service);
      return act.from < moment.today || act.from > (request?.terms?.endsOn ?? '')
        ? 'terms_invalid'
        : undefined;
    }
    case 'approve':
      return termsFlaw(act.terms, moment.today);
    case 'propose': {
      const request = requestOf(moment.file, act.service);
      return request === undefined ? 'not_possible' : proposalProblem(moment, request, act.proposal);
    }
    // Said once: what it was said to be is what it is.
    case 'identify':
      return identifiedAs(moment.file) === act.siren ? 'not_possible' : undefined;
    case 'see_changes':
      return isAllOfTheirs(act.findings, moment.circumstances.moved ?? []) ? undefined : 'register_moved';
    case 'decide_appeal':
      if (act.outcome === 'upheld') return act.terms === undefined ? undefined : 'terms_invalid';
      if (!mayReverse(requestOf(moment.file, act.service) ?? { state: 'draft' })) return 'not_possible';
      return act.terms === undefined
        ? 'terms_invalid'
        : (termsFlaw(act.terms, moment.today) ??
            beyondGivenUp(act.terms, requestOf(moment.file, act.service)));
    case 'silence':
      return moment.due.some(
        (due) => due.act === 'silence' && due.service === act.service && due.means === act.means,
      )
        ? undefined
        : 'not_possible';
    case 'remind':
      return moment.due.some(
        (due) => due.act === 'remind' && due.service === act.service && due.daysLeft === act.daysLeft,
      )
        ? undefined
        : 'too_early';
    default:
      return undefined;
  }
}

const identifiedAs = ({ events }: RegistrationFile): string | undefined => {
  const last = events.map(({ act }) => act).findLast((act) => act.act === 'identify');
  return last?.act === 'identify' ? last.siren : undefined;
};

/**
 * All that the register says now of the services that were looked at, and nothing that it does not say. Whoever answers for
 * another service of the file looks for themselves.
 */
function isAllOfTheirs(seen: readonly SeenFinding[], allSaid: readonly SeenFinding[]): boolean {
  const said = allSaid.filter(({ service }) => seen.some((one) => one.service === service));
  const written = (findings: readonly SeenFinding[]) =>
    findings.map(({ service, reason, detail }) => JSON.stringify([service, reason, detail])).toSorted();
  return seen.length > 0 && JSON.stringify(written(seen)) === JSON.stringify(written(said));
}

/** A right begins with the decision that creates it, or later: never before. */
const termsFlaw = ({ startsOn, endsOn }: Terms, today: string): Refused | undefined =>
  startsOn < today || endsOn < startsOn ? 'terms_invalid' : undefined;

/** An answer to an appeal gives nothing from the day on which the organization gives the right up. */
const beyondGivenUp = ({ endsOn }: Terms, request: Request | undefined): Refused | undefined =>
  request?.renounced !== undefined && endsOn >= request.renounced.from ? 'terms_invalid' : undefined;

/** Two people are two, and neither acts for the organization. */
function grantFlaw(
  { file, actor, today, circumstances }: Moment,
  { services, proposedBy }: Extract<Act, { act: 'grant' }>,
): Refused | undefined {
  if (proposedBy !== undefined) {
    if (actor.kind === 'operator' && isSamePerson(actor, proposedBy)) return 'same_person';
    if (isOwn(file, proposedBy, circumstances)) return 'own_organization';
  }
  return first(services, ({ terms }) => termsFlaw(terms, today));
}

/**
 * What came on paper was received on a day, which the clock of the law counts from: not in the future, and not before what
 * it is about. What comes on the page of the file is received when it comes.
 */
function receivedFlaw(
  { actor, today }: Moment,
  { receivedOn }: { readonly receivedOn?: string | undefined },
  about: string | undefined,
): Refused | undefined {
  if (actor.kind !== 'operator') return receivedOn === undefined ? undefined : 'day_invalid';
  const isPossible =
    receivedOn !== undefined && receivedOn <= today && about !== undefined && receivedOn >= about;
  return isPossible ? undefined : 'day_invalid';
}

function first<T>(guards: readonly T[], ask: (guard: T) => Refused | undefined): Refused | undefined {
  for (const guard of guards) {
    const because = ask(guard);
    if (because !== undefined) return because;
  }
  return undefined;
}
