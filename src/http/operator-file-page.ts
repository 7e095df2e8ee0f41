import type { LetterView } from './letter-page.ts';
import type { OperatorPage } from './operator-pages.ts';
import type { AgeShown, Tag } from './operator-queue-page.ts';

/** A tag of which the locales have the words. */
export interface SaidTag {
  readonly tone: Tag['tone'];
  readonly t: string;
}

/** Words of the model, or a text of the locales, with what it is about before and a day after. */
export type Said =
  | string
  | {
      readonly t: string;
      readonly label?: string | undefined;
      /** Words of somebody, after. */
      readonly after?: string | undefined;
      readonly date?: string | undefined;
    };

/** One thing that is known, and who says so. `words` names the text of `locales/`; values are in words already. */
export interface KnownFact {
  readonly words: string;
  readonly values: readonly Said[];
  readonly tag?: SaidTag | undefined;
  readonly links?:
    | readonly {
        readonly href: string;
        readonly words: string;
        readonly more?: readonly Said[] | undefined;
      }[]
    | undefined;
  /** Who says so, and as of when; `declared`: the organization itself; `signIn`: the sign-in of who asks. */
  readonly source?:
    { readonly label: string; readonly asOf?: string | undefined } | 'declared' | 'signIn' | undefined;
}

export interface OperatorEvidence {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** Kilobytes. */
  readonly size: number;
  readonly sha256: string;
  readonly receivedAt: Date;
  readonly destroyedAt?: Date | undefined;
  readonly href?: string | undefined;
  readonly verdict?: { readonly accepted: boolean; readonly by: string; readonly text: string } | undefined;
}

/** A field of the form of an act, as it is shown. */
export interface ActFieldShown {
  readonly name: string;
  /** Where its label is not that of its name. */
  readonly words?: string | undefined;
  readonly value: string;
  /** Of a closed list: the words of each value are in the locales. */
  readonly options?: readonly { readonly value: string; readonly chosen: boolean }[] | undefined;
  readonly problem?: string | undefined;
}

export interface OperatorActForm {
  readonly slug: string;
  /** Sends to the preview, or does it at once. */
  readonly action: string;
  readonly previewed: boolean;
  /** Where the script of the page asks for the preview while somebody writes; absent: nothing is sent by this act. */
  readonly liveHref?: string | undefined;
  readonly service?: { readonly id: string; readonly name: string } | undefined;
  readonly fields: readonly ActFieldShown[];
  /** What the register says on this page, word for word: it goes back with the form. */
  readonly findings?: string | undefined;
}

export interface OperatorRequestShown {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly tone: Tag['tone'];
  /** « Membre extérieur, jusqu’au 31 décembre 2028 ». */
  readonly terms?:
    | {
        readonly level: string;
        readonly ground: string;
        readonly from: string;
        readonly to: string;
        readonly conditions: readonly string[];
      }
    | undefined;
  readonly why: string;
  readonly users: string;
  readonly decided?:
    | {
        readonly on: string;
        readonly by?: string | undefined;
        readonly second?: string | undefined;
        /** The second person prepared what the first one decided. */
        readonly prepared: boolean;
        readonly text: string;
      }
    | undefined;
  readonly proposed?:
    | {
        readonly decision: string;
        readonly by: string;
        readonly on: string;
        readonly motive?: string;
        readonly text: string;
        readonly rule?: string;
        /** First day without the right that the organization gives up. */
        readonly startsOn?: string;
        readonly mine: boolean;
        /** Whoever proposed it may decide on it no more: nobody confirms it. */
        readonly gone: boolean;
      }
    | undefined;
  readonly notice?:
    { readonly on: string; readonly answerBy: string; readonly answer?: string | undefined } | undefined;
  readonly appeal?:
    | {
        readonly on: string;
        readonly text: string;
        /** Whoever reads signed what is contested: somebody else decides. */
        readonly signed: boolean;
      }
    | undefined;
  readonly motivesAskedOn?: string | undefined;
  /** The organization gives it up: it said so on a day; `startsOn`: the first one without the right. */
  readonly renounced?: { readonly on: string; readonly startsOn: string } | undefined;
  readonly acts: readonly { readonly slug: string; readonly href: string; readonly current: boolean }[];
}

export interface OperatorEvent {
  readonly act: string;
  readonly at: Date;
  readonly who: string;
  readonly service?: string | undefined;
  readonly texts: readonly string[];
  /** Which pieces, which terms, which answer. */
  readonly details: readonly Said[];
  readonly internal: boolean;
  readonly letterHref?: string | undefined;
  /** When its mail was given up. */
  readonly undeliveredAt?: Date | undefined;
  /** No address is known, or nothing came there: to be posted, or posted on a day; `action`: where that is said. */
  readonly posting?:
    | {
        readonly at: Date | undefined;
        /** Who posted it. */
        readonly by?: string | undefined;
        readonly action: string | undefined;
      }
    | undefined;
}

/** What has moved in the register since the decision. */
export interface OperatorReview {
  readonly words: string;
  /** When that was found. */
  readonly since: string;
  /** What was and what is. */
  readonly detail?: Said | undefined;
  /** Somebody has looked, and left the right as it is. */
  readonly seen?: { readonly at: Date; readonly by: string } | undefined;
}

/** `/operateur/dossiers/:id`. */
export interface OperatorFilePage extends OperatorPage {
  readonly id: string;
  readonly name: string;
  readonly type?: string | undefined;
  readonly organizationHref?: string | undefined;
  readonly states: readonly {
    readonly service?: string | undefined;
    readonly state: string;
    readonly tone: Tag['tone'];
  }[];
  readonly dueOn?: string | undefined;
  readonly late?: number | undefined;
  readonly age?: AgeShown | undefined;
  /** Another administration answers: which, since when. */
  readonly transferred?: { readonly to: string; readonly at: Date } | undefined;
  /** When the mail of the receipt was given up, while nobody has opened or posted it. */
  readonly lackingReceipt?: Date | undefined;
  readonly silence: 'refusal' | 'acceptance';
  readonly takenBy?: string | undefined;
  readonly mine: boolean;
  readonly seen: number;
  readonly query: string;
  readonly queueHref: string;
  /** The lot whose decision opened it. */
  readonly lot?: { readonly id: string; readonly href?: string | undefined } | undefined;
  readonly nextHref: string;
  readonly done?: string | undefined;
  /** The letter of what was done goes by post, and nobody has posted it. */
  readonly doneToPost?: boolean | undefined;
  readonly own: boolean;
  readonly facts: readonly KnownFact[];
  readonly reviews: readonly OperatorReview[];
  /** Where whoever may says that they looked at them; absent: nothing is left to look at. */
  readonly seeHref?: string | undefined;
  readonly flags: readonly Said[];
  readonly similar: readonly KnownFact[];
  readonly coverage: readonly string[];
  readonly evidence: readonly OperatorEvidence[];
  readonly missing: readonly string[];
  readonly requests: readonly OperatorRequestShown[];
  /** Of the whole file: `take`, `release`, `ask_pieces`, `transfer`. */
  readonly acts: readonly { readonly slug: string; readonly href: string; readonly current: boolean }[];
  readonly take?: string | undefined;
  readonly release?: string | undefined;
  readonly note?: string | undefined;
  readonly verify?: string | undefined;
  /** What was sent came from a page that is not true any more: what happened since, the newest first. */
  readonly meanwhile?: readonly OperatorEvent[] | undefined;
  /** The letter is not the one that was read any more. */
  readonly unread?: boolean | undefined;
  /** The register says something else than what was marked as seen. */
  readonly moved?: boolean | undefined;
  /** What was typed for an act that is not possible any more. */
  readonly typed?: string | undefined;
  readonly form?: OperatorActForm | undefined;
  readonly people?: number | undefined;
  readonly timeline: readonly OperatorEvent[];
}

/** The same while somebody writes: the script of the page of the file puts it beside the form. */
export interface OperatorLivePage extends OperatorPage {
  /** Fields to fill in or to put right before there is anything to show. */
  readonly fields: readonly { readonly name: string; readonly problem: string }[];
  /** The file has changed since the form was opened. */
  readonly stale: boolean;
  readonly shown?: OperatorPreviewPage | undefined;
}

type MandateShown = Readonly<Record<'name' | 'capacity' | 'until', string>>;

/** What will be sent, before it is. */
export interface OperatorPreviewPage extends OperatorPage {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly service?: string | undefined;
  readonly letter?: LetterView | undefined;
  /** A second person has to agree before anything is sent. */
  readonly proposal: boolean;
  readonly claim?:
    | {
        readonly answer: 'yes' | 'guest' | 'no';
        readonly summary: string;
        readonly json: string;
        readonly from?: string | undefined;
      }
    | undefined;
  /** Of the person who asks, when the right would last longer. */
  readonly mandateEndsOn?: string | undefined;
  /** Whoever represents the organization from then on: in what capacity, as they say, and up to which ISO day. */
  readonly representative?: MandateShown | undefined;
  /** Others who represent it today: a new mandate stands beside theirs. */
  readonly alsoRepresented?: readonly MandateShown[] | undefined;
  /** Nobody can sign in for the organization. */
  readonly nobodyCan: boolean;
  /** Nobody can yet: the organization lives by the number of another register. */
  readonly noSiren?: boolean | undefined;
  readonly impact?:
    | {
        readonly opens: boolean;
        readonly people: number;
        readonly sessions: number;
        readonly grants: number;
        readonly tools: readonly string[];
        readonly more: boolean;
        /** The day on which it closes, when that is not now. */
        readonly on?: string | undefined;
      }
    | undefined;
  readonly action: string;
  readonly changeAction: string;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
  readonly fileHref: string;
}
