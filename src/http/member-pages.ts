import type { ConsoleFrame } from './operator-pages.ts';

/** `/membres`, and the same list in the console. `words` name texts under `members` in `locales/`. */
export interface MemberPages {
  'members/organizations': MemberOrganizationsPage;
  'members/list': MemberListPage;
  'members/act': MemberActPage;
}

/** Who did something. */
export type MemberAuthorShown = 'you' | 'representative' | 'operator';

export interface MemberShown {
  readonly id: string;
  /** Empty: the identity provider said none, or it is forgotten. */
  readonly name: string;
  readonly email: string;
  readonly you: boolean;
  readonly representative: boolean;
  readonly since: Date;
  readonly last: Date;
  /** Names of the tools opened for this organization now. */
  readonly services: readonly string[];
  /** Name of the identity provider, while it is declared. */
  readonly idp?: string | undefined;
  /** How the link with the organization was verified. */
  readonly verified: 'declared' | 'email_domain' | 'moderated' | 'official_source';
  readonly state: 'unconfirmed' | 'confirmed' | 'again' | 'revoked';
  readonly confirmed?: { readonly at: Date; readonly by: MemberAuthorShown } | undefined;
  readonly revoked?:
    { readonly at: Date; readonly by: MemberAuthorShown; readonly reason?: string | undefined } | undefined;
}

export interface RepresentativeShown {
  readonly name: string;
  readonly email: string;
  readonly capacity: string;
  /** ISO day. */
  readonly until: string;
  readonly you: boolean;
  readonly file: string;
  readonly fileHref?: string | undefined;
}

interface InTheConsole {
  /** Present in the console only. */
  readonly console?: ConsoleFrame | undefined;
}

/** The organizations that the person represents; none: what that is. */
export interface MemberOrganizationsPage {
  /** Absent: nobody is signed in. */
  readonly email?: string | undefined;
  readonly signInHref?: string | undefined;
  readonly requestsHref: string;
  readonly accountHref: string;
  readonly organizations: readonly {
    readonly name: string;
    readonly siren: string;
    readonly capacity: string;
    readonly until: string;
    readonly href: string;
  }[];
}

export interface MemberListPage extends InTheConsole {
  readonly organization: string;
  readonly siren: string;
  readonly backHref: string;
  readonly domainsHref?: string | undefined;
  /** What has just been done. */
  readonly done?: 'confirm' | 'revoke' | 'restore' | undefined;
  readonly representatives: readonly RepresentativeShown[];
  readonly total: number;
  readonly toConfirm: number;
  readonly members: readonly (MemberShown & {
    /** The form posts `vu`. */
    readonly confirm?: { readonly action: string; readonly seen: number } | undefined;
    readonly revokeHref?: string | undefined;
    readonly restoreHref?: string | undefined;
  })[];
  readonly page: number;
  readonly pages: number;
  readonly previousHref?: string | undefined;
  readonly nextHref?: string | undefined;
}

/** Somebody whom the member invited for the organization. */
export interface MemberGuestShown {
  readonly id: string;
  readonly address: string;
  /** Name of the service. */
  readonly service: string;
  /** ISO day. */
  readonly endsOn: string;
  /** How many accesses are open now, at most. */
  readonly live: number;
  /** Absent: whoever acts cannot go on inviting them. */
  readonly takeOver?: { readonly chosen: boolean } | undefined;
}

/** What taking a membership away closes, or what giving it back opens, before it is done. */
export interface MemberActPage extends InTheConsole {
  readonly act: 'revoke' | 'restore';
  readonly organization: string;
  readonly member: MemberShown;
  readonly action: string;
  readonly backHref: string;
  readonly seen: number;
  readonly reason: string;
  readonly problem?: 'reason_missing' | 'reason_long' | 'guests_many' | undefined;
  /** Somebody acted on this member, or they invited somebody, meanwhile; what was typed is kept. */
  readonly stale: boolean;
  readonly sessions: number;
  readonly grants: number;
  /** They lose their access with the member. */
  readonly guests: readonly MemberGuestShown[];
  /** One's own membership. */
  readonly oneself: boolean;
  /** Nobody would represent the organization any more. */
  readonly lastRepresentative: boolean;
}
