import type { ExceptionsOfOrganization } from './operator-exception-pages.ts';
import type { KnownFact, Said } from './operator-file-page.ts';
import type { RepresentativeShown } from './member-pages.ts';
import type { OperatorPage } from './operator-pages.ts';
import type { DecisionShown } from './operator-policy-pages.ts';

/** `/operateur/organisations`. */
export interface OperatorOrganizationsPage extends OperatorPage {
  readonly query: string;
  readonly action: string;
  /** For whoever decides on domains of organizations. */
  readonly domainsHref?: string | undefined;
  readonly error?: string | undefined;
  readonly list?:
    | {
        readonly total: number;
        /** Found, and out of what this person may see. */
        readonly hidden: number;
        readonly more: boolean;
        readonly page: number;
        readonly pages: number;
        readonly previousHref?: string | undefined;
        readonly nextHref?: string | undefined;
        readonly rows: readonly {
          readonly href: string;
          readonly name: string;
          readonly type: string;
          readonly place?: string | undefined;
          readonly number: string;
          readonly active: boolean;
        }[];
      }
    | undefined;
}

/** A domain of e-mail addresses, and who says that it is the organization's. `name`: number of a file, or of a provider. */
export interface DomainShown {
  readonly domain: string;
  readonly sources: readonly {
    readonly words: 'file' | 'provider' | 'list';
    readonly name: string;
    readonly href?: string | undefined;
    readonly asOf?: string | undefined;
  }[];
}

/** `/operateur/organisations/:id/personnes`. */
export interface OperatorPeoplePage extends OperatorPage {
  readonly name: string;
  readonly backHref: string;
  /** The perimeter of who reads names services: only who uses them is shown. */
  readonly bounded: boolean;
  readonly people: readonly {
    /** Empty: forgotten, or never said. */
    readonly name: string;
    readonly email: string;
    readonly level: string;
    readonly idp: string;
    readonly firstSeenAt: Date;
    readonly lastSeenAt: Date;
    readonly standing: string;
    readonly sessions: number;
    /** Names of what is open now. */
    readonly services: readonly string[];
    /** The form posts `vu`. Absent: it may not be done, or not by this person. */
    readonly confirm?: { readonly action: string; readonly seen: number } | undefined;
    readonly revokeHref?: string | undefined;
    readonly restoreHref?: string | undefined;
  }[];
  readonly representatives: readonly RepresentativeShown[];
  readonly total?: number | undefined;
  readonly page: number;
  readonly pages: number;
  readonly previousHref?: string | undefined;
  readonly nextHref?: string | undefined;
  readonly guests: readonly {
    readonly service: string;
    readonly email: string;
    readonly sponsor: string;
    readonly from: string;
    readonly to: string;
    readonly standing: string;
  }[];
}

/** `/operateur/organisations/:id`. */
export interface OperatorOrganizationPage extends OperatorPage {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  readonly facts: readonly KnownFact[];
  readonly flags: readonly string[];
  /** Absent: no establishment is known, nobody can sign in for it. */
  readonly services?: readonly { readonly name: string; readonly decision: DecisionShown }[] | undefined;
  readonly approvals: readonly {
    readonly service: string;
    readonly status: string;
    /** Absent: asked for or refused, nobody gave anything. */
    readonly given?:
      | {
          readonly level: string;
          readonly ground: string;
          readonly from: string;
          readonly to: string;
        }
      | undefined;
    readonly reason: string;
    readonly fileHref?: string | undefined;
  }[];
  readonly files: readonly {
    readonly href: string;
    readonly id: string;
    readonly receivedAt?: Date | undefined;
    readonly states: readonly Said[];
  }[];
  readonly people: number;
  /** Absent: this person may read no name of those who act for it. */
  readonly peopleHref?: string | undefined;
  readonly domains: readonly DomainShown[];
  /** An exception just ended at once. */
  readonly done?: 'ended' | undefined;
  readonly exceptions?: ExceptionsOfOrganization | undefined;
  readonly changes: readonly {
    readonly at: Date;
    readonly source: string;
    readonly kind: 'new' | 'changed' | 'gone';
    readonly by?: string | undefined;
    readonly reason?: string | undefined;
    /** `fact`: of the register, or `other`. */
    readonly details: readonly {
      readonly fact: string;
      readonly before?: Said | undefined;
      readonly after?: Said | undefined;
    }[];
  }[];
}

/** `/operateur/journal`. */
export interface OperatorRecordPage extends OperatorPage {
  readonly filter: { readonly [name in 'objet' | 'acte' | 'auteur' | 'du' | 'au']: string };
  readonly problems: readonly string[];
  readonly action: string;
  /** Absent: this person may not take it away. */
  readonly exportAction?: string | undefined;
  readonly nextHref?: string | undefined;
  readonly firstHref?: string | undefined;
  readonly entries: readonly {
    readonly seq: number;
    readonly at: Date;
    readonly act: string;
    /** The name of the act again, where the locales have words for it. */
    readonly words?: string | undefined;
    readonly subject: string;
    /** Of an account, while the record holds it. */
    readonly subjectName?: string | undefined;
    readonly subjectHref?: string | undefined;
    readonly actor: string;
    readonly who?: string | undefined;
    readonly detail: 'held' | 'erased' | 'unreadable';
    readonly reason?: string | undefined;
    readonly before?: string | undefined;
    readonly after?: string | undefined;
    readonly hash: string;
  }[];
}

interface CountsShown {
  readonly requests: number;
  readonly approved: number;
  readonly refused: number;
  readonly implicitlyRefused: number;
  readonly implicitlyAccepted: number;
  readonly medianDays?: number | undefined;
  /** Per cent; absent without a decision. */
  readonly withinTarget?: number | undefined;
  /** Rights given up by their holder. */
  readonly renounced: number;
}

/** `/operateur/statistiques`. */
export interface OperatorStatisticsPage extends OperatorPage {
  /** Mails that do not arrive; absent for whoever answers for a part only. */
  readonly mail?:
    { readonly bounced: number; readonly givenUp: number; readonly retrying: number } | undefined;
  readonly action: string;
  readonly from: string;
  readonly to: string;
  readonly problem?: 'period' | undefined;
  readonly targetDays: number;
  readonly all: CountsShown & {
    readonly files: number;
    readonly suspensions: number;
    readonly endings: number;
    readonly appeals: number;
    /** On the administration's own initiative. */
    readonly granted: number;
  };
  readonly services: readonly (CountsShown & { readonly name: string })[];
  readonly motives: readonly {
    readonly motive: string;
    readonly count: number;
    readonly services: readonly { readonly name: string; readonly count: number }[];
  }[];
  readonly months: readonly {
    readonly month: string;
    readonly requests: number;
    readonly decisions: number;
  }[];
}
