import type { OperatorPage } from './operator-pages.ts';

/** Of an operator, in words but the roles, whose words are in `locales/`. */
export interface OperatorShown {
  readonly href: string;
  readonly name: string;
  readonly capacity: string;
  readonly organization: string;
  readonly roles: readonly string[];
  /** Absent: everywhere. */
  readonly perimeter?:
    | {
        readonly departments?: readonly string[] | undefined;
        readonly federations?: readonly string[] | undefined;
        readonly services?: readonly string[] | undefined;
      }
    | undefined;
  readonly delegation?: { readonly from: string; readonly to: string } | undefined;
  /** Of the delegation. */
  readonly state?: 'not_begun' | 'ends_soon' | 'ended' | undefined;
  /** Declared in the files of the deployment: not changed here. */
  readonly inFiles: boolean;
  /** Into the console. */
  readonly lastAt?: Date | undefined;
}

interface ProposalLine {
  readonly href: string;
  readonly kind: 'appoint' | 'change' | 'readmit';
  readonly status: 'proposed' | 'confirmed' | 'declined' | 'withdrawn';
  readonly name: string;
  readonly by: string;
  readonly createdAt: Date;
}

/** `/operateur/operateurs`. */
export interface OperatorOperatorsPage extends OperatorPage {
  readonly done?: 'appoint' | 'change' | 'readmit' | 'declined' | 'withdrawn' | 'removed' | undefined;
  readonly newHref: string;
  /** Nobody else can confirm: what to do is said. */
  readonly alone: boolean;
  readonly proposals: readonly (ProposalLine & {
    /** For this person to answer. */
    readonly mine: boolean;
  })[];
  readonly operators: readonly OperatorShown[];
  readonly removed: readonly {
    readonly href: string;
    readonly name: string;
    readonly at: Date;
    readonly by: string;
    readonly inFiles: boolean;
  }[];
}

/** `/operateur/operateurs/fiches/:id`. */
export interface OperatorCardPage extends OperatorPage {
  readonly backHref: string;
  readonly name: string;
  readonly shown: OperatorShown;
  readonly siren: string;
  readonly email: string;
  readonly idp: string;
  readonly subject: string;
  readonly since: Date;
  readonly proposals: readonly ProposalLine[];
  readonly changeHref?: string | undefined;
  readonly remove?:
    { readonly action: string; readonly reason: string; readonly missing: boolean } | undefined;
  /** Why there is nothing to do here. */
  readonly self: boolean;
  /** Nobody else than who reads would keep the operators any more: what to do is said. */
  readonly lastOther: boolean;
  /** They were removed: by whom, when, why. */
  readonly removed?: { readonly at: Date; readonly by: string; readonly reason: string } | undefined;
  readonly readmit?:
    { readonly action: string; readonly reason: string; readonly missing: boolean } | undefined;
  readonly appointHref?: string | undefined;
}

/** Ids of the fields of the form. */
export type OperatorFieldName =
  | 'idp'
  | 'sujet'
  | 'prenom'
  | 'nom'
  | 'qualite'
  | 'organisme'
  | 'siren'
  | 'adresse'
  | 'roles'
  | 'departements'
  | 'federations'
  | 'services'
  | 'du'
  | 'au'
  | 'motif';

/** `/operateur/operateurs/nommer`, `/operateur/operateurs/fiches/:id/modifier`. */
export interface OperatorAppointPage extends OperatorPage {
  readonly backHref: string;
  readonly action: string;
  /** Of whom is changed. */
  readonly name?: string | undefined;
  readonly seen?: string | undefined;
  /** The operator changed since the page was opened. */
  readonly stale: boolean;
  readonly search?:
    | {
        readonly action: string;
        readonly typed: string;
        /** Absent: nobody was looked for. */
        readonly found?:
          | readonly {
              readonly href: string;
              readonly idp: string;
              readonly subject: string;
              readonly lastAt: Date;
            }[]
          | undefined;
      }
    | undefined;
  /** Known: not to be typed. */
  readonly identity?:
    | {
        readonly idp: string;
        readonly subject: string;
        readonly idpName: string;
        /** Of a sign-in to anything. */
        readonly lastAt?: Date | undefined;
      }
    | undefined;
  readonly idps: readonly { readonly id: string; readonly name: string }[];
  readonly values: Readonly<Record<Exclude<OperatorFieldName, 'roles' | 'services'>, string>>;
  readonly roles: readonly string[];
  readonly services: readonly {
    readonly id: string;
    readonly name: string;
    readonly checked: boolean;
  }[];
  readonly errors: readonly { readonly field: OperatorFieldName; readonly words: string }[];
}

/** `/operateur/operateurs/propositions/:id`. */
export interface OperatorProposalPage extends OperatorPage {
  readonly backHref: string;
  readonly done: boolean;
  readonly kind: ProposalLine['kind'];
  readonly status: ProposalLine['status'];
  readonly name: string;
  readonly by: string;
  readonly createdAt: Date;
  readonly reason: string;
  readonly second?: string | undefined;
  readonly updatedAt?: Date | undefined;
  readonly answered?: string | undefined;
  /** What is to be; what was is given for a change. */
  readonly facts: readonly {
    readonly words:
      | 'name'
      | 'capacity'
      | 'organization'
      | 'siren'
      | 'email'
      | 'identity'
      | 'delegation'
      | 'departments'
      | 'federations'
      | 'services';
    readonly before: string;
    readonly after: string;
  }[];
  readonly roles: { readonly before?: readonly string[] | undefined; readonly after: readonly string[] };
  /** The operator changed since: it cannot be confirmed as it is. */
  readonly stale: boolean;
  readonly lastAt?: Date | undefined;
  readonly actions: {
    readonly confirm?: string | undefined;
    readonly decline?: string | undefined;
    readonly withdraw?: string | undefined;
  };
  readonly declined: { readonly reason: string; readonly missing: boolean };
  /** Why this person has no button. */
  readonly state?: 'second' | 'self' | undefined;
}

export interface OperatorAppointmentPages {
  'operator-operators': OperatorOperatorsPage;
  'operator-card': OperatorCardPage;
  'operator-appoint': OperatorAppointPage;
  'operator-proposal': OperatorProposalPage;
}
