import type { OperatorPage } from './operator-pages.ts';
import type { ConcernedShown, OperatorPolicyPreviewPage } from './operator-policy-preview-page.ts';

/** A line of rules in words. A line of a greater depth is part of the one above that is less deep. */
interface LineShown {
  readonly depth: number;
  readonly text: string;
}

/** Rules in the words of the reader. */
export interface PolicyShown {
  readonly start: readonly LineShown[];
  readonly guards: readonly LineShown[];
  readonly rules: readonly { readonly id: string; readonly lines: readonly LineShown[] }[];
  readonly otherwise: readonly LineShown[];
}

/** What a decision looked at, in order. */
export interface DecisionShown {
  readonly answer: 'yes' | 'guest' | 'no';
  readonly summary: string;
  readonly todo: readonly string[];
  readonly until?: Date | undefined;
  readonly rule?: string | undefined;
  readonly policy: string;
  readonly trace: readonly {
    readonly part: 'guard' | 'rule' | 'grace';
    readonly id: string;
    readonly truth: 'true' | 'false' | 'unknown';
    readonly tests: readonly {
      /** Of the predicate. */
      readonly name: string;
      readonly clause: string;
      readonly value: ValueShown;
      readonly source: string;
      readonly asOf: string;
      readonly truth: 'true' | 'false' | 'unknown';
    }[];
  }[];
}

/** `code`: as the registers write it; `words`: as people do. */
export interface ValueShown {
  readonly kind: 'yes' | 'no' | 'none' | 'unknown' | 'words' | 'code';
  readonly code: string;
}

/** `/operateur/services`. */
interface OperatorPoliciesPage extends OperatorPage {
  readonly simulateAction: string;
  readonly services: readonly {
    readonly id: string;
    readonly name: string;
    readonly audience: string;
    readonly decidedBy: string;
    readonly href: string;
    /** Drafts that are not ended. */
    readonly drafts: number;
    /** Those of them that wait for this very person to read and publish them. */
    readonly toRead: readonly { readonly href: string; readonly version: number }[];
    /** Absent: no rules are in force, nobody enters. */
    readonly policy?:
      | {
          readonly version: number;
          readonly validFrom: string;
          readonly until?: Date | undefined;
          readonly shown: PolicyShown;
        }
      | undefined;
  }[];
}

type DraftStateShown = 'draft' | 'proposed' | 'published' | 'discarded';

/** `/operateur/services/:service`: every version, and what is being written. */
interface OperatorPolicyPage extends OperatorPage {
  readonly done?: 'publier' | 'abandonner' | undefined;
  readonly name: string;
  readonly backHref: string;
  readonly audience: string;
  readonly decidedBy: string;
  readonly current?: { readonly version: number; readonly shown: PolicyShown } | undefined;
  readonly document?: { readonly text: string; readonly digest: string } | undefined;
  /** The newest first. */
  readonly versions: readonly {
    readonly version: number;
    readonly validFrom: string;
    readonly state: 'current' | 'coming' | 'past';
    /** Absent: of the files of the operator. */
    readonly by?: string | undefined;
    readonly second?: string | undefined;
    readonly since: Date;
    readonly reason?: string | undefined;
  }[];
  readonly drafts: readonly {
    readonly href: string;
    readonly by: string;
    readonly state: DraftStateShown;
    readonly version: number;
    readonly updatedAt: Date;
  }[];
  /** Absent: with fewer than two versions. */
  readonly compare?: { readonly action: string; readonly from: number; readonly to: number } | undefined;
  /** Absent: not for this person. */
  readonly startAction?: string | undefined;
}

interface DiffShown {
  /** Absent: both say the same. */
  readonly lines?: readonly { readonly sign: ' ' | '-' | '+'; readonly text: string }[] | undefined;
}

/** `/operateur/services/:service/comparer`. */
interface OperatorPolicyDiffPage extends OperatorPage {
  readonly name: string;
  readonly backHref: string;
  readonly from: number;
  readonly to: number;
  readonly words: DiffShown;
  readonly text: DiffShown;
}

/** One rule or guard of a draft, and what may be done to it; each is the value of a button. */
interface RulingShown {
  /** Of the rule, or the place of the guard. */
  readonly name: string;
  readonly lines: readonly LineShown[];
  /** Absent: fields cannot say it, it is changed in the document. */
  readonly change?: string | undefined;
  readonly up?: string | undefined;
  readonly down?: string | undefined;
  readonly remove: string;
}

interface RuleListShown {
  readonly parts: readonly {
    readonly part: 'guards' | 'rules';
    readonly rulings: readonly RulingShown[];
    readonly add: string;
  }[];
}

/** `/operateur/services/:service/brouillons/:brouillon/regles/:place`: one rule or guard as fields. */
interface OperatorPolicyRulePage extends OperatorPage {
  readonly name: string;
  readonly version: number;
  readonly part: 'guards' | 'rules';
  readonly isNew: boolean;
  readonly backHref: string;
  readonly action: string;
  readonly seen: number;
  /** What the rule says that the form was filled from, and its name: empty for a new one. */
  readonly mark: string;
  readonly id: string;
  /** The text has changed since the form was opened; `lines`: what its rule says by now, when that is not what it said. */
  readonly stale?:
    | {
        readonly words: 'same' | 'changed' | 'gone' | 'unreadable';
        readonly lines: readonly LineShown[];
      }
    | undefined;
  /** Fields to be corrected, in the order of the page; `conditions` for all of them. */
  readonly errors: readonly string[];
  /** It cannot be written into the document by a form. */
  readonly byHand: boolean;
  readonly sections: readonly {
    readonly words: 'name' | 'organization' | 'person' | 'outcome' | 'grace';
    readonly fields: readonly {
      readonly id: string;
      readonly kind: 'text' | 'date' | 'select' | 'checks';
      readonly hint: boolean;
      readonly value: string;
      /** An empty label: no condition. */
      readonly options: readonly {
        readonly value: string;
        readonly label: string;
        readonly chosen: boolean;
      }[];
    }[];
  }[];
}

/** `/operateur/services/:service/brouillons/:brouillon`. */
interface OperatorPolicyDraftPage extends OperatorPage {
  readonly done?: 'enregistrer' | 'proposer' | 'renvoyer' | 'regles' | 'texte' | undefined;
  readonly name: string;
  readonly backHref: string;
  readonly version: number;
  readonly base: number;
  readonly state: DraftStateShown;
  readonly by: string;
  readonly second?: string | undefined;
  readonly updatedAt: Date;
  readonly seen: number;
  readonly reason: string;
  readonly document: string;
  readonly maximum: number;
  readonly problems: readonly {
    readonly line: number;
    readonly kind: string;
    readonly name: string;
    readonly detail: string;
  }[];
  /** What is shown was typed on a page that is out of date, and is not saved; where to read what is. */
  readonly overtaken?: { readonly againHref: string } | undefined;
  /** Another version came since: this one cannot be published. */
  readonly isStale: boolean;
  /** Its first day is over. */
  readonly isPast: boolean;
  readonly shown?: PolicyShown | undefined;
  /** Absent: not for this person, or not now. */
  readonly editor?: (RuleListShown & { readonly action: string }) | undefined;
  readonly changes?: { readonly words: DiffShown; readonly text: DiffShown } | undefined;
  /** Absent: what this person cannot do now. */
  readonly actions: {
    readonly [act in 'enregistrer' | 'proposer' | 'abandonner' | 'renvoyer' | 'publier']?: string | undefined;
  };
  /** Whoever wrote it writes these rules no more: nobody publishes it, nor goes on with it. */
  readonly isAuthorGone: boolean;
  /** Their own: somebody else publishes. */
  readonly waitsForSecond: boolean;
  /** For whoever may publish it now: whom it shuts out of those who have the service open. */
  readonly concerned?: ConcernedShown | undefined;
  readonly returned: { readonly reason: string; readonly missing: boolean };
  readonly previewHref?: string | undefined;
  readonly simulate?: { readonly action: string; readonly draft: string } | undefined;
}

/** `/operateur/simulation`. */
interface OperatorSimulationPage extends OperatorPage {
  readonly backHref: string;
  readonly action: string;
  readonly number: string;
  readonly draft?: { readonly id: string; readonly service: string; readonly version: number } | undefined;
  readonly problem?: 'malformed' | 'unknown' | 'draft' | undefined;
  readonly organization?:
    | { readonly name: string; readonly siret: string; readonly type: string; readonly href: string }
    | undefined;
  readonly at?: Date | undefined;
  readonly services: readonly {
    readonly name: string;
    readonly side?: 'before' | 'after' | undefined;
    readonly decision: DecisionShown;
  }[];
}

export interface OperatorPolicyPages {
  'operator-policies': OperatorPoliciesPage;
  'operator-policy': OperatorPolicyPage;
  'operator-policy-diff': OperatorPolicyDiffPage;
  'operator-policy-draft': OperatorPolicyDraftPage;
  'operator-policy-preview': OperatorPolicyPreviewPage;
  'operator-policy-rule': OperatorPolicyRulePage;
  'operator-simulation': OperatorSimulationPage;
}
