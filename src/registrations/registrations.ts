/**
 * registrations/: the file by which an organization asks for services, from its draft to the end of the right.
 *
 * What it does: keeps files as the sum of their events, lets applicants, operators and time act on them by the rules of
 * lifecycle.ts and legal-clock.ts (pure), writes the letters that each act sends (letters/), keeps the evidence
 * (evidence/), and turns what was decided into the rows of `approval` that `decide()` reads.
 *
 * Flow: a draft (drafts.ts) ──submit──▶ act() loads the file (open.ts), asks `transition()`, and writes event, projections
 * (projections.ts), approvals, letter, mail and audit entry in one transaction (perform.ts) ──▶ after its commit,
 * onAccessChanged(): whoever lost a right loses what was issued under it. turn.ts does what time brings about. queue.ts,
 * similar.ts, statistics.ts read the projections for the operators' console. Who may do what there is for `operators/`:
 * nothing here knows roles, only the perimeter that a list is limited to.
 *
 * May import: identity, declarations, register, eligibility, organizations, http (texts), audit, mail, storage, config,
 * errors.
 */
import { appendAudit } from '../audit/audit.ts';
import { lookAgain } from '../storage/storage.ts';
import type { Act, Actor, ApplicantActor, OperatorActor } from './act.ts';
import { organizationFacts } from './apply.ts';
import type { ContentProblem } from './content-problems.ts';
import type { DraftContent } from './content.ts';
import { deleteDraft, saveDraft, startDraft } from './drafts.ts';
import { createEvidencePurge } from './evidence/purge.ts';
import type { EvidencePiece, EvidenceRead } from './evidence/store.ts';
import { filesOfApplicant, filesOfOrganization } from './file-lists.ts';
import type { RegistrationFile } from './file.ts';
import { letterOf } from './letters-of.ts';
import type { LetterDocument } from './letters/document.ts';
import { transition } from './lifecycle.ts';
import type { RegistrationsNeeds, RightConcerned } from './needs.ts';
import { forItsApplicant, openFile, readFile, readRow } from './open.ts';
import type { FileSummary, LetterSent, Opened } from './opened.ts';
import { perform } from './perform.ts';
import type { ActRequest } from './perform.ts';
import { addMemberList, addPiece, pieceForOperator, pieceOfApplicant, removePiece } from './pieces.ts';
import { letterForApplicant, letterForOperator } from './read-letter.ts';
import type { PieceGiven } from './pieces.ts';
import { countQueue, readQueue } from './queue.ts';
import type { QueueCounts, QueuePage } from './queue.ts';
import type { Perimeter, QueueFilter, Viewer } from './queue-filter.ts';
import { createRightsWatch } from './rights-watch.ts';
import { approvalsOf, similarTo } from './similar.ts';
import type { ApprovalHeld, Similar } from './similar.ts';
import { readStatistics } from './statistics.ts';
import type { Statistics } from './statistics.ts';
import { draftProblems } from './submission.ts';
import type { MembersRead } from './members.ts';
import { createTurn } from './turn.ts';
import { isWithin } from './within-perimeter.ts';

export { actSchema, evidenceKinds, motives, proposalSchema, termsSchema } from './act.ts';
export type {
  Act,
  ActName,
  Actor,
  ApplicantActor,
  EvidenceKind,
  Motive,
  OperatorActor,
  Proposal,
  RegistrationEvent,
  Terms,
} from './act.ts';
export { approvalId, approvalRowOf } from './approval-rows.ts';
export { problemsOf } from './content-problems.ts';
export type { ContentContext, ContentField, ContentProblem, ProblemCode } from './content-problems.ts';
export { changedContent, draftContentSchema, emptyContent } from './content.ts';
export type { Contact, DraftContent } from './content.ts';
export { canRenew, mostDrafts } from './drafts.ts';
export { evidenceNames } from './evidence-names.ts';
export { recognizedFile } from './evidence/recognized-file.ts';
export { retention } from './evidence/retention.ts';
export { contentDisposition, sendEvidence } from './evidence/send.ts';
export type { EvidencePiece, EvidenceRead } from './evidence/store.ts';
export { examined, inForce, requestStates, suspended } from './file.ts';
export type { RegistrationFile, Request, RequestState } from './file.ts';
export { appealSilenceDay, courtLimit, motivesDay, withdrawalLimit } from './legal-clock.ts';
export { letterDigest } from './letters/document.ts';
export type { Block, LetterDocument } from './letters/document.ts';
export type { AuthorityFacts, LetterKind } from './letters/facts.ts';
export { letterPdf } from './letters/pdf.ts';
export { appealLimit, isOwn, possible, proposals, silenceDayOf, transition } from './lifecycle.ts';
export type { Circumstances, Refused } from './lifecycle.ts';
export { isMemberList, notJoined } from './joined.ts';
export { memberTemplate, readMembers } from './members.ts';
export type { MembersRead } from './members.ts';
export { motiveTexts } from './motives.ts';
export type { RegistrationsNeeds, RightConcerned, Silence } from './needs.ts';
export { readNumber } from './number.ts';
export type { FileSummary, LetterSent, Opened, RequestSummary, Stage } from './opened.ts';
export type { ActRequest } from './perform.ts';
export type { PieceGiven } from './pieces.ts';
export { refusal } from './refusals.ts';
export { filesPerPage, queueFilterSchema } from './queue-filter.ts';
export type { Perimeter, QueueFilter, Viewer } from './queue-filter.ts';
export type { QueueCounts, QueuePage } from './queue.ts';
export type { ApprovalHeld, Homonym, Similar } from './similar.ts';
export type { Counts, Statistics } from './statistics.ts';

export interface Registrations {
  /** @returns the number of a new draft, or of the one that is there for the same renewal */
  startDraft(
    applicant: ApplicantActor,
    about?: { readonly organization?: string | undefined; readonly renews?: string | undefined },
  ): Promise<string>;
  /** @param before what it said when it was read; M-FILE-002 when another tab changed it since */
  saveDraft(id: string, accountId: string, content: DraftContent, before?: DraftContent): Promise<void>;
  deleteDraft(id: string, accountId: string): Promise<void>;
  /** What has to be put right before a draft can be sent. */
  problems(opened: Opened): Promise<readonly ContentProblem[]>;
  addPiece(id: string, accountId: string, piece: PieceGiven): Promise<EvidencePiece>;
  /** The list of members in place of the one before, and what it shows. */
  addMemberList(id: string, accountId: string, read: MembersRead): Promise<void>;
  removePiece(id: string, accountId: string, piece: string): Promise<void>;
  /** Pieces and letters: rejects with M-FILE-001 for those of somebody else. */
  pieceOfApplicant(id: string, accountId: string, piece: string): Promise<EvidenceRead>;
  pieceForOperator(id: string, actor: OperatorActor, piece: string): Promise<EvidenceRead>;
  /** @param reading `asks`: a program that looks whether it is there, which opens nothing */
  letterForApplicant(
    id: string,
    accountId: string,
    letter: string,
    reading?: 'opens' | 'asks',
  ): Promise<LetterSent>;
  letterForOperator(id: string, letter: string): Promise<LetterSent>;

  ofApplicant(accountId: string): Promise<readonly FileSummary[]>;
  /** Undefined for the files of others; without what only prepares a decision. */
  forApplicant(id: string, accountId: string): Promise<Opened | undefined>;
  /** Undefined for drafts, and out of the perimeter when one is given. */
  forOperator(id: string, perimeter?: Perimeter): Promise<Opened | undefined>;
  /** The letter that this act would send; for a proposal, the one that its confirmation would. Undefined: none, or refused. */
  preview(opened: Opened, actor: Actor, act: Act): LetterDocument | undefined;
  act(request: ActRequest): Promise<RegistrationFile>;

  queue(filter: Partial<QueueFilter>, viewer: Viewer): Promise<QueuePage>;
  counts(viewer: Viewer): Promise<QueueCounts>;
  organizationFiles(id: string, perimeter: Perimeter): Promise<readonly FileSummary[]>;
  organizationApprovals(siren: string | undefined): Promise<readonly ApprovalHeld[]>;
  similar(opened: Opened, perimeter: Perimeter): Promise<Similar>;
  /** @param period civil days in Paris, both inclusive */
  statistics(
    period: { readonly from: string; readonly to: string },
    perimeter: Perimeter,
  ): Promise<Statistics>;

  /** What time and the registers have brought about, now. */
  turn(): Promise<void>;
  /** Has those who lost a right, by whomever, lose what was issued under it; now. */
  watchRights(): Promise<void>;
  /** Both, again and again. @returns what stops it, and resolves once what is under way has ended */
  start(every?: {
    readonly turnMs?: number | undefined;
    readonly rightsMs?: number | undefined;
  }): () => Promise<void>;
  /** For the purge: drafts and files whose time is over. */
  readonly purges: readonly ((limit: number) => Promise<number>)[];
}

/** A minute is soon enough for what is counted in days. */
const turnMs = 60_000;
/** With the 30 s that a process may believe what it remembers, a right that ended is over everywhere within 60 s. */
const rightsMs = 20_000;

export function createRegistrations(needs: RegistrationsNeeds): Registrations {
  const { db, clock, logger } = needs;
  const watch = createRightsWatch(needs);
  const doTurn = createTurn(needs);
  const underWay = new Set<Promise<void>>();

  async function tell(right: RightConcerned): Promise<void> {
    try {
      await needs.onAccessChanged(right);
    } catch (error) {
      // The sweep of this process or of another one asks again.
      logger.error(
        { event: 'registration.access', err: error, ...right },
        'the end of a right did not take effect',
      );
    }
  }

  /** Nobody who decides waits for the tools of thousands of people. */
  function announce(rights: readonly RightConcerned[]): void {
    if (rights.length === 0) return;
    needs.onCommit?.();
    const work = (async () => {
      for (const right of rights) await tell(right);
    })().finally(() => underWay.delete(work));
    underWay.add(work);
  }

  async function turn(): Promise<void> {
    announce(await doTurn());
    needs.onCommit?.();
  }
  async function watchRights(): Promise<void> {
    for (const right of await watch.look()) await tell(right);
  }

  const evidencePurge = createEvidencePurge({
    db,
    clock,
    fileOf: async (trx, id) => {
      const row = await readRow(trx, id);
      return row === undefined ? undefined : readFile(trx, row);
    },
    record: async (trx, at, { id, what, pieces }) => {
      await appendAudit(trx, at, [
        {
          act: what === 'draft' ? 'draft.purge' : 'file.destroy',
          subject: `registration:${id}`,
          actor: { kind: 'clock' },
          after: { pieces: pieces.map((piece) => ({ id: piece.id, sha256: piece.sha256 })) },
        },
      ]);
    },
  });

  return {
    startDraft: (applicant, about) => startDraft(needs, applicant, about),
    saveDraft: (id, accountId, content, before) => saveDraft(needs, id, accountId, content, before),
    deleteDraft: (id, accountId) => deleteDraft(needs, id, accountId),
    problems: ({ file: { id, accountId }, content, organization }) =>
      draftProblems(needs, db, { id, accountId, content, organization }),
    addPiece: (id, accountId, piece) => addPiece(needs, id, accountId, piece),
    addMemberList: (id, accountId, read) => addMemberList(needs, id, accountId, read),
    removePiece: (id, accountId, piece) => removePiece(needs, id, accountId, piece),
    pieceOfApplicant: (id, accountId, piece) => pieceOfApplicant(needs, id, accountId, piece),
    pieceForOperator: (id, actor, piece) => pieceForOperator(needs, id, actor, piece),
    letterForApplicant: (id, accountId, letter, reading) =>
      letterForApplicant(needs, id, accountId, letter, reading),
    letterForOperator: (id, letter) => letterForOperator(needs, id, letter),

    ofApplicant: (accountId) => filesOfApplicant(db, accountId),
    async forApplicant(id, accountId) {
      const row = await readRow(db, id);
      return row?.accountId === accountId ? forItsApplicant(await openFile(needs, row)) : undefined;
    },
    async forOperator(id, perimeter) {
      const row = await readRow(db, id);
      if (row === undefined || row.version === 0) return undefined;
      if (perimeter !== undefined && !(await isWithin(db, id, perimeter))) return undefined;
      return openFile(needs, row);
    },
    preview(opened, actor, act) {
      const { file: before, circumstances, organization, content, evidence } = opened;
      const outcome = transition(before, { actor, act, at: clock() }, circumstances);
      if (outcome.kind === 'refused') return undefined;
      const { file } = outcome;
      const facts = organizationFacts(organization, opened.held);
      return letterOf(needs, { before, file, actor, act, content, organization: facts, evidence })?.document;
    },
    async act(request) {
      const { file, rights } = await perform(needs, request);
      announce(rights);
      if (rights.length === 0) needs.onCommit?.();
      return file;
    },

    queue: (filter, viewer) => readQueue(needs, filter, viewer),
    counts: (viewer) => countQueue(needs, viewer),
    organizationFiles: (id, perimeter) => filesOfOrganization(db, id, perimeter),
    organizationApprovals: (siren) => approvalsOf(db, siren),
    similar: (opened, perimeter) => similarTo(db, opened, perimeter),
    statistics: (period, perimeter) => readStatistics(db, period, perimeter),

    turn,
    watchRights,
    start(every = {}) {
      const onProblem = (what: string) => (error: unknown) =>
        logger.error({ event: 'registration.turn', err: error }, what);
      const loops = [
        lookAgain({
          read: turn,
          pollMs: every.turnMs ?? turnMs,
          onProblem: onProblem('files could not be brought up to date'),
        }),
        lookAgain({
          read: watchRights,
          pollMs: every.rightsMs ?? rightsMs,
          onProblem: onProblem('rights could not be looked at'),
        }),
      ];
      return async () => {
        for (const loop of loops) loop.stop();
        await Promise.all(underWay);
      };
    },
    purges: [evidencePurge.drafts, evidencePurge.files],
  };
}
