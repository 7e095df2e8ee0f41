/**
 * batches/: one decision for many organizations: a list, its dry run, two people, its carrying out, and the way back.
 *
 * What it does: keeps lots (rows.ts) with what may be done to each by whom (rules.ts, pure); reads the list that somebody
 * sends (read-list.ts) and says, line by line, what the lot would do and why not (judge.ts, pure), from the registers and
 * the files as they are at each reading (known.ts). It grants nothing itself: registrations/ does, a file an organization.
 *
 * A line may describe an organization that no register holds (newcomer.ts, pure; the columns and the reading are those of
 * importers/): it enters the register when its line is carried out (enter-register.ts), and leaves it when the line is taken
 * back, unless something else has come to depend on it (leave-register.ts).
 *
 * Flow: author ──▶ decision, list ──▶ dry run (examine.ts) with a digest of all that it shows ──▶ propose ──▶ a second person
 * confirms that digest (up to ten organizations: one person) ──▶ change.ts marks what is asked of each line ──▶
 * carry-out.ts: `registrations.grant`, a transaction a line, by whichever process comes first ──▶ and back: asked by one,
 * agreed to by another, `registrations.takeBack` for each file in which nothing has happened since: first its notice, and,
 * fifteen days later, once somebody has read that nobody answered, the withdrawal (CRPA art. L121-1, L242-1).
 * Whoever proposed something is still in charge when it is confirmed (charge.ts); one decider stops, or gives up. Whoever may
 * confirm is told by a mail (lot-mail.ts).
 *
 * May import: registrations, identity, importers, register, eligibility, organizations, http (words of mails), audit, mail, storage, config, errors. It
 * knows no roles: whoever calls says how far the viewer sees.
 */
import { BrokerError } from '../errors/errors.ts';
import type { OperatorActor } from '../registrations/registrations.ts';
import type { WorkingOff } from '../storage/storage.ts';
import { createCarryingOut } from './carry-out.ts';
import { leftAlone } from './alone.ts';
import { abandonUndo, confirmUndo, endUndo, finishUndo, proposeUndo } from './change-undo.ts';
import { cancel, decide, propose, saveDecision, saveList, sendBack } from './change.ts';
import { standing, startBatch, stop } from './change.ts';
import type { ActOnBatch } from './change.ts';
import type { BatchDecision } from './decision.ts';
import { dryRun, isVisible } from './examine.ts';
import type { DryRun, Viewer } from './examine.ts';
import { letterOf } from './letter-of-line.ts';
import type { LetterOfLine } from './letter-of-line.ts';
import { listBatches, waitingFor } from './list.ts';
import type { BatchesListed } from './list.ts';
import type { BatchesNeeds } from './needs.ts';
import type { ListProblem } from './read-list.ts';
import { purgeBatches } from './purge.ts';
import { readBatch, readLines } from './rows.ts';
import type { Batch, KeptLine } from './rows.ts';
import { possibleActs } from './rules.ts';
import type { BatchAct } from './rules.ts';

export { batchDecisionSchema, beginsOn, endProblem } from './decision.ts';
export type { BatchDecision, DaysProblem } from './decision.ts';
export type { ActOnBatch } from './change.ts';
export { toEnter, toGrant } from './examine.ts';
export { waitsFor } from './letter-of-line.ts';
export type { Confirmer, DryRun, Viewer } from './examine.ts';
export { lineReasons, verdicts } from './judge.ts';
export type { Change, Judged, LineReason, Place, Verdict } from './judge.ts';
export type { BatchesListed, BatchSummary } from './list.ts';
export type { BatchesNeeds } from './needs.ts';
export { listProblems } from './read-list.ts';
export type { ListProblem } from './read-list.ts';
export { cellWords } from './cell-words.ts';
export { reasonWords, stayWords } from './reason-words.ts';
export type { Difference } from './compare-facts.ts';
export { listTemplate, rejectsCsv } from './rejects.ts';
export { outcomes } from './rows.ts';
export type { Batch, Entry, KeptLine, Outcome } from './rows.ts';
export { limits } from './rules.ts';
export type { BatchAct, BatchState } from './rules.ts';

/** A lot in front of somebody. */
export interface OpenedBatch {
  readonly batch: Batch;
  /** Of a draft and of what is proposed. */
  readonly run: DryRun | undefined;
  /** Of what was decided: what became of each line, in the order of the list. */
  readonly lines: readonly KeptLine[];
  /** What this person could do now, were it for the lot alone. */
  readonly possible: readonly BatchAct[];
  /** About how many organizations they may still decide alone today. */
  readonly alone: number;
}

export interface Batches {
  /** @returns the number of a new lot */
  start(decision: BatchDecision, actor: OperatorActor): Promise<string>;
  saveDecision(asked: ActOnBatch, decision: BatchDecision): Promise<void>;
  /** @returns why it is no list, when it is none: nothing is kept of it */
  saveList(
    asked: ActOnBatch,
    file: { readonly name: string; readonly bytes: Buffer },
  ): Promise<ListProblem | undefined>;
  /** @throws BrokerError M-BULK-001 for what does not exist, and for what lies out of the perimeter */
  open(id: string, viewer: Viewer): Promise<OpenedBatch>;
  /** The newest first. */
  list(viewer: Viewer, of: { readonly isBounded: boolean; readonly page?: number }): Promise<BatchesListed>;
  /** How many lots and taking backs wait for this very person to confirm them. */
  waiting(viewer: Viewer): Promise<number>;
  letterOf(opened: OpenedBatch, viewer: Viewer, line: number): Promise<LetterOfLine>;
  propose(asked: ActOnBatch, digest: string): Promise<void>;
  /** By the author alone, of few lines; or by the second person. */
  decide(act: 'carry_out' | 'confirm', asked: ActOnBatch, digest: string): Promise<void>;
  sendBack(asked: ActOnBatch, text: string): Promise<void>;
  cancel(asked: ActOnBatch): Promise<void>;
  /** While it is carried out: what is left is left out. */
  stop(asked: ActOnBatch, text: string): Promise<void>;
  proposeUndo(asked: ActOnBatch, why: { readonly text: string; readonly rule: string }): Promise<void>;
  /** Has the organizations told, and heard. */
  confirmUndo(asked: ActOnBatch): Promise<void>;
  finishUndo(asked: ActOnBatch): Promise<void>;
  endUndo(act: 'decline_undo' | 'cancel_undo', asked: ActOnBatch, text?: string): Promise<void>;
  /** After the organizations were told: each file is decided about by itself. */
  abandonUndo(asked: ActOnBatch, text: string): Promise<void>;
  /** The lot that granted a file. */
  ofFile(registration: string): Promise<string | undefined>;
  /** Carries out what was decided, beside the requests. */
  readonly carryingOut: WorkingOff;
  /** Of lots that nobody carried out, whose time is over. */
  purge(limit: number): Promise<number>;
}

export function createBatches(needs: BatchesNeeds): Batches {
  const { db, clock } = needs;
  const carryingOut = createCarryingOut(needs);
  /** Nobody waits for the next look. */
  const thenWork = async (work: Promise<void>): Promise<void> => {
    await work;
    carryingOut.wake();
  };
  const thenSend = async (work: Promise<void>): Promise<void> => {
    await work;
    needs.onCommit();
  };

  return {
    start: (decision, actor) => startBatch(needs, decision, actor),
    saveDecision: (asked, decision) => saveDecision(needs, asked, decision),
    saveList: (asked, file) => saveList(needs, asked, file),
    async open(id, viewer) {
      const batch = await readBatch(db, id);
      const isOpen = batch?.state === 'draft' || batch?.state === 'proposed';
      const run = batch !== undefined && isOpen ? await dryRun(db, needs, batch, viewer) : undefined;
      if (batch === undefined || !(await isVisible(db, batch, viewer, run)))
        throw new BrokerError('M-BULK-001', { detail: `${viewer.actor.id}: ${id}` });
      return {
        batch,
        run,
        lines: run === undefined ? await readLines(db, id) : [],
        possible: possibleActs(standing(batch, viewer), viewer.actor),
        alone: batch.state === 'draft' ? await leftAlone(db, viewer.actor, clock()) : 0,
      };
    },
    list: (viewer, of) => listBatches(db, viewer, of),
    waiting: (viewer) => waitingFor(db, viewer),
    letterOf: (opened, viewer, line) => letterOf(needs, opened, viewer, line),
    propose: (asked, digest) => thenSend(propose(needs, asked, digest)),
    decide: (act, asked, digest) => thenWork(decide(needs, act, asked, digest)),
    sendBack: (asked, text) => sendBack(needs, asked, text),
    cancel: (asked) => cancel(needs, asked),
    stop: (asked, text) => stop(needs, asked, text),
    proposeUndo: (asked, why) => thenSend(proposeUndo(needs, asked, why)),
    confirmUndo: (asked) => thenWork(confirmUndo(needs, asked)),
    finishUndo: (asked) => thenWork(finishUndo(needs, asked)),
    endUndo: (act, asked, text) => endUndo(needs, act, asked, text),
    abandonUndo: (asked, text) => abandonUndo(needs, asked, text),
    async ofFile(registration) {
      const row = await db
        .selectFrom('batch_line')
        .select('batch_id')
        .where('registration', '=', registration)
        .executeTakeFirst();
      return row?.batch_id;
    },
    carryingOut,
    purge: (limit) => purgeBatches(db, clock(), limit),
  };
}
