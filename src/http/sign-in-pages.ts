import type { HiddenFields, OnTheWay, Reference } from './pages.ts';
import type { PasskeyShown } from './partner-pages.ts';

/** From an address to a sign-in page. */
export interface SignInPages {
  email: EmailPage;
  'unknown-domain': UnknownDomainPage;
  'free-mail': FreeMailPage;
  'choose-idp': ChooseIdpPage;
}

export interface EmailPage extends OnTheWay {
  readonly action: string;
  readonly hidden?: HiddenFields | undefined;
  /** The form posts `email`; this is what the field holds at first. */
  readonly email?: string | undefined;
  readonly error?: 'missing' | 'malformed' | undefined;
  /** They are signed in, and came to act for an organization since: to sign in again takes that in. */
  readonly gained?: boolean | undefined;
  /** Who has a passkey signs in with it, without an address. */
  readonly passkey?: PasskeyShown | undefined;
  /** Where an association files a request. */
  readonly requestHref?: string | undefined;
}

export interface UnknownDomainPage extends OnTheWay {
  readonly email: string;
  readonly domain: string;
  /** The e-mail page, to try another address. */
  readonly retryHref: string;
  /** Where the form of the suggestions posts `email`. */
  readonly action: string;
  /** Where a form posts `email` as it is, to receive a code there; undefined: nobody signs in so. */
  readonly codeAction?: string | undefined;
  /** The same address with another domain, one that is known; `shown` with its accents. */
  readonly suggestions: readonly { readonly email: string; readonly shown: string }[];
  readonly requestHref?: string | undefined;
  readonly reference?: Reference | undefined;
}

/** An address that anybody can open: it proves no organization. */
export interface FreeMailPage extends OnTheWay {
  readonly email: string;
  readonly domain: string;
  readonly retryHref: string;
  readonly requestHref?: string | undefined;
  readonly reference?: Reference | undefined;
}

export interface ChooseIdpPage extends OnTheWay {
  readonly action: string;
  readonly hidden?: HiddenFields | undefined;
  readonly email: string;
  /** The form posts `idp`, one of these ids. At least one. */
  readonly idps: readonly {
    readonly id: string;
    readonly name: string;
    /** What tells it from another of the same name. */
    readonly about?: string | undefined;
  }[];
  readonly selected?: string | undefined;
  /** `selected` was remembered on this device. The form posts `remember`, or `forget` to forget it. */
  readonly remembered: boolean;
  /** It was just forgotten. */
  readonly forgotten?: boolean | undefined;
  readonly error?: 'missing' | undefined;
  readonly retryHref?: string | undefined;
}
