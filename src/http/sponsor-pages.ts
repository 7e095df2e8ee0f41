/** `/invitations`: the pages of an agent who invites. `words` name texts under `sponsors` in `locales/`. */
export interface SponsorPages {
  'sponsors/list': GuestListPage;
  'sponsors/form': GuestFormPage;
  'sponsors/review': GuestReviewPage;
  'sponsors/renew': GuestRenewPage;
  'sponsors/revoke': GuestRevokePage;
}

/** What has to be put right: `field` is the id of a field of the page. */
export interface GuestProblem {
  readonly field: string;
  readonly words: string;
}

export interface GuestShown {
  readonly address: string;
  /** Name of the service. */
  readonly service: string;
  /** ISO day. */
  readonly endsOn: string;
  readonly state: 'open' | 'over' | 'revoked' | 'halted';
  readonly reason: string;
}

export interface GuestListPage {
  /** Absent: nobody is signed in. */
  readonly email?: string | undefined;
  readonly signInHref?: string | undefined;
  /** What the person has just done. */
  readonly done?: 'invited' | 'renewed' | 'revoked' | undefined;
  readonly guests: readonly (GuestShown & {
    readonly id: string;
    readonly lastAt?: Date | undefined;
    readonly renewHref?: string | undefined;
    readonly revokeHref?: string | undefined;
  })[];
  /** Names of the services to which the person may invite. */
  readonly services: readonly string[];
  readonly newHref?: string | undefined;
  /** Signing in with two factors would open more. */
  readonly strongerHref?: string | undefined;
  readonly most: number;
}

export interface GuestFormPage {
  readonly action: string;
  readonly backHref: string;
  readonly errors: readonly GuestProblem[];
  readonly email: string;
  readonly service: string;
  readonly reason: string;
  readonly until: string;
  readonly services: readonly { readonly id: string; readonly name: string; readonly organization: string }[];
  /** ISO days, both included. */
  readonly today: string;
  readonly latest: string;
}

export interface GuestReviewPage {
  readonly sendAction: string;
  readonly changeAction: string;
  readonly hidden: Readonly<Record<string, string>>;
  readonly address: string;
  readonly service: string;
  readonly organization: string;
  readonly reason: string;
  readonly endsOn: string;
  readonly sponsorEmail: string;
}

export interface GuestRenewPage {
  readonly action: string;
  readonly backHref: string;
  readonly errors: readonly GuestProblem[];
  readonly guest: GuestShown;
  readonly until: string;
  readonly latest: string;
}

export interface GuestRevokePage {
  readonly action: string;
  readonly backHref: string;
  readonly guest: GuestShown;
  /** How many accesses are open now, at most, that would be closed. */
  readonly live: number;
  readonly lastAt?: Date | undefined;
}
