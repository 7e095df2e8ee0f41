import type { Act, Actor, ApplicantActor, OperatorActor } from './act.ts';
import type { ContentProblem } from './content-problems.ts';
import type { DraftContent } from './content.ts';
import type { DeclaredEnding } from './declared-ending.ts';
import type { DraftAbout } from './drafts.ts';
import type { EvidencePiece, EvidenceRead } from './evidence/store.ts';
import type { RegistrationFile } from './file.ts';
import type { GrantPreviewed, GrantRequest } from './grant.ts';
import type { Impact } from './impact.ts';
import type { LetterDocument } from './letters/document.ts';
import type { MembersRead } from './members.ts';
import type { FileSummary, LetterSent, Opened } from './opened.ts';
import type { ActRequest } from './perform.ts';
import type { PieceGiven } from './pieces.ts';
import type { QueueCounts, QueuePage } from './queue.ts';
import type { Perimeter, QueueFilter, Viewer } from './queue-filter.ts';
import type { ApprovalHeld, Similar } from './similar.ts';
import type { Statistics } from './statistics.ts';
import type { TakeBackRequest } from './take-back.ts';

/** What the room does for the others. */
export interface Registrations {
  /** @returns the number of a new draft, or of the one that is there for the same renewal */
  startDraft(applicant: ApplicantActor, about?: DraftAbout): Promise<string>;
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
  /** Of a file that the administration opened. @param sirens organizations of the sign-in */
  letterForOrganization(id: string, sirens: readonly string[], letter: string): Promise<LetterSent>;
  /** Says that a letter without an address was posted. */
  postedLetter(id: string, actor: OperatorActor, letter: string): Promise<void>;

  ofApplicant(accountId: string): Promise<readonly FileSummary[]>;
  /** Undefined for the files of others; without what only prepares a decision. */
  forApplicant(id: string, accountId: string): Promise<Opened | undefined>;
  /** Files that the administration opened for these organizations, and one of them. @param sirens of the sign-in */
  openedFor(sirens: readonly string[]): Promise<readonly FileSummary[]>;
  forOrganization(id: string, sirens: readonly string[]): Promise<Opened | undefined>;
  /** Undefined for drafts, and out of the perimeter when one is given. */
  forOperator(id: string, perimeter?: Perimeter): Promise<Opened | undefined>;
  /** The letter that this act would send; for a proposal, the one that its confirmation would. Undefined: none, or refused. */
  preview(opened: Opened, actor: Actor, act: Act): LetterDocument | undefined;
  act(request: ActRequest): Promise<RegistrationFile>;

  /** Opens a file on the administration's own initiative and approves it: one organization of a lot, once. */
  grant(request: GrantRequest): Promise<RegistrationFile>;
  /** What `grant` would refuse, or the letter that it would send. */
  previewGrant(request: GrantRequest): Promise<GrantPreviewed>;
  /** Announces that what a lot granted is taken back; asked again after the hearing, takes it back (CRPA art. L242-1). */
  takeBack(request: TakeBackRequest): Promise<RegistrationFile>;
  /** The letter that it would send; undefined when it would be refused. */
  previewTakeBack(opened: Opened, request: Omit<TakeBackRequest, 'id'>): LetterDocument | undefined;

  queue(filter: Partial<QueueFilter>, viewer: Viewer): Promise<QueuePage>;
  counts(viewer: Viewer): Promise<QueueCounts>;
  organizationFiles(id: string, perimeter: Perimeter): Promise<readonly FileSummary[]>;
  /** Rights that the configuration declares, in their last ninety days; the first to end first. */
  declaredEnding(): Promise<readonly DeclaredEnding[]>;
  organizationApprovals(siren: string | undefined): Promise<readonly ApprovalHeld[]>;
  /** Whom the end of a right concerns. @param services only their tools; undefined: all */
  impact(siren: string | undefined, services?: readonly string[]): Promise<Impact>;
  /** Whom it concerns that every right of these files ends, however many they are. */
  impactOfFiles(ids: readonly string[]): Promise<Impact>;
  similar(opened: Opened, perimeter: Perimeter): Promise<Similar>;
  /** @param period civil days in Paris, both inclusive */
  statistics(
    period: { readonly from: string; readonly to: string },
    perimeter: Perimeter,
  ): Promise<Statistics>;
  /** Days, from the receipt, within which a request should be decided. */
  readonly examinationTargetDays: number;

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
