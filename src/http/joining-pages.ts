import type { ConsoleFrame } from './operator-pages.ts';

/** `/compte/organisations`, and requests in the console. `words`, `state`, `ground`, `kind` name texts under `joining` in `locales/`. */
export interface JoiningPages {
  'joining/mine': JoiningMinePage;
  'joining/search': JoiningSearchPage;
  'joining/way': JoiningWayPage;
  'joining/requests': JoiningRequestsPage;
  'joining/invite': JoiningInvitePage;
  'joining/invitation': JoiningInvitationPage;
}

type Words = readonly { readonly words: string }[];

/** Somebody and an organization. */
export interface JoinedShown {
  readonly id: string;
  readonly name: string;
  readonly siret: string;
  /** A state, or how it ended. */
  readonly state: string;
  readonly verified?: 'declared' | 'email_domain' | 'moderated' | 'official_source' | undefined;
  /** How it was proven. */
  readonly ground?: string | undefined;
  readonly since?: Date | undefined;
  /** ISO day. */
  readonly until?: string | undefined;
  readonly external: boolean;
  /** What was answered. */
  readonly reason?: string | undefined;
}

export interface JoiningMinePage {
  /** Absent: nobody is signed in. */
  readonly email?: string | undefined;
  readonly signInHref?: string | undefined;
  readonly done?: 'joined' | 'asked' | 'left' | 'withdrawn' | 'operator' | undefined;
  /** Signs in again: what was joined counts from then on. */
  readonly againHref?: string | undefined;
  readonly memberships: readonly (JoinedShown & {
    readonly leaveAction?: string | undefined;
    readonly cancelAction?: string | undefined;
    readonly operatorAction?: string | undefined;
    readonly codeHref?: string | undefined;
    /** It ends soon, and is proven again there; `none`: not by the mailbox of this sign-in. */
    readonly renewal?: { readonly href: string } | 'none' | undefined;
  })[];
  /** Those that the identity provider names. */
  readonly named: readonly { readonly name: string; readonly siret: string }[];
  readonly newHref: string;
  /** For whoever represents an organization. */
  readonly requestsHref?: string | undefined;
  readonly inviteHref?: string | undefined;
  readonly backHref: string;
}

export interface JoiningSearchPage {
  readonly query: string;
  readonly commune: string;
  readonly problem?: 'empty' | 'none' | 'slow' | undefined;
  readonly found: readonly {
    readonly href: string;
    readonly name: string;
    readonly acronym?: string | undefined;
    readonly type: string;
    readonly place?: string | undefined;
    readonly active: boolean;
    readonly siren?: string | undefined;
    readonly rna?: string | undefined;
    readonly createdOn?: string | undefined;
  }[];
  readonly more: boolean;
  readonly communes: readonly { readonly name: string; readonly href: string }[];
  readonly action: string;
  readonly backHref: string;
}

export interface JoiningWayPage {
  readonly name: string;
  readonly siret?: string | undefined;
  readonly place?: string | undefined;
  /** Name of the rule. */
  readonly kind: string;
  readonly reasons: Words;
  /** The mailbox that proves it, or the one with which the person is signed in. */
  readonly email?: string | undefined;
  readonly action: string;
  /** What the form may do. */
  readonly proof: boolean;
  readonly representative: boolean;
  readonly operator: boolean;
  /** Official mailboxes, masked; a form names one by its key. */
  readonly contacts: readonly { readonly key: string; readonly masked: string }[];
  /** A code was sent there; masked. */
  readonly sentTo?: string | undefined;
  readonly codeAction?: string | undefined;
  readonly resendAt?: Date | undefined;
  readonly problem?: 'wrong' | 'expired' | 'too_many' | 'none' | 'contact' | undefined;
  readonly requestHref?: string | undefined;
  readonly listHref: string;
  readonly searchHref: string;
}

export interface JoiningRequestsPage {
  /** Present in the console only. */
  readonly console?: ConsoleFrame | undefined;
  readonly done?: 'accept' | 'refuse' | 'revoke' | undefined;
  readonly problem?: 'reason' | 'until' | undefined;
  readonly requests: readonly (JoinedShown & {
    readonly person: string;
    readonly email: string;
    readonly message: string;
    readonly askedAt: Date;
    /** Why nothing stronger than somebody's answer was found. */
    readonly reasons: Words;
    /** What was done until now; `words`: the act, `ground`: the proof. */
    readonly history: readonly {
      readonly at: Date;
      readonly words: string;
      readonly ground?: string | undefined;
    }[];
    readonly seen: number;
    readonly action: string;
    /** Of their mailbox: the operator may refuse it with the request. */
    readonly domain?: string | undefined;
    /** Of the operator's own: somebody else answers. */
    readonly own: boolean;
    readonly failed: boolean;
  })[];
  /** Where there are more. */
  readonly nextHref?: string | undefined;
  readonly today: string;
  readonly latest: string;
  readonly backHref: string;
}

export interface JoiningInvitePage {
  readonly done?: 'invited' | 'taken_back' | undefined;
  readonly problem?:
    'address_malformed' | 'address_own' | 'until_missing' | 'until_past' | 'until_far' | undefined;
  readonly organizations: readonly { readonly id: string; readonly name: string }[];
  readonly selected: string;
  readonly email: string;
  readonly external: boolean;
  readonly until: string;
  readonly today: string;
  readonly latest: string;
  readonly open: readonly {
    readonly email: string;
    readonly organization: string;
    readonly at: Date;
    /** Where it is taken back. */
    readonly dropAction: string;
  }[];
  readonly action: string;
  readonly backHref: string;
}

export interface JoiningInvitationPage {
  readonly organization: string;
  readonly siret: string;
  readonly email: string;
  readonly until?: string | undefined;
  readonly external: boolean;
  readonly action: string;
  readonly backHref: string;
}
