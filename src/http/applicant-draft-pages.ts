import type { ErrorCode } from '../errors/errors.ts';
import type { FactSource, OrganizationLine } from './home-page.ts';

/** What has to be put right: `field` is the id of a field of the page. */
export interface FieldProblem {
  readonly field: string;
  readonly words: string;
  /** Name of a service, a domain as typed, a day: what the sentence is about. */
  readonly about?: string | undefined;
}

/** Every page of a draft. */
interface DraftPage {
  readonly number: string;
  /** In their order; `current` is this page. */
  readonly steps: readonly {
    readonly step: string;
    readonly href: string;
    readonly current: boolean;
    readonly complete: boolean;
  }[];
  readonly action: string;
  readonly errors: readonly FieldProblem[];
  /** Comes from the review page, and goes back there. */
  readonly review?: boolean | undefined;
  /** What is kept of this step: sent back with the form. */
  readonly seen?: string | undefined;
  /** Another tab changed it since. */
  readonly stale?: boolean | undefined;
  /** What was typed was not kept: the session had ended. */
  readonly lost?: boolean | undefined;
}

/** What the registers hold of an organization. */
export interface OrganizationShown {
  readonly id: string;
  readonly name: string;
  readonly acronym?: string | undefined;
  readonly type: string;
  readonly siren?: string | undefined;
  readonly rna?: string | undefined;
  readonly commune?: string | undefined;
  readonly createdOn?: string | undefined;
  readonly active: boolean;
  /** For people who look: what this page is not made for. */
  readonly isAssociation: boolean;
  readonly source: FactSource;
}

/** A button chooses it. */
export type OrganizationChoice = OrganizationLine & { readonly id: string };

export interface DraftOrganizationPage extends DraftPage {
  readonly chosen?: OrganizationShown | undefined;
  /** Those for which the person signed in. */
  readonly own: readonly OrganizationChoice[];
  readonly nextHref: string;
  readonly searchAction: string;
  readonly query?: string | undefined;
  readonly commune?: string | undefined;
  /** Why there is no list: a text of `home.error`. */
  readonly searchError?: 'missing' | 'malformed' | 'tooShort' | 'unknownCommune' | 'unavailable' | undefined;
  readonly communes?: readonly { readonly name: string; readonly href: string }[] | undefined;
  /** Twenty a page; a button chooses one. */
  readonly list?:
    | {
        readonly found: readonly OrganizationChoice[];
        readonly more: boolean;
        readonly previousHref?: string | undefined;
        readonly nextHref?: string | undefined;
      }
    | undefined;
}

export interface DraftYouPage extends DraftPage {
  readonly name: string;
  readonly email: string;
  readonly idp?: string | undefined;
  readonly capacity: string;
  readonly mandateUntil: string;
}

export interface DraftServicesPage extends DraftPage {
  readonly services: readonly {
    readonly id: string;
    readonly name: string;
    readonly description: string;
    readonly decidedBy: string;
    readonly chosen: boolean;
    readonly why: string;
    readonly users: string;
    readonly accepted: boolean;
    readonly href: string;
    /** Terms of use, where the service has published them. */
    readonly termsHref?: string | undefined;
  }[];
  /** Those that cannot be chosen, and why. */
  readonly others: readonly {
    readonly name: string;
    readonly words: 'open' | 'asked';
    readonly endsOn?: string | undefined;
  }[];
}

export interface DraftPurposePage extends DraftPage {
  readonly purpose: string;
  readonly grounds: readonly { readonly id: string }[];
  readonly ground?: string | undefined;
  readonly agreement: { readonly reference: string; readonly startsOn: string; readonly endsOn: string };
  readonly publicShare: string;
  readonly notes: string;
}

/** A piece that was sent. */
export interface PieceShown {
  readonly id: string;
  readonly words: string;
  readonly name: string;
  readonly size: number;
  readonly uploadedAt: Date;
  readonly href: string;
  readonly removeAction?: string | undefined;
}

export interface MembersShown {
  readonly sentences: readonly string[];
  readonly toCheck: readonly {
    readonly line: number;
    readonly text: string;
    readonly words: string;
    readonly name?: string | undefined;
  }[];
  readonly toCheckCount: number;
  readonly twice: readonly { readonly line: number; readonly text: string; readonly firstLine: number }[];
  readonly readAt: Date;
}

/** A document or a list that could not be taken: the sentences of the catalogue. */
export interface UploadRefused {
  readonly code: ErrorCode;
  readonly field: 'piece' | 'membres';
}

export interface DraftEvidencePage extends DraftPage {
  readonly kinds: readonly { readonly id: string; readonly held?: 'siren' | 'rna' | undefined }[];
  readonly kind?: string | undefined;
  readonly pieces: readonly PieceShown[];
  readonly membersAction: string;
  readonly templateHref: string;
  readonly members?: MembersShown | undefined;
  readonly refused?: UploadRefused | undefined;
  readonly nextHref: string;
}

interface ContactShown {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
}

export interface DraftContactsPage extends DraftPage {
  readonly dataProtection: ContactShown;
  readonly security: ContactShown;
  readonly domains: string;
}

export interface DraftReviewPage extends DraftPage {
  readonly organization?: OrganizationShown | undefined;
  /** Days are in words, or as typed when they are none. */
  readonly you: {
    readonly name: string;
    readonly email: string;
    readonly capacity: string;
    readonly mandateUntil: string;
  };
  readonly services: readonly { readonly name: string; readonly why: string; readonly users: string }[];
  readonly purpose: string;
  readonly ground?: string | undefined;
  readonly agreement: { readonly reference: string; readonly startsOn: string; readonly endsOn: string };
  readonly publicShare: string;
  readonly notes: string;
  readonly pieces: readonly PieceShown[];
  readonly members?: MembersShown | undefined;
  readonly dataProtection: ContactShown;
  readonly security: ContactShown;
  readonly domains: readonly string[];
  /** Digest of what the page shows: what is sent is what was read. */
  readonly seen: string;
  /** The draft changed in another tab since the page that was sent. */
  readonly stale?: boolean | undefined;
  /** Steps with something left to put right. */
  readonly incomplete: readonly { readonly step: string; readonly href: string }[];
  readonly deleteHref: string;
}
