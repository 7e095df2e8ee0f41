import type { DraftContent } from './content.ts';
import type { EvidencePiece } from './evidence/store.ts';
import type { RegistrationFile, RequestState } from './file.ts';
import type { LetterDocument } from './letters/document.ts';
import type { Circumstances } from './lifecycle.ts';
import type { RegisterFinding } from './moved.ts';
import type { HeldRow } from './open.ts';
import type { OrganizationPage } from '../register/register.ts';

/** A letter as it was sent. */
export interface LetterSent {
  readonly id: string;
  readonly registration: string;
  /** The event that it tells. */
  readonly seq: number;
  readonly kind: string;
  readonly document: LetterDocument;
  readonly sha256: string;
  readonly createdAt: Date;
  /** When its addressee first opened it: proof of notification. */
  readonly readAt: Date | undefined;
  /** No address is known to send it to, or its mail was given up before somebody opened it on its page: somebody posts it. */
  readonly toPost: boolean;
  readonly postedAt: Date | undefined;
  /** Id of the operator who posted it. */
  readonly postedBy: string | undefined;
  /** When its mail was given up. */
  readonly undeliveredAt: Date | undefined;
}

/** One file and what is beside it. */
export interface Opened {
  readonly file: RegistrationFile;
  /** As it was sent; for a draft, as it is now. */
  readonly content: DraftContent;
  readonly evidence: readonly EvidencePiece[];
  /** The oldest first. */
  readonly letters: readonly LetterSent[];
  /** As it was called when the file was last written. */
  readonly held: Pick<HeldRow, 'organization' | 'organizationName' | 'siren'>;
  /** Of the register, now; undefined when it does not hold it. */
  readonly organization: OrganizationPage | undefined;
  readonly circumstances: Circumstances;
  /** What the register says of its rights since they were decided, seen or not. */
  readonly findings: readonly RegisterFinding[];
  /** The organization has taken away from whoever sent the file that they act for it. */
  readonly senderRevoked?: boolean | undefined;
  /** The former file that this one renews. */
  readonly renews: string | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type Stage = 'draft' | 'examination' | 'decided' | 'ended';

export interface RequestSummary {
  readonly service: string;
  readonly state: RequestState;
  /** A second person has to confirm. */
  readonly proposed: boolean;
  /** An appeal waits for its answer, whatever the state. */
  readonly contested?: boolean | undefined;
  /** Last day of the approval. */
  readonly endsOn: string | undefined;
}

/** One line of a list. */
export interface FileSummary {
  readonly id: string;
  /** Who sent it; undefined: the administration opened it on its own initiative. */
  readonly accountId: string | undefined;
  readonly stage: Stage;
  readonly version: number;
  /** Id in the register. */
  readonly organization: string | undefined;
  readonly siren: string | undefined;
  readonly organizationName: string | undefined;
  readonly organizationType: string | undefined;
  readonly department: string | undefined;
  readonly requests: readonly RequestSummary[];
  readonly submittedAt: Date | undefined;
  /** Civil day in Paris until which an answer is due; undefined when nobody waits for one. */
  readonly dueOn: string | undefined;
  /** Id of the operator who has it in hand. */
  readonly takenBy: string | undefined;
  readonly renews: string | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
