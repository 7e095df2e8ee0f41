import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { appendAudit } from '../audit/audit.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { canonicalEmail } from '../identity/identity.ts';
import type { OperatorActor } from '../registrations/registrations.ts';
import { workOff } from '../storage/storage.ts';
import type { Database, WorkingOff } from '../storage/storage.ts';
import { termsFor, writtenReasons } from './decision.ts';
import type { BatchesNeeds } from './needs.ts';
import { countLines, markGranted, readBatch, readLines } from './rows.ts';
import type { Batch, KeptLine, Outcome } from './rows.ts';
import { isSamePerson, limits } from './rules.ts';
import { typedDay } from './typed-day.ts';

/** Lines between two looks at whether the process is to stop. */
const slice = 20;
/** Seconds that a claim holds, and after which whoever holds it begins no other line. */
const claimSeconds = 120;
const workSeconds = 60;

/** What is done to each line in each of these states, and what becomes of the lot. */
const jobs = {
  carrying_out: { from: 'asked', to: 'done', failed: 'failed', ended: 'done', act: 'batch.carried_out' },
  announcing: { from: 'done', to: 'notified', failed: 'kept', ended: 'announced', act: 'batch.announced' },
  undoing: { from: 'notified', to: 'undone', failed: 'kept', ended: 'undone', act: 'batch.undone' },
} as const;
type JobName = keyof typeof jobs;
const isJob = (state: Batch['state']): state is JobName => state in jobs;

interface Claimed {
  readonly id: string;
}
const claimedSchema = z.array(z.object({ id: z.string() }));

/**
 * Carries lots out, line by line: each organization is a transaction of its own, of registrations/. A process that dies in
 * the middle leaves the rest to the next one once its claim has ended; a line that was granted and not marked is granted
 * again, which is the same file. A line that fails lets the others go on, and is tried again when the claim has ended, five
 * times in all.
 */
export function createCarryingOut(needs: BatchesNeeds): WorkingOff {
  const { db, clock, logger } = needs;
  return workOff<Claimed>({
    claim: (limit) => claim(db, clock(), limit),
    attempt: ({ id }) => attempt(needs, id),
    atOnce: 1,
    onUnwritten: (error, { id }) =>
      logger.error(
        { event: 'batch', err: error, batch: id },
        'a lot could not be carried out; it goes on later',
      ),
    onUnread: (error) =>
      logger.warn({ event: 'batch', err: error }, 'the lots to carry out could not be read'),
  });
}

async function claim(db: Kysely<Database>, now: Date, limit: number): Promise<readonly Claimed[]> {
  const until = new Date(now.getTime() + claimSeconds * 1000);
  const { rows } = await sql`
    update batch set claimed_until = ${until}::timestamptz
    where id in (
      select id from batch
      where state in ('carrying_out', 'announcing', 'undoing') and (claimed_until is null or claimed_until <= ${now}::timestamptz)
      order by updated_at, id limit ${limit}::int for update skip locked)
    returning id`.execute(db);
  return claimedSchema.parse(rows);
}

async function attempt(needs: BatchesNeeds, id: string): Promise<void> {
  const { db, clock } = needs;
  const batch = await readBatch(db, id);
  if (batch === undefined || !isJob(batch.state)) return;
  const { state } = batch;
  const began = clock().getTime();
  const lines = await readLines(db, id, { outcome: jobs[state].from, limit: slice });
  const problems: unknown[] = [];
  for (const line of lines) {
    if (!(await isStill(db, id, line, state))) break;
    try {
      const done = await oneLine(needs, batch, state, line);
      await mark(db, id, line, { ...done, at: clock() });
    } catch (error) {
      problems.push(error);
      await countAttempt(needs, id, line, state);
    }
    // The embedded database answers without ever letting go of the thread: requests come in between.
    await nextTurn();
    if (clock().getTime() - began > workSeconds * 1000) break;
  }
  const isOver = ((await countLines(db, id))[jobs[state].from] ?? 0) === 0;
  // The claim stays: what failed is not tried again at once.
  if (problems.length > 0 && !isOver) throw problems[0];
  for (const error of problems)
    needs.logger.error({ event: 'batch', err: error, batch: id }, 'a line of a lot failed');
  await endOrRelease(needs, batch, state);
}

/** Whether the line is still to be done: somebody may have stopped the lot since it was read. */
async function isStill(
  db: Kysely<Database>,
  id: string,
  { line }: KeptLine,
  state: JobName,
): Promise<boolean> {
  const found = await db
    .selectFrom('batch')
    .innerJoin('batch_line', 'batch_id', 'id')
    .select('line')
    .where('id', '=', id)
    .where('state', '=', state)
    .where('line', '=', line)
    .where('outcome', '=', jobs[state].from)
    .executeTakeFirst();
  return found !== undefined;
}

/** A line that keeps failing is given up, and says so. */
async function countAttempt(
  { db, clock }: BatchesNeeds,
  id: string,
  { line }: KeptLine,
  state: JobName,
): Promise<void> {
  const { from, failed } = jobs[state];
  await db.transaction().execute(async (trx) => {
    const counted = await trx
      .updateTable('batch_line')
      .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
      .where('batch_id', '=', id)
      .where('line', '=', line)
      .where('outcome', '=', from)
      .returning('attempts')
      .executeTakeFirst();
    if (counted === undefined || counted.attempts < limits.attempts) return;
    if (state === 'carrying_out') await markGranted(trx, id, clock());
    await trx
      .updateTable('batch_line')
      .set({ outcome: failed, reason: 'gave_up', changed_at: clock() })
      .where('batch_id', '=', id)
      .where('line', '=', line)
      .where('outcome', '=', from)
      .execute();
  });
}

interface Done {
  readonly outcome: Outcome;
  readonly registration?: string | undefined;
  readonly reason?: string | undefined;
  /** Of a notice: the last day on which it may be answered. */
  readonly answerBy?: string | undefined;
}

async function oneLine(needs: BatchesNeeds, batch: Batch, state: JobName, line: KeptLine): Promise<Done> {
  try {
    return state === 'carrying_out'
      ? await grant(needs, batch, line)
      : await takeBack(needs, batch, state, line);
  } catch (error) {
    // What the machine could not do is tried again; what was refused stays refused, and is shown with its reason.
    if (!(error instanceof BrokerError) || error.entry.status >= 500) throw error;
    needs.logger.info(
      { event: 'batch.refused', batch: batch.id, line: line.line, code: error.code, detail: error.detail },
      'a line of a lot was refused',
    );
    return { outcome: jobs[state].failed, reason: error.code, registration: line.registration };
  }
}

/** The second person, when there is one, decides what the first proposed. */
const decidersOf = (
  author: OperatorActor,
  decider: OperatorActor,
): { readonly actor: OperatorActor; readonly proposedBy?: OperatorActor } =>
  isSamePerson(author, decider) ? { actor: decider } : { actor: decider, proposedBy: author };

async function grant(
  { registrations, clock }: BatchesNeeds,
  { id, decision, author, decider, decidedAt }: Batch,
  { cells, organization, services }: KeptLine,
): Promise<Done> {
  if (organization === undefined || decider === undefined || decidedAt === undefined)
    throw new TypeError(`${id}: nobody decided`);
  const today = parisDate(clock());
  const own = cells.endsOn === '' ? undefined : typedDay(cells.endsOn);
  const terms = termsFor(decision, today, own);
  const file = await registrations.grant({
    lot: id,
    organization,
    services: services.map((service) => ({ service, terms })),
    text: writtenReasons(decision),
    contact: canonicalEmail(cells.email)?.address,
    decidedAt,
    ...decidersOf(author, decider),
  });
  return { outcome: 'done', registration: file.id };
}

/**
 * Announced, then done: the state of the lot says which, never that of the file. Whoever answered is read by somebody, who
 * decides in the file; what was decided there stands.
 */
async function takeBack(
  { registrations }: BatchesNeeds,
  { id, undo }: Batch,
  state: Exclude<JobName, 'carrying_out'>,
  { registration }: KeptLine,
): Promise<Done> {
  if (registration === undefined || undo?.decider === undefined)
    throw new TypeError(`${id}: nothing to take back`);
  const before = (await registrations.forOperator(registration))?.file.requests ?? [];
  if (before.length > 0 && before.every((one) => one.state === 'withdrawn_by_authority'))
    return { outcome: 'undone', registration };
  if (state === 'undoing') {
    const kept = (reason: string): Done => ({ outcome: 'kept', registration, reason });
    if (before.some((one) => one.state === 'approved' || one.state === 'renewal_due'))
      return kept('reinstated');
    if (before.some(({ notice }) => notice?.answer !== undefined)) return kept('answered');
  }
  const { author: proposedBy, decider: actor, text, rule } = undo;
  const stage = state === 'announcing' ? 'announce' : 'withdraw';
  const after = await registrations.takeBack({ stage, id: registration, proposedBy, actor, text, rule });
  const answerBy = after.requests
    .flatMap(({ notice }) => notice?.answerBy ?? [])
    .toSorted()
    .at(-1);
  return { outcome: jobs[state].to, registration, answerBy };
}

async function mark(
  db: Kysely<Database>,
  id: string,
  { line }: KeptLine,
  { outcome, registration, reason, answerBy, at }: Done & { readonly at: Date },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('batch_line')
      .set({ outcome, registration: registration ?? null, reason: reason ?? null, changed_at: at })
      .where('batch_id', '=', id)
      .where('line', '=', line)
      .execute();
    if (outcome !== 'notified' || answerBy === undefined) return;
    await sql`
      update batch set undo_answer_by = greatest(coalesce(undo_answer_by, ${answerBy}::date), ${answerBy}::date)
      where id = ${id}`.execute(trx);
  });
}

/** Once nothing is left, it is recorded in the name of whoever decided. */
async function endOrRelease(
  { db, clock }: BatchesNeeds,
  { id, decider, undo }: Batch,
  state: JobName,
): Promise<void> {
  const job = jobs[state];
  await db.transaction().execute(async (trx) => {
    const counts = await countLines(trx, id);
    const count = (outcome: Outcome): number => counts[outcome] ?? 0;
    const isOver = count(job.from) === 0;
    const now = clock();
    const ended = {
      carrying_out: { ended_at: now },
      announcing: {},
      undoing: { undone_at: now },
    }[state];
    const row = await trx
      .updateTable('batch')
      .set((eb) => ({
        claimed_until: null,
        ...(isOver && { state: job.ended, ...ended, updated_at: now, seen: eb('seen', '+', 1) }),
      }))
      .where('id', '=', id)
      .where('state', '=', state)
      .returning('id')
      .executeTakeFirst();
    const actor = state === 'carrying_out' ? decider : undo?.decider;
    if (row === undefined || !isOver || actor === undefined) return;
    await appendAudit(trx, now, [
      {
        act: job.act,
        subject: `batch:${id}`,
        actor,
        after: { [job.to]: count(job.to), [job.failed]: count(job.failed), leftOut: count('left_out') },
      },
    ]);
  });
}
