import type { ActFieldShown } from './operator-file-page.ts';
import type { LetterView } from './letter-page.ts';
import type { OperatorPage } from './operator-pages.ts';
import type { ConcernedShown } from './operator-policy-preview-page.ts';
import type { Tag } from './operator-queue-page.ts';

/** Lots: one decision for many organizations. The words of states, acts and counts are in `locales/`. */
export interface OperatorLotPages {
  'operator-lots': OperatorLotsPage;
  'operator-lot-form': OperatorLotFormPage;
  'operator-lot': OperatorLotPage;
  'operator-lot-letter': OperatorLotLetterPage;
}

type LotStateShown =
  | 'draft'
  | 'proposed'
  | 'carrying_out'
  | 'done'
  | 'undo_proposed'
  | 'announcing'
  | 'announced'
  | 'undoing'
  | 'undone'
  | 'cancelled';

interface LotState {
  readonly state: LotStateShown;
  readonly tone: Tag['tone'];
}

/** `/operateur/lots`. */
interface OperatorLotsPage extends OperatorPage {
  readonly cancelled: boolean;
  readonly startHref: string;
  readonly templateHref: string;
  readonly previousHref?: string | undefined;
  readonly nextHref?: string | undefined;
  /** The newest first. */
  readonly lots: readonly (LotState & {
    readonly id: string;
    readonly href: string;
    readonly by: string;
    readonly services: readonly string[];
    /** Of the list. */
    readonly lines: number;
    readonly granted: number;
    /** For whoever looks, as the second person. */
    readonly waits: boolean;
    readonly updatedAt: Date;
  })[];
}

/** What is decided for every organization of a lot, as it is written. */
interface OperatorLotFormPage extends OperatorPage {
  /** Absent: a new lot. */
  readonly id?: string | undefined;
  readonly seen?: number | undefined;
  readonly action: string;
  readonly backHref: string;
  readonly services: readonly { readonly id: string; readonly name: string; readonly chosen: boolean }[];
  readonly fields: readonly ActFieldShown[];
  readonly rule: string;
  readonly problems: readonly { readonly field: string; readonly code: string }[];
}

export type LotAction =
  | 'proposer'
  | 'executer'
  | 'annuler'
  | 'confirmer'
  | 'renvoyer'
  | 'arreter'
  | 'retirer'
  | 'garder'
  | 'accepter-retrait'
  | 'refuser-retrait'
  | 'abandonner-retrait'
  | 'terminer-retrait';

/** `/operateur/lots/:lot`: the decision, the list and what it would do or has done, and what to do now. */
interface OperatorLotPage extends OperatorPage, LotState {
  readonly id: string;
  readonly backHref: string;
  readonly seen: number;
  readonly told?: string | undefined;
  /** Something was sent and not done; `words` names the text. */
  readonly problem?:
    { readonly words: string; readonly field?: string | undefined; readonly status: number } | undefined;
  readonly by: string;
  readonly decider?: string | undefined;
  readonly decidedAt?: Date | undefined;
  /** Why it was sent back. */
  readonly returned?: string | undefined;
  readonly decision: {
    readonly services: readonly string[];
    readonly level: string;
    readonly ground: string;
    readonly conditions: readonly string[];
    readonly startsOn: string;
    readonly endsOn: string;
    readonly text: string;
    readonly rule: string;
  };
  readonly editHref?: string | undefined;
  readonly uploadAction?: string | undefined;
  readonly fileName: string;
  readonly templateHref: string;
  /** Lines that would be, or were, carried out. */
  readonly toGrant: number;
  /** How many one person may decide alone. */
  readonly alone: number;
  /** Organizations that would enter the register: two people, however few. */
  readonly toEnter: number;
  readonly digest?: string | undefined;
  /** While it is carried out, announced or taken back. */
  readonly progress?: { readonly done: number; readonly total: number } | undefined;
  /** Letters of this lot that nobody has posted yet, and where their files are listed. */
  readonly toPost?: { readonly count: number; readonly href: string } | undefined;
  readonly counts: readonly {
    readonly words: string;
    readonly count: number;
    readonly href: string;
    readonly current: boolean;
  }[];
  readonly lines: readonly LotLineShown[];
  readonly page: number;
  readonly pages: number;
  readonly previousHref?: string | undefined;
  readonly nextHref?: string | undefined;
  readonly rejectsHref?: string | undefined;
  readonly actions: Readonly<Partial<Record<LotAction, string>>>;
  /** What was typed in a form that comes back. */
  readonly typed: { readonly motif: string; readonly regle: string };
  readonly undo?:
    | {
        readonly by: string;
        readonly text: string;
        readonly rule: string;
        readonly decider?: string | undefined;
        readonly answerBy?: string | undefined;
        /** Organizations that the lot brought to the register, which leave it with their right. */
        readonly entered: number;
      }
    | undefined;
  readonly waitsForSecond: boolean;
  /** Before anything is taken back: who has open now what the lot granted. */
  readonly concerned?: ConcernedShown | undefined;
}

export interface LotLineShown {
  readonly line: number;
  readonly identifier: string;
  /** Of the register; as typed when it knows none. */
  readonly name: string;
  readonly about: readonly string[];
  readonly href?: string | undefined;
  /** A verdict, or what became of it. */
  readonly words: string;
  readonly tone: Tag['tone'];
  readonly reason?: string | undefined;
  readonly changes: readonly {
    readonly service: string;
    readonly before?: { readonly level: string; readonly endsOn: string } | undefined;
    readonly level: string;
    readonly endsOn: string;
  }[];
  /** Of an organization that enters the register: the columns of the list that describe it; `words` is the column. */
  readonly facts: readonly {
    readonly words: string;
    readonly value: string;
    readonly means?: string | undefined;
  }[];
  /** What the list says otherwise than the register, whose word counts. */
  readonly differs: readonly {
    readonly words: string;
    readonly typed: string;
    readonly held?: string | undefined;
  }[];
  /** Cells that were passed over, with why. */
  readonly unread: readonly string[];
  /** What became of it in the register, when the list brought it. */
  readonly entry?:
    | { readonly words: 'asked' | 'entered' | 'withdrawn' | 'kept'; readonly why?: string | undefined }
    | undefined;
  readonly homonyms: number;
  readonly email?: string | undefined;
  readonly letterHref?: string | undefined;
  readonly file?: { readonly id: string; readonly href: string } | undefined;
}

/** What one line would send. */
interface OperatorLotLetterPage extends OperatorPage {
  readonly id: string;
  readonly backHref: string;
  readonly line: number;
  readonly name: string;
  /** Absent: it is posted. */
  readonly email?: string | undefined;
  readonly letter?: LetterView | undefined;
  readonly refused?: string | undefined;
}
