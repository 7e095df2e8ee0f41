import type { PasskeyShown } from './partner-pages.ts';

/** Pages of `/compte`, beside that of the sessions. `words` name texts under `ownAccount` in `locales/`. */
export interface OwnAccountPages {
  'account-identity': AccountIdentityPage;
  'account-code': AccountCodePage;
  'account-link': AccountLinkPage;
  'account-security': AccountSecurityPage;
  'account-passkey': AccountPasskeyPage;
  'account-totp': AccountTotpPage;
  'account-codes': AccountCodesPage;
  'account-history': AccountHistoryPage;
}

export interface AccountIdentityPage {
  /** As this sign-in says. */
  readonly name: string;
  readonly email: string;
  /** Name of the identity provider, when it is still declared; and where to have it changed. */
  readonly idp?: string | undefined;
  readonly idpHref?: string | undefined;
  /** Where a former account of theirs is linked, or a link taken back; undefined: there is nothing of the kind. */
  readonly linkHref?: string | undefined;
  /** Of an account kept here. */
  readonly own?:
    | {
        /** The form posts `given_name` and `usual_name`. */
        readonly namesAction: string;
        readonly givenName: string;
        readonly usualName: string;
        readonly addresses: readonly {
          readonly handle: string;
          readonly address: string;
          readonly primary: boolean;
          readonly since: Date;
        }[];
        /** The form posts `email`. */
        readonly addAction: string;
        /** They post `adresse`: a handle. */
        readonly primaryAction: string;
        readonly removeAction: string;
      }
    | undefined;
  readonly done?: 'names' | 'added' | 'primary' | 'removed' | undefined;
  /** Of the address to add. */
  readonly error?: 'malformed' | 'yours' | undefined;
  readonly typed?: string | undefined;
  readonly backHref: string;
}

/** Two accounts of one person: that of an identity provider, and the one kept here before. */
export interface AccountLinkPage {
  readonly email: string;
  /** Name of the provider of this sign-in. */
  readonly idp: string;
  readonly former?:
    | {
        readonly since: Date;
        readonly name: string;
        /** The form posts `second` as well. */
        readonly secondFactor: boolean;
        readonly codeAction: string;
        /** The form posts `code`; undefined: none was sent. */
        readonly action?: string | undefined;
      }
    | undefined;
  /** Names of the providers whose identity leads to this account. */
  readonly linked: readonly { readonly id: string; readonly idp: string; readonly at: Date }[];
  /** Posts `lien`: an id. */
  readonly separateAction: string;
  readonly done?: 'linked' | 'separated' | undefined;
  readonly error?: 'missing' | 'wrong' | 'expired' | 'none' | 'too_many' | 'wait' | 'second' | undefined;
  readonly backHref: string;
}

export interface AccountCodePage {
  /** What waits for the code. */
  readonly words: 'add' | 'primary' | 'prove' | 'join';
  /** Where it was sent. */
  readonly email: string;
  /** The form posts `code`. */
  readonly action: string;
  readonly resendAction: string;
  /** From when another code can be asked for; undefined: now. */
  readonly resendAt?: Date | undefined;
  readonly resent?: boolean | undefined;
  readonly error?: 'missing' | 'wrong' | 'expired' | 'none' | 'too_many' | 'wait' | undefined;
  readonly backHref: string;
}

export interface AccountSecurityPage {
  readonly idp?: string | undefined;
  readonly own?:
    | {
        readonly email: string;
        readonly authenticators: readonly {
          readonly handle: string;
          readonly kind: 'passkey' | 'totp';
          readonly name: string;
          readonly createdAt: Date;
          readonly lastUsedAt?: Date | undefined;
          /** Of a passkey: its owner's other devices have it too. */
          readonly copied: boolean;
          /** The last one, where a role or a tool asks for two factors. */
          readonly stays: boolean;
        }[];
        readonly codesLeft: number;
        /** All of them were said to be lost. */
        readonly lost?: { readonly readyAt: Date; readonly ready: boolean } | undefined;
        readonly passkeyHref: string;
        readonly totpHref: string;
        readonly codesHref: string;
        /** They post `moyen`: a handle; and `nom`. */
        readonly renameAction: string;
        readonly removeAction: string;
        readonly cancelAction: string;
      }
    | undefined;
  readonly done?: 'passkey' | 'totp' | 'renamed' | 'removed' | 'cancelled' | undefined;
  readonly backHref: string;
}

export interface AccountPasskeyPage {
  readonly passkey: PasskeyShown;
  readonly error?: 'passkey' | undefined;
  readonly totpHref: string;
  readonly backHref: string;
}

export interface AccountTotpPage {
  /** The form posts `totp`, `sealed` and `nom`. */
  readonly action: string;
  readonly sealed: string;
  /** Picture of what the application reads, as SVG; and the same as text. */
  readonly picture: string;
  readonly secret: string;
  readonly name: string;
  readonly error?: 'totp' | undefined;
  readonly backHref: string;
}

export interface AccountCodesPage {
  /** Just made, shown this once; undefined: not yet. */
  readonly codes?: readonly string[] | undefined;
  readonly action: string;
  readonly backHref: string;
}

export interface AccountHistoryPage {
  /** Newest first, one a day for each tool, browser and organization. */
  readonly uses: readonly {
    readonly service: string;
    readonly lastAt: Date;
    readonly times: number;
    readonly browser?: string | undefined;
    readonly system?: string | undefined;
    readonly organization: string;
    /** Names of the claims, as developers of the tool know them. */
    readonly claims: readonly string[];
  }[];
  readonly months: number;
  /** There are older ones: the copy of one's data has them. */
  readonly more: boolean;
  readonly dataHref: string;
  readonly backHref: string;
}
