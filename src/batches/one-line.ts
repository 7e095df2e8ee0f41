import { parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { canonicalEmail } from '../identity/identity.ts';
import type { OperatorActor } from '../registrations/registrations.ts';
import { termsFor, writtenReasons } from './decision.ts';
import { enterRegister } from './enter-register.ts';
import { leaveRegister } from './leave-register.ts';
import type { BatchesNeeds } from './needs.ts';
import type { Batch, KeptLine, Outcome } from './rows.ts';
import { isSamePerson } from './rules.ts';
import { typedDay } from './typed-day.ts';

/** What is done to each line in each of these states, and what becomes of the lot. */
export const jobs = {
  carrying_out: { from: 'asked', to: 'done', failed: 'failed', ended: 'done', act: 'batch.carried_out' },
  announcing: { from: 'done', to: 'notified', failed: 'kept', ended: 'announced', act: 'batch.announced' },
  undoing: { from: 'notified', to: 'undone', failed: 'kept', ended: 'undone', act: 'batch.undone' },
} as const;
export type JobName = keyof typeof jobs;

export interface Done {
  readonly outcome: Outcome;
  readonly registration?: string | undefined;
  readonly reason?: string | undefined;
  /** Of a notice: the last day on which it may be answered. */
  readonly answerBy?: string | undefined;
}

/** What the machine could not do is tried again; what was refused stays refused, and is shown with its reason. */
export async function oneLine(
  needs: BatchesNeeds,
  batch: Batch,
  state: JobName,
  line: KeptLine,
): Promise<Done> {
  try {
    return state === 'carrying_out'
      ? await grant(needs, batch, line)
      : await takeBack(needs, batch, state, line);
  } catch (error) {
    if (!(error instanceof BrokerError) || error.entry.status >= 500) throw error;
    needs.logger.info(
      { event: 'batch.refused', batch: batch.id, line: line.line, code: error.code, detail: error.detail },
      'a line of a lot was refused',
    );
    // What entered the register for a right that is refused leaves it again.
    if (state === 'carrying_out' && batch.decider !== undefined)
      await leaveRegister(needs, batch, line, batch.decider);
    return { outcome: jobs[state].failed, reason: error.code, registration: line.registration };
  }
}

/** The second person, when there is one, decides what the first proposed. */
const decidersOf = (
  author: OperatorActor,
  decider: OperatorActor,
): { readonly actor: OperatorActor; readonly proposedBy?: OperatorActor } =>
  isSamePerson(author, decider) ? { actor: decider } : { actor: decider, proposedBy: author };

async function grant(needs: BatchesNeeds, batch: Batch, line: KeptLine): Promise<Done> {
  const { id, decision, author, decider, decidedAt } = batch;
  const { cells, organization, services, stood } = line;
  if (organization === undefined || decider === undefined || decidedAt === undefined)
    throw new TypeError(`${id}: nobody decided`);
  await enterRegister(needs, batch, line, decider);
  const today = parisDate(needs.clock());
  const own = cells.endsOn === '' ? undefined : typedDay(cells.endsOn);
  const terms = termsFor(decision, today, own);
  const file = await needs.registrations.grant({
    lot: id,
    organization,
    services: services.map((service) => ({ service, terms })),
    text: writtenReasons(decision),
    contact: canonicalEmail(cells.email)?.address,
    decidedAt,
    stood,
    ...decidersOf(author, decider),
  });
  return { outcome: 'done', registration: file.id };
}

/**
 * Announced, then done: the state of the lot says which, never that of the file. Whoever answered is read by somebody, who
 * decides in the file; what was decided there stands.
 */
async function takeBack(
  needs: BatchesNeeds,
  batch: Batch,
  state: Exclude<JobName, 'carrying_out'>,
  line: KeptLine,
): Promise<Done> {
  const { registrations } = needs;
  const { id, undo } = batch;
  const { registration } = line;
  if (registration === undefined || undo?.decider === undefined)
    throw new TypeError(`${id}: nothing to take back`);
  const { author: proposedBy, decider: actor, text, rule } = undo;
  const undone = async (): Promise<Done> => {
    await leaveRegister(needs, batch, line, actor);
    return { outcome: 'undone', registration };
  };
  const before = (await registrations.forOperator(registration))?.file.requests ?? [];
  if (before.length > 0 && before.every((one) => one.state === 'withdrawn_by_authority')) return undone();
  if (state === 'undoing') {
    const kept = (reason: string): Done => ({ outcome: 'kept', registration, reason });
    if (before.some((one) => one.state === 'approved' || one.state === 'renewal_due'))
      return kept('reinstated');
    if (before.some(({ notice }) => notice?.answer !== undefined)) return kept('answered');
  }
  const stage = state === 'announcing' ? 'announce' : 'withdraw';
  const after = await registrations.takeBack({ stage, id: registration, proposedBy, actor, text, rule });
  if (stage === 'withdraw') return undone();
  const answerBy = after.requests
    .flatMap(({ notice }) => notice?.answerBy ?? [])
    .toSorted()
    .at(-1);
  return { outcome: jobs[state].to, registration, answerBy };
}
