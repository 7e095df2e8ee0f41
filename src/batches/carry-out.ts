import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { appendAudit } from '../audit/audit.ts';
import { workOff } from '../storage/storage.ts';
import type { Database, WorkingOff } from '../storage/storage.ts';
import type { BatchesNeeds } from './needs.ts';
import { leaveRegister } from './leave-register.ts';
import { jobs, oneLine } from './one-line.ts';
import type { Done, JobName } from './one-line.ts';
import { countLines, markGranted, readBatch, readLines } from './rows.ts';
import type { Batch, KeptLine, Outcome } from './rows.ts';
import { limits } from './rules.ts';

/** Lines between two looks at whether the process is to stop. */
const slice = 20;
/** Seconds of a claim after which whoever holds it begins no other line. */
const workSeconds = 60;

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
  const until = new Date(now.getTime() + limits.claimSeconds * 1000);
  const { rows } = await sql`
    update batch set claimed_until = ${until}::timestamptz
    where id in (
      select id from batch
      where claimed_until <= ${now}::timestamptz
        or (claimed_until is null and state in ('carrying_out', 'announcing', 'undoing'))
      order by updated_at, id limit ${limit}::int for update skip locked)
    returning id`.execute(db);
  return claimedSchema.parse(rows);
}

async function attempt(needs: BatchesNeeds, id: string): Promise<void> {
  const { db, clock } = needs;
  const batch = await readBatch(db, id);
  if (batch === undefined) return;
  const { state } = batch;
  if (!isJob(state)) {
    await leaveForNothing(needs, batch);
    await db
      .updateTable('batch')
      .set({ claimed_until: null })
      .where('id', '=', id)
      .where('state', '=', state)
      .execute();
    return;
  }
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
      if ((await countAttempt(needs, id, line, state)) === 'gave_up' && batch.decider !== undefined)
        await leaveRegister(needs, batch, line, batch.decider);
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
  if (isOver) await leaveForNothing(needs, batch);
  await endOrRelease(needs, batch, state);
}

/** Organizations that entered the register for a right that the lot does not give: it was stopped, or whoever failed at it died. */
async function leaveForNothing(needs: BatchesNeeds, batch: Batch): Promise<void> {
  const { decider } = batch;
  if (decider === undefined) return;
  for (const line of await readLines(needs.db, batch.id, { entered: 'for_nothing' })) {
    await leaveRegister(needs, batch, line, decider);
    await nextTurn();
  }
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

/** A line that keeps failing is given up, and says so; what it brought to the register leaves it. */
async function countAttempt(
  { db, clock }: BatchesNeeds,
  id: string,
  { line }: KeptLine,
  state: JobName,
): Promise<'gave_up' | 'again'> {
  const { from, failed } = jobs[state];
  return db.transaction().execute(async (trx) => {
    const counted = await trx
      .updateTable('batch_line')
      .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
      .where('batch_id', '=', id)
      .where('line', '=', line)
      .where('outcome', '=', from)
      .returning('attempts')
      .executeTakeFirst();
    if (counted === undefined || counted.attempts < limits.attempts) return 'again';
    if (state === 'carrying_out') await markGranted(trx, id, clock());
    const { numUpdatedRows } = await trx
      .updateTable('batch_line')
      .set({ outcome: failed, reason: 'gave_up', changed_at: clock() })
      .where('batch_id', '=', id)
      .where('line', '=', line)
      .where('outcome', '=', from)
      .executeTakeFirst();
    return state === 'carrying_out' && numUpdatedRows > 0n ? 'gave_up' : 'again';
  });
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
