import type { ErrorCode } from '../errors/errors.ts';
import type { AccountPage } from './account-page.ts';
import type { ApplicantPages } from './applicant-pages.ts';
import type { DataPages } from './data-pages.ts';
import type { DomainPages } from './domain-pages.ts';
import type { ErrorPage } from './error-page.ts';
import type { HomePage } from './home-page.ts';
import type { LetterPage } from './letter-page.ts';
import type { MailboxMailPage, MailboxPage } from './mailbox-page.ts';
import type { OwnAccountPages } from './own-account-pages.ts';
import type { OperatorAppointmentPages } from './operator-appointment-pages.ts';
import type { OperatorExceptionPages } from './operator-exception-pages.ts';
import type { OperatorFilePage, OperatorLivePage, OperatorPreviewPage } from './operator-file-page.ts';
import type {
  OperatorOrganizationPage,
  OperatorOrganizationsPage,
  OperatorPeoplePage,
  OperatorRecordPage,
  OperatorStatisticsPage,
} from './operator-other-pages.ts';
import type { OperatorLotPages } from './operator-lot-pages.ts';
import type { OperatorPolicyPages } from './operator-policy-pages.ts';
import type { OperatorProviderPages } from './operator-provider-pages.ts';
import type { JoiningPages } from './joining-pages.ts';
import type { MemberPages } from './member-pages.ts';
import type { PartnerPages } from './partner-pages.ts';
import type { SignInPages } from './sign-in-pages.ts';
import type { SponsorPages } from './sponsor-pages.ts';
import type { OperatorMePage } from './operator-pages.ts';
import type { OperatorQueuePages } from './operator-queue-page.ts';

/**
 * What each page is given: `renderPage(ctx, 'refusal', model)` accepts nothing else. Plain data; the words of the page
 * are in `locales/`, except sentences about the domain (a reason, a step), which come in the reader's language.
 * Addresses (`href`, `action`) are ours, or https/mailto/tel; the template drops anything else.
 */
export interface Pages
  extends
    ApplicantPages,
    OperatorAppointmentPages,
    OwnAccountPages,
    OperatorExceptionPages,
    OperatorLotPages,
    OperatorPolicyPages,
    OperatorProviderPages,
    OperatorQueuePages,
    SignInPages,
    SponsorPages,
    MemberPages,
    JoiningPages,
    PartnerPages,
    DataPages,
    DomainPages {
  'choose-organization': ChooseOrganizationPage;
  'select-account': SelectAccountPage;
  'form-post': FormPostPage;
  refusal: RefusalPage;
  'step-up': StepUpPage;
  error: ErrorPage;
  logout: LogoutPage;
  'logged-out': LoggedOutPage;
  account: AccountPage;
  home: HomePage;
  letter: LetterPage;
  mailbox: MailboxPage;
  'mailbox-mail': MailboxMailPage;
  'operator-me': OperatorMePage;
  'operator-file': OperatorFilePage;
  'operator-live': OperatorLivePage;
  'operator-preview': OperatorPreviewPage;
  'operator-organizations': OperatorOrganizationsPage;
  'operator-organization': OperatorOrganizationPage;
  'operator-people': OperatorPeoplePage;
  'operator-record': OperatorRecordPage;
  'operator-statistics': OperatorStatisticsPage;
  accessibilite: LegalPage;
  'donnees-personnelles': LegalPage;
  'mentions-legales': LegalPage;
  aide: LegalPage;
}

export type PageName = keyof Pages;

/** The way back to the tool. `post`: a button that posts, when going back changes something. */
export interface Back {
  readonly href: string;
  /** « Revenir à Docs » when not given. */
  readonly label?: string | undefined;
  readonly post?: boolean | undefined;
}

/** Fields that the form carries back unseen. */
export type HiddenFields = Readonly<Record<string, string>>;

/** Code of the catalogue and id of the log: « M-ELIG-012 · 7F3A-91C2 ». */
export interface Reference {
  readonly code: ErrorCode;
  readonly id: string;
}

/** Pages on the way to a tool; `service` is its name, also shown in the header. */
export interface OnTheWay {
  readonly service?: string | undefined;
  readonly back?: Back | undefined;
}

export type Answer = 'yes' | 'guest' | 'no';

export interface ChooseOrganizationPage extends OnTheWay {
  readonly action: string;
  readonly hidden?: HiddenFields | undefined;
  /** The form posts `siret`, one of these. */
  readonly organizations: readonly {
    readonly siret: string;
    readonly name: string;
    /** « Commune », « Association déclarée ». */
    readonly type: string;
    readonly commune?: string | undefined;
    /** What it opens for this tool, when known. */
    readonly opens?: Answer | undefined;
  }[];
  readonly selected?: string | undefined;
  readonly error?: 'missing' | undefined;
}

export interface SelectAccountPage extends OnTheWay {
  /** The form posts `account`: `same`, or `other`. */
  readonly action: string;
  /** Who is signed in in this browser; empty when the IdP gave no name. */
  readonly name: string;
  readonly email: string;
}

/** The answer on its way to the tool; the form goes there, by itself where scripts run. */
export interface FormPostPage {
  readonly service?: string | undefined;
  readonly action: string;
  readonly hidden: HiddenFields;
  /** Goes on by itself where scripts run. */
  readonly autoSubmit: boolean;
}

/** « votre association », « votre commune »: what the organization is called in a sentence. */
export const organizationKinds = [
  'association',
  'foundation',
  'commune',
  'local_authority',
  'administration',
  'company',
  'organization',
] as const;
export type OrganizationKind = (typeof organizationKinds)[number];

/** A link to what can be done now. `name`: number of a file, or of whom it leads to. */
export interface RefusalWay {
  readonly words: 'follow' | 'answer' | 'contest' | 'renew' | 'open' | 'retry' | 'other' | 'support';
  readonly href: string;
  readonly name?: string | undefined;
}

export interface RefusalPage {
  readonly service: string;
  readonly organization?:
    | {
        readonly name: string;
        readonly type: string;
        readonly kind: OrganizationKind;
        readonly siret?: string | undefined;
      }
    | undefined;
  /** The organization no longer recognizes the person: it decides, not the service. */
  readonly revoked?: boolean | undefined;
  /** Plain sentences of this very decision; the general ones of the catalogue when not given. */
  readonly reason?: string | undefined;
  readonly approvals?:
    | readonly {
        readonly service: string;
        readonly level?: 'member' | 'guest' | undefined;
        /** Last day, as an ISO date. */
        readonly endsOn: string;
      }[]
    | undefined;
  readonly decidedBy?:
    | {
        readonly name: string;
        /** `mailto:` or `https:`. */
        readonly contact?: string | undefined;
        /** « Réponse sous deux mois ». */
        readonly delay?: string | undefined;
      }
    | undefined;
  /** What to do, one sentence each; those of the catalogue when empty. */
  readonly steps?: readonly { readonly text: string; readonly href?: string | undefined }[] | undefined;
  readonly ways?: readonly RefusalWay[] | undefined;
  /** Last day of the approval that has ended. */
  readonly endedOn?: string | undefined;
  readonly requestHref?: string | undefined;
  readonly otherOrganizationHref?: string | undefined;
  readonly back: Back;
  readonly reference: Reference;
  /** For the texts of the catalogue that name them. */
  readonly idp?: string | undefined;
  readonly domain?: string | undefined;
}

export interface StepUpPage {
  readonly service: string;
  /** Absent: the account is kept here, and so is the second proof. */
  readonly idp?: string | undefined;
  /** A form posts here and goes on to the identity provider. */
  readonly action: string;
  readonly hidden?: HiddenFields | undefined;
  /** The rules of the tool take a code sent to this address for the second proof: a form posts there. */
  readonly emailCode?: { readonly action: string; readonly email: string } | undefined;
  /** The identity provider was asked already and did not do it. */
  readonly tried?: boolean | undefined;
  readonly back: Back;
  readonly reference?: Reference | undefined;
}

export interface LogoutPage {
  readonly service?: string | undefined;
  /** Where the form posts `xsrf`, and `logout=yes` to close every session. */
  readonly action: string;
  readonly xsrf: string;
  /** Posts by itself: a valid id_token_hint was given. */
  readonly autoSubmit: boolean;
}

export interface LoggedOutPage {
  readonly service?: string | undefined;
  readonly serviceHref?: string | undefined;
  /** Where the person may still be signed in. */
  readonly idp?: string | undefined;
}

/** Who answers for this site. Until the deployer says so, the site presents itself as a demonstration. */
export interface Publisher {
  readonly name: string;
  readonly address?: string | undefined;
  readonly director?: string | undefined;
  readonly host?: string | undefined;
  /** `mailto:` or `https:`. */
  readonly contact: string;
  readonly dataProtectionOfficer?: string | undefined;
}

export interface LegalPage {
  readonly publisher?: Publisher | undefined;
  readonly securityContact?: string | undefined;
  /** Address of the site, as people type it. */
  readonly site: string;
  readonly kept?: KeptFor | undefined;
}

/** How long what people send is kept: the figures by which it is destroyed. */
export interface KeptFor {
  readonly draftDays: number;
  readonly refusedYears: number;
  readonly grantedYears: number;
  readonly invitationDays: number;
  readonly memberDays: number;
}
