import type { OperatorPage } from './operator-pages.ts';

/** Why a claim is refused: texts under `domains.refused`. */
export type DomainProblem =
  | 'malformed'
  | 'reserved'
  | 'public_suffix'
  | 'open_mail'
  | 'disposable'
  | 'shared_hosting'
  | 'identity_provider'
  | 'provider_below'
  | 'already'
  | 'many'
  | 'reason_missing'
  | 'reason_long';

/** What has just been done, or was found: texts under `domains.done`. */
export const domainOutcomes = [
  'claimed',
  'verified',
  'asked_again',
  'handover',
  'other_handover',
  'none',
  'other',
  'unanswered',
  'refused',
  'sent',
  'wait',
  'wrong',
  'expired',
  'no_code',
  'too_many',
  'given_up',
  'objected',
] as const;
export type DomainOutcome = (typeof domainOutcomes)[number];

export type DomainStateShown =
  'claimed' | 'proven' | 'verified' | 'unverified' | 'given_up' | 'handed_over' | 'refused';

/** One domain of the organization. */
export interface OwnDomainShown {
  readonly id: string;
  readonly name: string;
  readonly withSubdomains: boolean;
  readonly state: DomainStateShown;
  /** How it was proven. */
  readonly kind?: 'dns_txt' | 'official_code' | undefined;
  /** Verified since; looked at last; not found since. */
  readonly since?: Date | undefined;
  readonly lastAt?: Date | undefined;
  readonly startedAt?: Date | undefined;
  /** What to put in the DNS; the form looks for it. */
  readonly record?: { readonly host: string; readonly value: string; readonly action: string } | undefined;
  /** Where a code may be sent, and where it is typed. */
  readonly mailbox?:
    { readonly address: string; readonly sendAction: string; readonly action: string } | undefined;
  readonly giveUp?: { readonly action: string; readonly seen: string } | undefined;
  /** Another organization has proven it; or this one has, and waits. */
  readonly handover?:
    | {
        readonly until: Date;
        readonly objected: boolean;
        /** The form posts `motif`. */
        readonly action?: string | undefined;
      }
    | undefined;
}

/** `/compte/organisations/:siren/domaines`. */
export interface OwnDomainsPage {
  readonly organization: string;
  readonly backHref: string;
  readonly done?: DomainOutcome | undefined;
  readonly domains: readonly OwnDomainShown[];
  /** The form posts `domaine` and `sous-domaines`. */
  readonly action: string;
  readonly typed: { readonly name: string; readonly below: boolean; readonly reason: string };
  readonly problem?: DomainProblem | undefined;
  /** Of the domain that the problem is about; absent: of the form that claims. */
  readonly problemOf?: string | undefined;
}

/** `/operateur/domaines-verifies`. */
export interface OperatorDomainsPage extends OperatorPage {
  readonly done?: 'first' | 'done' | 'declined' | 'gone' | undefined;
  readonly handovers: readonly {
    readonly name: string;
    readonly from: string;
    readonly into: string;
    readonly href: string;
    readonly askedAt: Date;
    readonly until: Date;
    /** For this person to answer now. */
    readonly mine: boolean;
  }[];
  readonly domains: readonly {
    readonly name: string;
    readonly withSubdomains: boolean;
    readonly organization: string;
    readonly organizationHref: string;
    readonly state: DomainStateShown;
    readonly kind?: 'dns_txt' | 'official_code' | undefined;
    readonly since?: Date | undefined;
    readonly lastAt?: Date | undefined;
    readonly startedAt?: Date | undefined;
    readonly failures: number;
  }[];
  /** Only the first ones are shown. */
  readonly more: boolean;
}

/** `/operateur/domaines-verifies/:passage`. */
export interface OperatorHandoverPage extends OperatorPage {
  readonly listHref: string;
  readonly name: string;
  readonly from: { readonly name: string; readonly href: string };
  readonly into: { readonly name: string; readonly href: string };
  readonly status: 'open' | 'done' | 'declined' | 'void';
  readonly kind?: 'dns_txt' | 'official_code' | undefined;
  readonly askedAt: Date;
  readonly until: Date;
  readonly objection?: string | undefined;
  readonly first?: { readonly by: string; readonly reason: string } | undefined;
  readonly confirmAction?: string | undefined;
  readonly dropAction?: string | undefined;
  readonly typed: { readonly reason: string; readonly missing: boolean };
  /** Why this person has no button to confirm. */
  readonly state?: 'early' | 'second' | 'own' | undefined;
}

export interface DomainPages {
  'domains/list': OwnDomainsPage;
  'operator-domains': OperatorDomainsPage;
  'operator-handover': OperatorHandoverPage;
}
