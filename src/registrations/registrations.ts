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
 * nothing here knows roles, only the perimeter that a list is limited to, and that of whoever proposed what another confirms.
 *
 * May import: identity, declarations, register, eligibility, organizations, http (texts), audit, mail, storage, config,
 * errors.
 */
import { lookAgain } from '../storage/storage.ts';
import { organizationFacts } from './apply.ts';
import type { Performed } from './apply.ts';
import { declaredEnding } from './declared-ending.ts';
import { deleteDraft, isOpenTo, saveDraft, startDraft } from './drafts.ts';
import { createPurges } from './purges.ts';
import { filesOfApplicant, filesOfOrganization, filesOpenedFor } from './file-lists.ts';
import type { RegistrationFile } from './file.ts';
import { letterOf } from './letters-of.ts';
import { transition } from './lifecycle.ts';
import type { RegistrationsNeeds, RightConcerned } from './needs.ts';
import type { Registrations } from './offers.ts';
import { grant, previewGrant } from './grant.ts';
import { forItsApplicant, openFile, readRow } from './open.ts';
import { perform } from './perform.ts';
import { addMemberList, addPiece, pieceForOperator, pieceOfApplicant, removePiece } from './pieces.ts';
import { letterForApplicant, letterForOperator, letterForOrganization, postedLetter } from './read-letter.ts';
import { countQueue, readQueue } from './queue.ts';
import { createRightsWatch } from './rights-watch.ts';
import { approvalsOf, similarTo } from './similar.ts';
import { readStatistics } from './statistics.ts';
import { draftProblems } from './submission.ts';
import { impactOfFiles, impactOn } from './impact.ts';
import { previewTakeBack, takeBack } from './take-back.ts';
import { createTurn } from './turn.ts';
import { isWithin, toLookAt } from './within-perimeter.ts';

export {
  actSchema,
  evidenceKinds,
  motives,
  operatorActorSchema,
  proposalSchema,
  seenFindingsSchema,
  termsSchema,
} from './act.ts';
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
  SeenFinding,
  Terms,
} from './act.ts';
export { contestedBy, isAppealPending, isOfFormerDecision, mayReverse } from './appeals.ts';
export { approvalId } from './approval-id.ts';
export { approvalRowOf } from './approval-rows.ts';
export { problemsOf } from './content-problems.ts';
export type { ContentContext, ContentField, ContentProblem, ProblemCode } from './content-problems.ts';
export { changedContent, draftContentSchema, emptyContent } from './content.ts';
export type { Contact, DraftContent } from './content.ts';
export type { DeclaredEnding } from './declared-ending.ts';
export { canRenew, mostDrafts } from './drafts.ts';
export { evidenceNames } from './evidence-names.ts';
export { recognizedFile } from './evidence/recognized-file.ts';
export { destroyedContent } from './destroy-file.ts';
export { retention } from './evidence/retention.ts';
export { contentDisposition, sendEvidence } from './evidence/send.ts';
export type { EvidencePiece, EvidenceRead } from './evidence/store.ts';
export type { GrantPreviewed, GrantRequest } from './grant.ts';
export type { TakeBackRequest } from './take-back.ts';
export type { Impact } from './impact.ts';
export { examined, inForce, requestStates, suspended } from './file.ts';
export type { RegistrationFile, Request, RequestState } from './file.ts';
export { lackingReceipt } from './lacking-receipt.ts';
export { appealSilenceDay, courtLimit, motivesDay, withdrawalLimit } from './legal-clock.ts';
export { letterDigest } from './letters/document.ts';
export type { Block, LetterDocument } from './letters/document.ts';
export type { AuthorityFacts, LetterKind } from './letters/facts.ts';
export { letterPdf } from './letters/pdf.ts';
export {
  appealLimit,
  isOutOfCharge,
  isOwn,
  possible,
  proposals,
  silenceDayOf,
  transition,
} from './lifecycle.ts';
export type { Circumstances, Refused } from './lifecycle.ts';
export { isMemberList, notJoined } from './joined.ts';
export { memberTemplate, readMembers, textOf as listText } from './members.ts';
export type { MembersRead } from './members.ts';
export { motiveTexts } from './motives.ts';
export type { Registrations } from './offers.ts';
export type { RegistrationsNeeds, RightConcerned, Silence } from './needs.ts';
export { newNumber, readNumber } from './number.ts';
export type { RegisterFinding } from './moved.ts';
export { isPreparatory } from './open.ts';
export type { FileSummary, LetterSent, Opened, RequestSummary, Stage } from './opened.ts';
export { ofPerson } from './of-person.ts';
export type { FileOfPerson } from './of-person.ts';
export type { ActRequest } from './perform.ts';
export type { PieceGiven } from './pieces.ts';
export { refusal } from './refusals.ts';
export { representation, representatives } from './representatives.ts';
export type { Representative } from './representatives.ts';
export { filesPerPage, queueFilterSchema } from './queue-filter.ts';
export type { Perimeter, QueueFilter, Viewer } from './queue-filter.ts';
export type { QueueCounts, QueuePage } from './queue.ts';
export type { ApprovalHeld, Homonym, Similar } from './similar.ts';
export { standingsOf } from './standings.ts';
export type { Standings } from './standings.ts';
export type { Counts, Statistics } from './statistics.ts';

/** A minute is soon enough for what is counted in days. */
const turnMs = 60_000;
/** With the 30 s that a process may believe what it remembers, a right that ended is over everywhere within 60 s. */
const rightsMs = 20_000;

export function createRegistrations(needs: RegistrationsNeeds): Registrations {
  const { db, clock, logger } = needs;
  const watch = createRightsWatch({ db, clock, policies: () => needs.snapshot().policies });
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

  async function done(work: Promise<Performed>): Promise<RegistrationFile> {
    const { file, rights } = await work;
    announce(rights);
    if (rights.length === 0) needs.onCommit?.();
    return file;
  }

  async function turn(): Promise<void> {
    announce(await doTurn());
    needs.onCommit?.();
  }
  async function watchRights(): Promise<void> {
    for (const right of await watch.look()) await tell(right);
  }

  return {
    startDraft: (applicant, about) => startDraft(needs, applicant, about),
    saveDraft: (id, accountId, content, before) => saveDraft(needs, id, accountId, content, before),
    deleteDraft: (id, accountId) => deleteDraft(needs, id, accountId),
    problems: ({ file: { id, accountId }, content, organization }) =>
      draftProblems(needs, db, { id, accountId: accountId ?? '', content, organization }),
    addPiece: (id, accountId, piece) => addPiece(needs, id, accountId, piece),
    addMemberList: (id, accountId, read) => addMemberList(needs, id, accountId, read),
    removePiece: (id, accountId, piece) => removePiece(needs, id, accountId, piece),
    pieceOfApplicant: (id, accountId, piece) => pieceOfApplicant(needs, id, accountId, piece),
    pieceForOperator: (id, actor, piece) => pieceForOperator(needs, id, actor, piece),
    letterForApplicant: (id, accountId, letter, reading) =>
      letterForApplicant(needs, id, accountId, letter, reading),
    letterForOrganization: (id, sirens, letter) => letterForOrganization(needs, id, sirens, letter),
    postedLetter: (id, actor, letter) => postedLetter(needs, id, actor, letter),
    letterForOperator: (id, letter) => letterForOperator(needs, id, letter),

    ofApplicant: (accountId) => filesOfApplicant(db, accountId),
    async forApplicant(id, accountId) {
      const row = await readRow(db, id);
      return row?.accountId === accountId ? forItsApplicant(await openFile(needs, row)) : undefined;
    },
    openedFor: (sirens) => filesOpenedFor(db, sirens),
    async forOrganization(id, sirens) {
      const row = await readRow(db, id);
      return row !== undefined && isOpenTo(row, sirens)
        ? forItsApplicant(await openFile(needs, row))
        : undefined;
    },
    async forOperator(id, perimeter) {
      const row = await readRow(db, id);
      if (row === undefined || row.version === 0) return undefined;
      if (perimeter === undefined) return openFile(needs, row);
      return (await isWithin(db, id, perimeter))
        ? toLookAt(await openFile(needs, row), perimeter)
        : undefined;
    },
    preview(opened, actor, act) {
      const { file: before, circumstances, organization, content, evidence } = opened;
      const outcome = transition(before, { actor, act, at: clock() }, circumstances);
      if (outcome.kind === 'refused') return undefined;
      const { file } = outcome;
      const facts = organizationFacts(organization, opened.held);
      return letterOf(needs, { before, file, actor, act, content, organization: facts, evidence })?.document;
    },
    act: (request) => done(perform(needs, request)),
    grant: (request) => done(grant(needs, request)),
    previewGrant: (request) => previewGrant(needs, request),
    takeBack: (request) => done(takeBack(needs, request)),
    previewTakeBack: (opened, request) => previewTakeBack(needs, opened, request),

    queue: (filter, viewer) => readQueue(needs, filter, viewer),
    counts: (viewer) => countQueue(needs, viewer),
    organizationFiles: (id, perimeter) => filesOfOrganization(db, id, perimeter),
    declaredEnding: () => declaredEnding(needs),
    organizationApprovals: (siren) => approvalsOf(db, siren),
    impact: (siren, services) => impactOn(needs, siren, services),
    impactOfFiles: (ids) => impactOfFiles(needs, ids),
    similar: (opened, perimeter) => similarTo(db, opened, perimeter),
    statistics: (period, perimeter) => readStatistics(needs, period, perimeter),
    examinationTargetDays: needs.examinationTargetDays,

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
    purges: createPurges(needs),
  };
}
