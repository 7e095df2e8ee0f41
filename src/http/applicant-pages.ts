import type {
  DraftContactsPage,
  DraftEvidencePage,
  DraftOrganizationPage,
  DraftPurposePage,
  DraftReviewPage,
  DraftServicesPage,
  DraftYouPage,
  FieldProblem,
  MembersShown,
  PieceShown,
  UploadRefused,
} from './applicant-draft-pages.ts';
import type { LetterView } from './letter-page.ts';

/** `/demandes`: the pages of whoever asks for their organization. `words` name texts under `applicants` in `locales/`. */
export interface ApplicantPages {
  'applicants/start': ApplicantStartPage;
  'applicants/organization': DraftOrganizationPage;
  'applicants/you': DraftYouPage;
  'applicants/services': DraftServicesPage;
  'applicants/purpose': DraftPurposePage;
  'applicants/evidence': DraftEvidencePage;
  'applicants/contacts': DraftContactsPage;
  'applicants/review': DraftReviewPage;
  'applicants/receipt': ReceiptPage;
  'applicants/file': FilePage;
  'applicants/reply': ReplyPage;
  'applicants/act': FileActPage;
  'applicants/renounce': RenouncePage;
}

export type Tone = 'yes' | 'no' | 'wait' | 'plain';

/** One service of one file, in one word and a color. */
export interface RequestStand {
  readonly service: string;
  readonly state: string;
  readonly tone: Tone;
}

/** Something to do, or nothing to do before a day. */
export interface NextThing {
  readonly words: string;
  /** Which administration answers. */
  readonly text?: string | undefined;
  /** ISO day. */
  readonly endsOn?: string | undefined;
}

export interface ApplicantStartPage {
  /** Until somebody answers for the requests, none is received. */
  readonly open: boolean;
  /** Signed in: where the form posts, and as whom. */
  readonly action?: string | undefined;
  readonly email?: string | undefined;
  /** Not signed in. */
  readonly signInHref?: string | undefined;
  /** Whoever has no identity provider signs in too, by a code. */
  readonly anybody: boolean;
  /** What a link from another page named already. */
  readonly about?:
    | {
        readonly organization?: { readonly id: string; readonly name: string } | undefined;
        readonly service?: { readonly id: string; readonly name: string } | undefined;
      }
    | undefined;
  /** What silence becomes. */
  readonly silence: 'refusal' | 'acceptance';
  readonly deciders: readonly {
    readonly service: string;
    readonly name: string;
    readonly contact: string;
  }[];
  readonly files: readonly {
    readonly id: string;
    readonly href: string;
    readonly name?: string | undefined;
    readonly submittedOn?: Date | undefined;
    /** By the administration, for an organization of the sign-in: nobody asked. */
    readonly opened: boolean;
    readonly requests: readonly RequestStand[];
    readonly next: NextThing;
  }[];
  /** What the person has just done. */
  readonly done?: 'deleted' | 'kept' | undefined;
}

export interface ReceiptPage {
  readonly number: string;
  readonly email: string;
  readonly letter?: LetterView | undefined;
  readonly pdfHref?: string | undefined;
  readonly fileHref: string;
}

/** What may be done now; each leads to a page that asks first. */
export interface FileAction {
  readonly act: string;
  readonly service?: string | undefined;
  readonly href: string;
}

/** What an operator asked for; `words` name texts under `applicants.kind`. */
interface Asked {
  readonly text: string;
  readonly endsOn: string;
  readonly pieces: readonly { readonly words: string }[];
}

export interface FilePage {
  readonly number: string;
  readonly organization?: string | undefined;
  readonly submittedAt?: Date | undefined;
  /** The administration opened it: it is read, and renewed. */
  readonly opened: boolean;
  readonly requests: readonly (RequestStand & {
    /** Sentences, in their order, each with the day or the text that it needs. */
    readonly says: readonly {
      readonly words: string;
      readonly endsOn?: string | undefined;
      readonly text?: string | undefined;
    }[];
    readonly actions: readonly FileAction[];
  })[];
  /** Of the whole file. */
  readonly actions: readonly FileAction[];
  readonly asked?: Asked | undefined;
  readonly timeline: readonly {
    readonly words: string;
    readonly service?: string | undefined;
    readonly at: Date;
    readonly letterHref?: string | undefined;
  }[];
  readonly letters: readonly {
    readonly title: string;
    readonly at: Date;
    readonly href: string;
    readonly pdfHref: string;
    readonly unread: boolean;
  }[];
  readonly pieces: readonly PieceShown[];
  readonly done?: 'replied' | 'withdrawn' | 'motives' | 'observations' | 'appealed' | 'renounced' | undefined;
  readonly listHref: string;
  /** How to reach whoever examines. */
  readonly contact?: { readonly name: string; readonly href: string } | undefined;
}

/** Of a form about a file that was sent. */
interface FileForm {
  readonly number: string;
  readonly action: string;
  /** Version of the file that the page shows. */
  readonly seen: string;
  /** What was typed was not kept: the session had ended. */
  readonly lost?: boolean | undefined;
  /** What happened since the page that was sent: texts of `applicants.event`. */
  readonly meanwhile?: readonly { readonly words: string }[] | undefined;
  readonly errors: readonly FieldProblem[];
  readonly text: string;
  readonly backHref: string;
}

export interface ReplyPage extends FileForm {
  readonly asked: Asked;
  readonly uploadAction: string;
  readonly kinds: readonly { readonly id: string }[];
  readonly kind?: string | undefined;
  readonly membersAction: string;
  readonly templateHref: string;
  /** What the list of members shows that this answer brings. */
  readonly members?: MembersShown | undefined;
  /** Sent since the question, and not joined to an answer yet. */
  readonly pieces: readonly PieceShown[];
  readonly refused?: UploadRefused | undefined;
}

export interface FileActPage extends FileForm {
  /** `withdraw_request`, `ask_motives`, `answer_notice`, `appeal`, `delete`. */
  readonly act: string;
  readonly service?: string | undefined;
  /** Whether something is to be written. */
  readonly writes: boolean;
  /** Last day to do it. */
  readonly endsOn?: string | undefined;
}

/** An organization gives up a right: what that closes, and from which day. */
export interface RenouncePage extends FileForm {
  readonly service: string;
  /** First day without the right, as it is typed. */
  readonly from: string;
  /** Last day of the right as it was granted. */
  readonly endsOn: string;
  /** Who has what open for it now; `more`: there are more than were counted. */
  readonly impact: {
    readonly people: number;
    readonly sessions: number;
    readonly grants: number;
    readonly tools: readonly string[];
    readonly more: boolean;
  };
  /** Other approvals of the organization for the same service, which stay. */
  readonly others: readonly { readonly startsOn: string; readonly endsOn: string }[];
}
