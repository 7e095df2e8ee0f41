import type { Back, HiddenFields, Reference } from './pages.ts';

/** Goes on: a link, or a form that carries what was typed. */
type Onward = { readonly href: string } | { readonly action: string; readonly hidden: HiddenFields };

/** Of an identity provider that does not answer. */
export interface AwayShown {
  /** Asks it again. */
  readonly again: Onward;
  /** Others that the same address has. */
  readonly others: readonly {
    readonly name: string;
    readonly action: string;
    readonly hidden: HiddenFields;
  }[];
  /** Its own pages: what to do, and how it is. */
  readonly helpHref?: string | undefined;
  readonly statusHref?: string | undefined;
}

export interface ErrorWay {
  readonly words: 'organizations' | 'requests' | 'email';
  readonly href: string;
}

export interface ErrorPage {
  readonly title: string;
  readonly why: string;
  readonly todo: readonly string[];
  readonly reference: Reference;
  readonly service?: string | undefined;
  readonly back?: Back | undefined;
  readonly support?: { readonly href: string; readonly name: string } | undefined;
  readonly otherAccountHref?: string | undefined;
  readonly away?: AwayShown | undefined;
  /** Where to go on here: to join an organization, to file the request of one. */
  readonly ways?: readonly ErrorWay[] | undefined;
  /** The same in the other language, when this address cannot be asked for again. */
  readonly other?:
    | {
        readonly lang: string;
        readonly title: string;
        readonly why: string;
        readonly todo: readonly string[];
      }
    | undefined;
}
