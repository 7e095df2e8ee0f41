import type { Said } from './operator-file-page.ts';
import type { OperatorPage } from './operator-pages.ts';
import type { DecisionShown } from './operator-policy-pages.ts';

/** A fact that rights follow from, by the name that texts and addresses give it. */
export type ExceptionFact =
  'type' | 'categorie' | 'etat' | 'rna' | 'commune' | 'service-public' | 'population';

export interface FactSaid {
  readonly values: readonly Said[];
  readonly source?: { readonly label: string; readonly asOf: string } | undefined;
}

interface ExceptionLine {
  readonly href: string;
  readonly organization: string;
  readonly fact: ExceptionFact;
  readonly act: 'correct' | 'end';
  readonly by: string;
  readonly createdAt: Date;
}

/** `/operateur/exceptions`. */
export interface OperatorExceptionsPage extends OperatorPage {
  readonly done?: 'confirmed' | 'declined' | 'withdrawn' | undefined;
  /** What was just answered about. */
  readonly organization?: { readonly name: string; readonly href: string } | undefined;
  readonly proposals: readonly (ExceptionLine & {
    /** For this person to answer. */
    readonly mine: boolean;
  })[];
}

/** What services would answer to a member of the organization, and who has something open in those that close. */
export interface ExceptionEffect {
  readonly services: readonly {
    readonly name: string;
    readonly verdict: 'gains' | 'loses' | 'changes';
    /** What is decided today, where it is not only open instead of closed, or closed instead of open. */
    readonly before?: DecisionShown | undefined;
    readonly decision: DecisionShown;
  }[];
  /** How many stay as they are. */
  readonly unchanged: number;
  readonly impact?:
    | {
        readonly people: number;
        readonly sessions: number;
        readonly grants: number;
        readonly tools: readonly string[];
      }
    | undefined;
}

/** `/operateur/exceptions/:exception`. */
export interface OperatorExceptionPage extends OperatorPage {
  readonly listHref: string;
  readonly organizationHref: string;
  readonly organization: string;
  /** Just proposed. */
  readonly done: boolean;
  readonly act: 'correct' | 'end';
  readonly fact: ExceptionFact;
  readonly status: 'proposed' | 'confirmed' | 'declined' | 'withdrawn';
  readonly by: string;
  readonly createdAt: Date;
  readonly reason: string;
  /** Named on a server's command line only. */
  readonly onServer: boolean;
  readonly second?: string | undefined;
  readonly updatedAt?: Date | undefined;
  readonly answered?: string | undefined;
  /** As it was when somebody proposed; then as it is to be. */
  readonly before: FactSaid;
  readonly after: FactSaid;
  /** Why it cannot be confirmed: the fact has changed since, or its author is in charge no more. */
  readonly stale: boolean;
  readonly authorGone: boolean;
  /** Absent once answered, and while nobody can sign in for the organization. */
  readonly effect?: ExceptionEffect | undefined;
  readonly nobodyCan: boolean;
  readonly seen: string;
  readonly actions: {
    readonly confirm?: string | undefined;
    readonly decline?: string | undefined;
    readonly withdraw?: string | undefined;
  };
  readonly declined: { readonly reason: string; readonly missing: boolean };
  /** Why this person has no button. */
  readonly state?: 'second' | 'own' | undefined;
}

/** `/operateur/organisations/:id/corriger/:fait`, `/operateur/organisations/:id/lever/:fait`. */
export interface OperatorExceptionFormPage extends OperatorPage {
  readonly backHref: string;
  readonly organization: string;
  readonly act: 'correct' | 'end';
  readonly fact: ExceptionFact;
  readonly before: FactSaid;
  readonly action: string;
  /** Of an end: what it does, and whether at once. */
  readonly effect?: ExceptionEffect | undefined;
  readonly nobodyCan: boolean;
  readonly atOnce: boolean;
  /** Somebody has proposed something about this fact already: there. */
  readonly waitingHref?: string | undefined;
  readonly seen?: string | undefined;
  /** The register or the rules changed since the page was opened. */
  readonly stale: boolean;
  readonly types: readonly { readonly value: string; readonly label: string }[];
  readonly typed: { readonly value: string; readonly facets: readonly string[]; readonly reason: string };
  readonly errors: readonly ('valeur' | 'motif')[];
}

export interface OperatorExceptionPages {
  'operator-exceptions': OperatorExceptionsPage;
  'operator-exception': OperatorExceptionPage;
  'operator-exception-form': OperatorExceptionFormPage;
}

/** On the page of an organization, for whoever may decide on exceptions. */
export interface ExceptionsOfOrganization {
  readonly standing: readonly {
    readonly fact: ExceptionFact;
    /** What is held. */
    readonly value: FactSaid;
    readonly by: string;
    /** Who confirmed it; nobody did what the command line corrects at once. */
    readonly second?: string | undefined;
    readonly at: Date;
    readonly reason: string;
    readonly endHref: string;
  }[];
  readonly waiting: readonly ExceptionLine[];
  readonly correct: readonly { readonly fact: ExceptionFact; readonly href: string }[];
}
