import type { OperatorPage } from './operator-pages.ts';

/** What is kept of a person: `/compte/mes-donnees`, and the console. `words` name texts under `data` in `locales/`. */
export interface DataPages {
  'my-data': MyDataPage;
  'my-data-erasure': MyDataErasurePage;
  'operator-persons': OperatorPersonsPage;
  'operator-person': OperatorPersonPage;
}

/** One thing that is kept: names of facts, and what they are; `words`: a text of `locales/`, among those of its kind. */
export interface KeptItem {
  readonly facts: readonly {
    readonly fact: string;
    readonly value:
      | string
      | Date
      | {
          readonly code: string;
          readonly kind: 'act' | 'by' | 'role' | 'state' | 'kind';
          readonly words: string;
        };
  }[];
}

export interface KeptPart {
  readonly part: string;
  readonly basis: readonly string[];
  readonly items: readonly KeptItem[];
  /** There are others: the file has them. */
  readonly more: boolean;
}

/** What an erasure does: before it, and after. */
export interface ErasureShown {
  readonly erased: readonly { readonly words: string; readonly count: number }[];
  readonly kept: readonly {
    readonly words: string;
    readonly count: number;
    readonly file?: string | undefined;
    readonly organization?: string | undefined;
    /** ISO day. */
    readonly until?: string | undefined;
  }[];
}

export interface MyDataPage {
  /** Nobody is signed in. */
  readonly signInHref?: string | undefined;
  readonly email?: string | undefined;
  readonly parts: readonly KeptPart[];
  /** The mailbox is not proven: what is kept by address is not shown. */
  readonly unproven?: boolean | undefined;
  /** Signed in a while ago: what takes something away asks again. */
  readonly againHref?: string | undefined;
  readonly exportAction?: string | undefined;
  readonly erasureHref?: string | undefined;
  readonly backHref: string;
}

export interface MyDataErasurePage {
  readonly stage: 'before' | 'changed' | 'unconfirmed' | 'refused' | 'done';
  readonly plan: ErasureShown;
  /** Before: where the form posts, and what it says that it has seen. */
  readonly action?: string | undefined;
  readonly seen?: string | undefined;
  readonly backHref: string;
  /** Done: the identity provider still knows the person; leaving it is one step more. */
  readonly idp?: string | undefined;
  readonly idpHref?: string | undefined;
}

/** `/operateur/personnes`. */
export interface OperatorPersonsPage extends OperatorPage {
  readonly action: string;
  readonly typed: string;
  readonly reason: string;
  readonly problems: readonly ('qui' | 'motif')[];
  /** What a search found; absent before one. */
  readonly found?:
    | readonly {
        readonly account: string;
        /** Absent: they said the address that was searched, and nobody answers for it. */
        readonly address?: string | undefined;
        readonly name?: string | undefined;
        readonly createdAt: Date;
        readonly erasedAt?: Date | undefined;
      }[]
    | undefined;
  /** The address itself, when something is kept under it that is of none of these accounts. */
  readonly alone?: string | undefined;
  readonly done?: 'asked' | 'dropped' | 'erased' | 'blocked' | 'unblocked' | undefined;
  readonly plan?: ErasureShown | undefined;
  /** Prepared erasures; absent for who may not erase. */
  readonly waiting?:
    | readonly {
        readonly account: string;
        readonly address?: string | undefined;
        readonly reason: string;
        readonly askedBy: string;
        readonly askedAt: Date;
      }[]
    | undefined;
  /** How many more wait. */
  readonly further: number;
}

/** One person, as kept. It answers a form: no address says whom it is about. */
export interface OperatorPersonPage extends OperatorPage {
  readonly account?: string | undefined;
  readonly address?: string | undefined;
  /** Why they are read. */
  readonly reason: string;
  readonly parts: readonly KeptPart[];
  readonly exportAction: string;
  readonly backHref: string;
  /** Absent: no account, or this operator may not block it. */
  readonly block?:
    | {
        readonly action: string;
        /** Absent: the account may be used. */
        readonly blockedAt?: Date | undefined;
        /** Why, as whoever blocked it wrote. */
        readonly because?: string | undefined;
        readonly problem?: 'motif' | undefined;
        readonly typed: string;
      }
    | undefined;
  /** Absent: nothing to erase, or this operator may not. */
  readonly erasure?:
    | {
        readonly plan: ErasureShown;
        readonly seen: string;
        readonly refused: boolean;
        readonly changed: boolean;
        readonly askAction: string;
        readonly problem?: 'motif' | undefined;
        readonly typed: string;
        /** One waits: for another person, or for this one. */
        readonly waiting?:
          | {
              readonly id: string;
              readonly reason: string;
              /** Under which it erases too. */
              readonly address?: string | undefined;
              readonly askedBy: string;
              readonly askedAt: Date;
              readonly mine: boolean;
              readonly confirmAction: string;
              readonly dropAction: string;
            }
          | undefined;
      }
    | undefined;
}
