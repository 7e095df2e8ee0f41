import { appendAudit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit.ts';
import { BrokerError } from '../errors/errors.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { proposalSchema } from './act.ts';
import type { Act, OperatorActor, ReasonedProposal } from './act.ts';
import { apply, lastAt, organizationFacts } from './apply.ts';
import type { Performed } from './apply.ts';
import { catchUp } from './catch-up.ts';
import type { RegistrationFile, Request } from './file.ts';
import { isSamePerson } from './guards.ts';
import type { LetterDocument } from './letters/document.ts';
import type { LetterNeeds } from './letter-maker.ts';
import { letterOf } from './letters-of.ts';
import { transition } from './lifecycle.ts';
import { withdrawalLimit } from './legal-clock.ts';
import type { RegistrationsNeeds, RightConcerned } from './needs.ts';
import { readFile, readRow } from './open.ts';
import type { Opened } from './opened.ts';
import { refusal, unknownFile } from './refusals.ts';

/** Its two steps: the organization is told, then its right is taken back. Whoever asks says which. */
export type TakeBackStage = 'announce' | 'withdraw';

export interface TakeBackRequest {
  readonly stage: TakeBackStage;
  /** A file that a lot opened. */
  readonly id: string;
  readonly proposedBy: OperatorActor;
  readonly actor: OperatorActor;
  /** Reasons in fact, and the rule (CRPA art. L211-5). */
  readonly text: string;
  readonly rule: string;
}

/** Days to answer, of every notice unless somebody says otherwise. */
const daysToAnswer = 15;

type Notice = Extract<Act, { act: 'notify_suspension' }>;

/** A notice with these very reasons: of this taking back, and not of something else. */
const isIts =
  ({ motive, text, rule }: ReasonedProposal, service: string) =>
  (act: Act): act is Notice =>
    act.act === 'notify_suspension' &&
    act.service === service &&
    act.motive === motive &&
    act.text === text &&
    act.rule === rule;

/** Whether a notice of it went out, however it ended. */
const wasAnnounced = (
  { events }: RegistrationFile,
  { service }: Request,
  proposal: ReasonedProposal,
): boolean => events.some(({ act }) => isIts(proposal, service)(act));

/** Whether its notice is the one that runs. */
function isAnnounced(
  { events }: RegistrationFile,
  { service, state }: Request,
  proposal: ReasonedProposal,
): boolean {
  const notice = events
    .map(({ act }) => act)
    .findLast((act) => act.act === 'notify_suspension' && act.service === service);
  return state === 'suspension_notified' && notice !== undefined && isIts(proposal, service)(notice);
}

/** In force, and nobody has kept it against this very notice. */
const canBeAnnounced = (file: RegistrationFile, request: Request, proposal: ReasonedProposal): boolean =>
  (request.state === 'approved' || request.state === 'renewal_due') && !wasAnnounced(file, request, proposal);

/**
 * Takes back what a lot granted by mistake: the withdrawal of the lifecycle, by the same rules. It is a decision that states
 * reasons, so the organization is heard first (CRPA art. L121-1, L211-2 4°): `announce` sends the notice; `withdraw`, once the
 * organization has answered, or its fifteen days are over, does it, within four months of the grant (art. L242-1). Each time
 * in one transaction, for every service of the file. What was done already is not done twice; a file that is not at that
 * stage, because somebody has decided in it since, is refused.
 *
 * @throws BrokerError M-FILE-001, 003 (something else has happened to the file), 004 (one person), 005 (their own
 * organization), 007 (the notice runs, or it is too late), 016 (somebody has the file in hand), 017 (malformed)
 */
export async function takeBack(needs: RegistrationsNeeds, request: TakeBackRequest): Promise<Performed> {
  const { id, proposedBy, actor } = request;
  const proposal = proposalOf(request);
  const seen = await readRow(needs.db, id);
  if (seen === undefined || seen.version === 0) throw unknownFile(id);
  // A right that has ended by now has ended: time comes first, in a transaction of its own.
  await catchUp(needs, id, 'wait');
  const organization =
    seen.organization === undefined ? undefined : await needs.organization(seen.organization);
  return needs.db.transaction().execute(async (trx) => {
    const row = await readRow(trx, id, 'wait');
    if (row === undefined) throw unknownFile(id);
    let file = await readFile(trx, row);
    if (file.opened === undefined) throw refusal('not_possible', id, 'confirm');
    if (isSamePerson(proposedBy, actor)) throw refusal('same_person', id, 'confirm');
    // Whoever was interrupted begins again: what is done already is not done twice.
    const isDone = file.requests.every(
      (one) =>
        one.state === 'withdrawn_by_authority' ||
        (request.stage === 'announce' && isAnnounced(file, one, proposal)),
    );
    if (isDone) return { file, rights: [], audit: [] };
    const rights: RightConcerned[] = [];
    const audit: AuditEvent[] = [];
    for (const { by, act } of stepsOf(file, { ...request, proposal }, parisDate(needs.clock()))) {
      const current = await readRow(trx, id);
      if (current === undefined) throw unknownFile(id);
      const done = await apply(needs, trx, { row: current, file, actor: by, act, organization, ofLot: true });
      file = done.file;
      rights.push(...done.rights);
      audit.push(...done.audit);
    }
    await appendAudit(trx, lastAt(file), audit);
    return { file, rights, audit };
  });
}

/** @throws BrokerError M-FILE-017 */
function proposalOf({ id, text, rule }: Pick<TakeBackRequest, 'id' | 'text' | 'rule'>): ReasonedProposal {
  const read = proposalSchema.safeParse({
    decision: 'withdraw',
    motive: 'decision_illegal',
    because: 'illegal',
    text,
    rule,
  });
  if (read.success && read.data.decision === 'withdraw') return read.data;
  throw new BrokerError('M-FILE-017', { cause: read.error, detail: id.slice(0, 40) });
}

/**
 * The letter that the step would send for a service, the first of the file: whoever decides has read it. Undefined when the
 * step is refused now.
 */
export function previewTakeBack(
  needs: LetterNeeds & Pick<RegistrationsNeeds, 'clock'>,
  { circumstances, content, evidence, organization, held, file: opened }: Opened,
  request: Omit<TakeBackRequest, 'id'>,
): LetterDocument | undefined {
  const at = needs.clock();
  const facts = organizationFacts(organization, held);
  const proposal = proposalOf({ ...request, id: opened.id });
  let file = opened;
  try {
    for (const { by: actor, act } of stepsOf(file, { ...request, id: opened.id, proposal }, parisDate(at))) {
      const outcome = transition(file, { actor, act, at }, circumstances);
      if (outcome.kind === 'refused') return undefined;
      const before = file;
      file = outcome.file;
      const letter = letterOf(needs, { before, file, actor, act, content, organization: facts, evidence });
      if (letter !== undefined) return letter.document;
    }
  } catch (error) {
    // Refused before its first step: somebody has decided in the file, or it is too late.
    if (!(error instanceof BrokerError)) throw error;
  }
  return undefined;
}

interface Step {
  readonly by: OperatorActor;
  readonly act: Act;
}

function stepsOf(
  file: RegistrationFile,
  {
    stage,
    proposedBy,
    actor,
    proposal,
  }: Omit<TakeBackRequest, 'text' | 'rule'> & { readonly proposal: ReasonedProposal },
  today: string,
): readonly Step[] {
  const { id, requests, taken } = file;
  const announces = stage === 'announce';
  const isAt = announces ? canBeAnnounced : isAnnounced;
  if (!requests.every((one) => isAt(file, one, proposal))) throw refusal('not_possible', id, 'confirm');
  const tooLate = requests.some(
    ({ granted }) => granted === undefined || today > withdrawalLimit(granted.on),
  );
  if (tooLate) throw refusal('too_late', id, 'confirm');
  // Who announces signs alone; who proposes holds the file, and somebody else confirms.
  const holder = announces ? actor : proposedBy;
  const { motive, text, rule } = proposal;
  const acts = requests.flatMap(({ service }): readonly Step[] =>
    announces
      ? [{ by: actor, act: { act: 'notify_suspension', service, motive, text, rule, days: daysToAnswer } }]
      : [
          { by: proposedBy, act: { act: 'propose', service, proposal } },
          { by: actor, act: { act: 'confirm', service } },
        ],
  );
  const taking: readonly Step[] = taken?.by.id === holder.id ? [] : [{ by: holder, act: { act: 'take' } }];
  return [...taking, ...acts, { by: holder, act: { act: 'release' } }];
}
