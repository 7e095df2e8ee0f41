import { createHash } from 'node:crypto';
import type { Kysely, Updateable } from 'kysely';
import { appendAudit, rowsNow } from '../audit/audit.ts';
import type { RowDigest } from '../audit/audit.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { newNumber } from '../registrations/registrations.ts';
import type { OperatorActor } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';
import { batchDecisionSchema } from './decision.ts';
import type { BatchDecision } from './decision.ts';
import { leftAlone, lockAlone } from './alone.ts';
import { checkAuthor } from './charge.ts';
import { dryRun, isVisible, settled, toEnter, toGrant } from './examine.ts';
import type { DryRun, Viewer } from './examine.ts';
import type { BatchesNeeds } from './needs.ts';
import { tellConfirmers } from './lot-mail.ts';
import { withoutMailbox } from './own-cells.ts';
import { readList } from './read-list.ts';
import type { ListProblem } from './read-list.ts';
import { leaveOutRest, readBatch, replaceLines } from './rows.ts';
import { settleLines, unsettleLines } from './rows.ts';
import type { Batch } from './rows.ts';
import { limits, refusedAct } from './rules.ts';
import type { BatchAct } from './rules.ts';

/** Every act names the version of the lot that its page showed. */
export interface ActOnBatch {
  readonly id: string;
  readonly seen: number;
  readonly viewer: Viewer;
}

interface Changed {
  readonly set: Updateable<Database['batch']>;
  readonly act: string;
  readonly reason?: string | undefined;
  readonly after?: unknown;
}

/** What the rules ask about a lot. */
export const standing = ({ state, author, undo }: Batch, { chargeOf }: Viewer) => ({
  state,
  author,
  undoAuthor: undo?.author,
  isOrphan: chargeOf(author, 'prepare') === undefined,
});

/** The row locked, the act asked about, the change made and recorded: all of it or nothing. @throws BrokerError M-BULK-001 … 005 */
export async function change(
  { db, clock }: BatchesNeeds,
  act: BatchAct,
  { id, seen, viewer }: ActOnBatch,
  work: (trx: Kysely<Database>, batch: Batch) => Promise<Changed> | Changed,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const batch = await readBatch(trx, id, 'lock');
    if (batch === undefined) throw new BrokerError('M-BULK-001', { detail: `${viewer.actor.id}: ${id}` });
    const refused =
      batch.seen === seen ? refusedAct(standing(batch, viewer), act, viewer.actor) : ('M-BULK-002' as const);
    if (refused !== undefined) throw new BrokerError(refused, { detail: `${viewer.actor.id}: ${act} ${id}` });
    const { set, reason, after, ...event } = await work(trx, batch);
    await trx
      .updateTable('batch')
      .set({ ...set, seen: seen + 1, updated_at: clock() })
      .where('id', '=', id)
      .execute();
    const { actor } = viewer;
    const rows = await lotRows(trx, id, batch.decider !== undefined || typeof set.decider === 'string');
    await appendAudit(trx, clock(), [
      { act: `batch.${event.act}`, subject: `batch:${id}`, actor, reason, after, rows },
    ]);
  });
}

/** The lot as it stands after the act. What nobody decided goes one day, without an entry (purge.ts). */
async function lotRows(trx: Kysely<Database>, id: string, isDecided: boolean): Promise<readonly RowDigest[]> {
  const rows = await rowsNow(trx, [
    { table: 'batch', key: id },
    { table: 'batch_lines', key: id },
  ]);
  return isDecided ? rows : rows.map((row) => ({ ...row, mayGo: true }));
}

/** What is decided is what the page showed, of the registers as they are in this very transaction. @throws BrokerError M-BULK-002, M-BULK-006 */
async function asShown(
  trx: Kysely<Database>,
  needs: BatchesNeeds,
  batch: Batch,
  viewer: Viewer,
  digest: string,
): Promise<DryRun> {
  const run = await dryRun(trx, needs, batch, viewer);
  // Whoever could open the page a moment ago may have lost a part of their perimeter since.
  if (!(await isVisible(trx, batch, viewer, run)))
    throw new BrokerError('M-BULK-001', { detail: `${viewer.actor.id}: ${batch.id} out of perimeter` });
  if (run.digest !== digest) throw new BrokerError('M-BULK-002', { detail: `${batch.id}: another digest` });
  if (toGrant(run).length === 0) throw new BrokerError('M-BULK-006', { detail: batch.id });
  return run;
}

const summary = (batch: Batch, run: DryRun) => ({
  decision: batch.decision,
  list: { name: batch.fileName, sha256: batch.fileSha256 },
  granted: toGrant(run).map(({ line, organization, changes, newcomer }) => ({
    line,
    organization: organization?.id,
    services: changes.map(({ service }) => service),
    until: Object.fromEntries(changes.map(({ service, after }) => [service, after.endsOn])),
    ...(newcomer !== undefined && { enters: withoutMailbox(newcomer.cells) }),
  })),
  leftOut: run.judged.length - toGrant(run).length + run.leftOut.length,
  digest: run.digest,
});

export async function startBatch(
  { db, clock, randomBytes }: BatchesNeeds,
  decision: BatchDecision,
  actor: OperatorActor,
): Promise<string> {
  const now = clock();
  const id = newNumber(Number(parisDate(now).slice(0, 4)), randomBytes, 'L');
  const checked = batchDecisionSchema.parse(decision);
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('batch')
      .values({
        id,
        state: 'draft',
        decision: JSON.stringify(checked),
        author_id: actor.id,
        author: JSON.stringify(actor),
        created_at: now,
        updated_at: now,
      })
      .execute();
    await appendAudit(trx, now, [
      { act: 'batch.start', subject: `batch:${id}`, actor, reason: checked.text, after: checked },
    ]);
  });
  return id;
}

export const saveDecision = (
  needs: BatchesNeeds,
  asked: ActOnBatch,
  decision: BatchDecision,
): Promise<void> =>
  change(needs, 'save', asked, () => {
    const checked = batchDecisionSchema.parse(decision);
    return {
      set: { decision: JSON.stringify(checked) },
      act: 'save',
      reason: checked.text,
      after: checked,
    };
  });

/** @returns why it is no list, when it is none: nothing is kept of it */
export async function saveList(
  needs: BatchesNeeds,
  asked: ActOnBatch,
  file: { readonly name: string; readonly bytes: Buffer },
): Promise<ListProblem | undefined> {
  const read = await readList(file.bytes);
  if (read.kind === 'refused') return read.problem;
  const { lines } = read;
  const sha256 = createHash('sha256').update(file.bytes).digest('hex');
  await change(needs, 'save', asked, async (trx, { id }) => {
    await replaceLines(trx, id, lines);
    return {
      set: { file_name: file.name, file_sha256: sha256 },
      act: 'list',
      after: { name: file.name, sha256, lines: lines.length },
    };
  });
  return undefined;
}

/** Somebody else is asked to confirm. From here on the list is what it is: lines left out stay out. */
export const propose = (needs: BatchesNeeds, asked: ActOnBatch, digest: string): Promise<void> =>
  change(needs, 'propose', asked, async (trx, batch) => {
    const run = await asShown(trx, needs, batch, asked.viewer, digest);
    await settleLines(trx, batch.id, settled(run));
    const places = toGrant(run).flatMap(({ place }) => place ?? []);
    await tellConfirmers(trx, needs, { ...asked, batch, places, about: 'lot', lines: toGrant(run).length });
    return {
      set: { state: 'proposed', proposed_at: needs.clock(), author: JSON.stringify(asked.viewer.actor) },
      act: 'propose',
      reason: batch.decision.text,
      after: summary(batch, run),
    };
  });

/**
 * By one person when the lines are few and the register holds them all, by a second one else.
 *
 * @throws BrokerError M-BULK-007, M-BULK-009, M-BULK-010
 */
export const decide = (
  needs: BatchesNeeds,
  act: 'carry_out' | 'confirm',
  asked: ActOnBatch,
  digest: string,
): Promise<void> =>
  change(needs, act, asked, async (trx, batch) => {
    const run = await asShown(trx, needs, batch, asked.viewer, digest);
    const count = toGrant(run).length;
    if (act === 'confirm') checkAuthor(batch, asked.viewer, run);
    else {
      const entering = toEnter(run).length;
      if (entering > 0) throw new BrokerError('M-BULK-010', { detail: `${batch.id}: ${entering} lines` });
      await lockAlone(trx);
      const left = await leftAlone(trx, asked.viewer.actor, needs.clock());
      if (count > left)
        throw new BrokerError('M-BULK-007', { detail: `${batch.id}: ${count} of ${left} lines` });
    }
    await settleLines(trx, batch.id, settled(run));
    return {
      set: {
        state: 'carrying_out',
        decider_id: asked.viewer.actor.id,
        decider: JSON.stringify(asked.viewer.actor),
        decided_at: needs.clock(),
        returned: null,
      },
      act,
      reason: batch.decision.text,
      after: summary(batch, run),
    };
  });

export const sendBack = (needs: BatchesNeeds, asked: ActOnBatch, text: string): Promise<void> =>
  change(needs, 'send_back', asked, async (trx, { id }) => {
    await unsettleLines(trx, id);
    return { set: { state: 'draft', proposed_at: null, returned: text }, act: 'send_back', reason: text };
  });

export const cancel = (needs: BatchesNeeds, asked: ActOnBatch): Promise<void> =>
  change(needs, 'cancel', asked, () => ({ set: { state: 'cancelled' }, act: 'cancel' }));

/**
 * Stops what is being carried out. What was granted stays; the line that is being written at this moment is granted too. Once
 * whoever writes it has ended, the worker looks for organizations that entered the register for nothing.
 */
export const stop = (needs: BatchesNeeds, asked: ActOnBatch, text: string): Promise<void> =>
  change(needs, 'stop', asked, async (trx, { id }) => {
    const now = needs.clock();
    const leftOut = await leaveOutRest(trx, id, text, now);
    return {
      set: {
        state: 'done',
        ended_at: now,
        claimed_until: new Date(now.getTime() + limits.claimSeconds * 1000),
      },
      act: 'stop',
      reason: text,
      after: { leftOut },
    };
  });
