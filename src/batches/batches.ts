/**
 * batches/: one decision for many organizations: a list, its dry run, two people, its carrying out, and the way back.
 *
 * What it does: keeps lots (rows.ts) with what may be done to each by whom (rules.ts, pure); reads the list that somebody
 * sends (read-list.ts) and says, line by line, what the lot would do and why not (judge.ts, pure), from the registers and
 * the files as they are at each reading (known.ts). It grants nothing itself: registrations/ does, a file an organization.
 *
 * Flow: author ──▶ decision, list ──▶ dry run (examine.ts) with a digest of all that it shows ──▶ propose ──▶ a second person
 * confirms that digest (up to ten organizations: one person) ──▶ change.ts marks what is asked of each line ──▶
 * carry-out.ts: `registrations.grant`, a transaction a line, by whichever process comes first ──▶ and back: asked by one,
 * agreed to by another, `registrations.takeBack` for each file in which nothing has happened since: first its notice, and,
 * fifteen days later, once somebody has read that nobody answered, the withdrawal (CRPA art. L121-1, L242-1).
 *
 * May import: registrations, identity, importers, register, eligibility, organizations, audit, storage, config, errors. It
 * knows no roles: whoever calls says how far the viewer sees.
 */
import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import type { ApprovalHeld, LetterDocument, OperatorActor } from '../registrations/registrations.ts';
import type { WorkingOff } from '../storage/storage.ts';
import { createCarryingOut } from './carry-out.ts';
import { cancel, confirmUndo, decide, endUndo, finishUndo, propose, proposeUndo } from './change.ts';
import { saveDecision, saveList, sendBack, startBatch } from './change.ts';
import type { ActOnBatch } from './change.ts';
import { termsFor, writtenReasons } from './decision.ts';
import type { BatchDecision } from './decision.ts';
import { dryRun, isVisible } from './examine.ts';
import type { DryRun, Viewer } from './examine.ts';
import { listBatches } from './list.ts';
import type { BatchSummary } from './list.ts';
import type { BatchesNeeds } from './needs.ts';
import type { ListProblem } from './read-list.ts';
import { purgeBatches } from './purge.ts';
import { readBatch, readLines } from './rows.ts';
import type { Batch, KeptLine } from './rows.ts';
import { possibleActs } from './rules.ts';
import type { BatchAct } from './rules.ts';
import { typedDay } from './typed-day.ts';

export { batchDecisionSchema, beginsOn, endProblem } from './decision.ts';
export type { BatchDecision, DaysProblem } from './decision.ts';
export type { ActOnBatch } from './change.ts';
export { toGrant } from './examine.ts';
export type { DryRun, Viewer } from './examine.ts';
export { lineReasons, verdicts } from './judge.ts';
export type { Change, Judged, LineReason, Place, Verdict } from './judge.ts';
export type { BatchSummary } from './list.ts';
export type { BatchesNeeds } from './needs.ts';
export { listProblems } from './read-list.ts';
export type { ListProblem } from './read-list.ts';
export { reasonWords } from './reason-words.ts';
export { listTemplate, rejectsCsv } from './rejects.ts';
export { outcomes } from './rows.ts';
export type { Batch, KeptLine, Outcome } from './rows.ts';
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
}

/** What one line would send: nothing is sent that could not be read before. */
export interface LetterOfLine {
  readonly line: number;
  readonly name: string;
  readonly email: string | undefined;
  readonly letter: LetterDocument | undefined;
  /** Why there is none. */
  readonly refused: ErrorCode | undefined;
  readonly before: readonly ApprovalHeld[];
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
  list(viewer: Viewer, isBounded: boolean): Promise<readonly BatchSummary[]>;
  letterOf(opened: OpenedBatch, viewer: Viewer, line: number): Promise<LetterOfLine>;
  propose(asked: ActOnBatch, digest: string): Promise<void>;
  /** By the author alone, of few lines; or by the second person. */
  decide(act: 'carry_out' | 'confirm', asked: ActOnBatch, digest: string): Promise<void>;
  sendBack(asked: ActOnBatch, text: string): Promise<void>;
  cancel(asked: ActOnBatch): Promise<void>;
  proposeUndo(asked: ActOnBatch, why: { readonly text: string; readonly rule: string }): Promise<void>;
  /** Has the organizations told, and heard. */
  confirmUndo(asked: ActOnBatch): Promise<void>;
  finishUndo(asked: ActOnBatch): Promise<void>;
  endUndo(act: 'decline_undo' | 'cancel_undo', asked: ActOnBatch, text?: string): Promise<void>;
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
      const { state, author, undo } = batch;
      return {
        batch,
        run,
        lines: run === undefined ? await readLines(db, id) : [],
        possible: possibleActs({ state, author, undoAuthor: undo?.author }, viewer.actor),
      };
    },
    list: (viewer, isBounded) => listBatches(db, viewer, isBounded),
    letterOf: (opened, viewer, line) => letterOf(needs, opened, viewer, line),
    propose: (asked, digest) => propose(needs, asked, digest),
    decide: (act, asked, digest) => thenWork(decide(needs, act, asked, digest)),
    sendBack: (asked, text) => sendBack(needs, asked, text),
    cancel: (asked) => cancel(needs, asked),
    proposeUndo: (asked, why) => proposeUndo(needs, asked, why),
    confirmUndo: (asked) => thenWork(confirmUndo(needs, asked)),
    finishUndo: (asked) => thenWork(finishUndo(needs, asked)),
    endUndo: (act, asked, text) => endUndo(needs, act, asked, text),
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

/** Signed by whoever would decide: of a lot that waits for a second person, by whoever looks when it is not its author. */
async function letterOf(
  { registrations, clock }: BatchesNeeds,
  { batch, run }: OpenedBatch,
  { actor }: Viewer,
  line: number,
): Promise<LetterOfLine> {
  const found = run?.judged.find((one) => one.line === line);
  const organization = found?.organization;
  if (found === undefined || organization === undefined || found.changes.length === 0)
    throw new BrokerError('M-BULK-001', { detail: `${batch.id}: no letter for line ${line}` });
  const own = typedDay(found.cells.endsOn);
  const terms = termsFor(batch.decision, parisDate(clock()), own);
  const { letter, refused, before } = await registrations.previewGrant({
    lot: batch.id,
    organization: organization.id,
    services: found.changes.map(({ service }) => ({ service, terms })),
    text: writtenReasons(batch.decision),
    contact: found.email,
    ...(batch.author.id !== actor.id && { proposedBy: batch.author }),
    actor,
  });
  return { line, name: organization.name, email: found.email, letter, refused, before };
}
