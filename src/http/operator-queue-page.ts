import type { OperatorPage } from './operator-pages.ts';

/** A tag: never by its color alone. `words` are shown. */
export interface Tag {
  readonly tone: 'yes' | 'wait' | 'no' | 'plain';
  readonly words: string;
}

/** How long a request has been there, of what the administration means to take. */
export interface AgeShown {
  readonly days: number;
  readonly target: number;
}

/** `/operateur`: what there is to do. */
export interface OperatorQueuePage extends OperatorPage {
  readonly counts: readonly {
    readonly words:
      | 'toDecide'
      | 'waiting'
      | 'overdue'
      | 'beyondTarget'
      | 'mine'
      | 'expiring'
      | 'proposed'
      | 'toReview'
      | 'toPost'
      /** Lots that wait for whoever looks to confirm them. */
      | 'lots'
      /** Exceptions that wait for whoever looks to confirm them. */
      | 'exceptions'
      /** Versions of rules that wait for whoever looks to read and publish them. */
      | 'policies'
      /** Rights of the configuration files, which have no file and end soon. */
      | 'declared'
      /** People who ask to act for an organization. */
      | 'joining';
    readonly count: number;
    readonly href: string;
    readonly late: boolean;
  }[];
  /** Days, from the receipt, within which a request should be decided. */
  readonly targetDays: number;
  /** As typed. */
  readonly query: string;
  /** The filter that the queue opens with: nobody chose it. */
  readonly usual?: boolean | undefined;
  /** What of it was not understood. */
  readonly problems: readonly {
    readonly kind: string;
    readonly typed: string;
    readonly known: readonly string[];
  }[];
  readonly keys: readonly string[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
  readonly previousHref?: string | undefined;
  readonly nextHref?: string | undefined;
  readonly columns: readonly {
    readonly words: 'due' | 'name' | 'asked' | 'evidence' | 'taken' | 'state';
    readonly sortHref?: string | undefined;
    readonly sorted?: 'ascending' | 'descending' | undefined;
  }[];
  readonly rows: readonly OperatorQueueRow[];
  readonly views: readonly { readonly name: string; readonly href: string; readonly current: boolean }[];
  /** Where the forms post; the filter travels with them. */
  readonly actions: { readonly filter: string; readonly saveView: string; readonly deleteView: string };
  /** What the person has just done. */
  readonly done?:
    | 'view_saved'
    | 'view_deleted'
    | 'views_full'
    | 'view_unnamed'
    | 'taken'
    | 'released'
    | 'nothing_left'
    | undefined;
}

export interface OperatorQueueRow {
  readonly id: string;
  readonly href: string;
  /** The line on which the keyboard stands. */
  readonly current: boolean;
  /** Civil day; absent: nobody waits for an answer. */
  readonly dueOn?: string | undefined;
  /** Days after the day of the answer. */
  readonly late?: number | undefined;
  readonly soon?: number | undefined;
  /** Absent once it is decided. */
  readonly age?: AgeShown | undefined;
  readonly name: string;
  /** « Association déclarée », « Morbihan », a number. */
  readonly about: readonly string[];
  readonly services: readonly string[];
  /** How many kinds of evidence there are, of how many; and what the list of members shows. */
  readonly evidence: { readonly held: number; readonly expected?: number | undefined };
  readonly members?: 'yes' | 'no' | 'unknown' | undefined;
  /** `me`, or a name. */
  readonly takenBy?: string | undefined;
  readonly mine: boolean;
  /** Where a form takes it; absent when this person may not. */
  readonly takeAction?: string | undefined;
  readonly seen: number;
  readonly states: readonly {
    readonly service?: string | undefined;
    readonly state: string;
    readonly tone: Tag['tone'];
    readonly proposed: boolean;
    /** An appeal waits for its answer beside the state. */
    readonly appealed?: boolean | undefined;
  }[];
  readonly review: boolean;
  /** A letter of it is to be posted. */
  readonly toPost?: boolean | undefined;
  /** Another administration answers. */
  readonly transferred?: boolean | undefined;
}

export interface OperatorQueuePages {
  'operator-queue': OperatorQueuePage;
  'operator-declared': OperatorDeclaredPage;
}

/** `/operateur/declares`. */
export interface OperatorDeclaredPage extends OperatorPage {
  readonly queueHref: string;
  /** Within a month; and later, within three. */
  readonly soon: readonly DeclaredRight[];
  readonly later: readonly DeclaredRight[];
}

interface DeclaredRight {
  readonly name: string;
  readonly href: string | undefined;
  readonly service: string;
  readonly level: string;
  readonly ground: string;
  /** ISO date. */
  readonly endsOn: string;
  readonly daysLeft: number;
  /** Its id in the configuration files. */
  readonly reference: string;
}
