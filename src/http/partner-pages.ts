import type { OnTheWay } from './pages.ts';

/** The sign-in of people without an identity provider, step by step. */
export interface PartnerPages {
  'partner-code': PartnerCodePage;
  'partner-name': PartnerNamePage;
  'partner-second-factor': PartnerSecondFactorPage;
  'partner-lost-factors': PartnerLostFactorsPage;
  'partner-enrolment': PartnerEnrolmentPage;
  'partner-totp': PartnerTotpPage;
  'partner-recovery-codes': PartnerRecoveryCodesPage;
}

/** What the script of passkeys (`passkey.js`) is given. It posts `answer` and `challenge`. */
export interface PasskeyShown {
  readonly action: string;
  /** JSON: what WebAuthn is asked. */
  readonly ask: string;
  /** Sealed: which challenge, for which browser. */
  readonly challenge: string;
}

export interface PartnerCodePage extends OnTheWay {
  readonly email: string;
  /** The form posts `code`. */
  readonly action: string;
  readonly resendAction: string;
  /** From when another code can be asked for; undefined: now. */
  readonly resendAt?: Date | undefined;
  /** A code was just sent again. */
  readonly resent?: boolean | undefined;
  /** The e-mail page; undefined: no other address would do. */
  readonly retryHref?: string | undefined;
  readonly error?: 'missing' | 'wrong' | 'expired' | 'none' | 'too_many' | 'wait' | undefined;
}

export interface PartnerNamePage extends OnTheWay {
  readonly email: string;
  /** The form posts `given_name` and `usual_name`. */
  readonly action: string;
  readonly givenName: string;
  readonly usualName: string;
  readonly error?: 'given_name' | 'usual_name' | undefined;
}

export interface PartnerSecondFactorPage extends OnTheWay {
  readonly email: string;
  /** The form posts `totp` or `recovery`. */
  readonly action: string;
  readonly totp: boolean;
  readonly recovery: boolean;
  readonly passkey?: PasskeyShown | undefined;
  readonly error?: 'totp' | 'totp_used' | 'recovery' | 'passkey' | undefined;
  /** Where whoever has lost all of them begins. */
  readonly lostHref: string;
  readonly retryHref: string;
}

export interface PartnerLostFactorsPage extends OnTheWay {
  readonly email: string;
  /** The form asks, or brings to its end what was asked. */
  readonly action: string;
  /** Undefined: not asked. */
  readonly readyAt?: Date | undefined;
  readonly ready: boolean;
  /** The page of the second factor. */
  readonly retryHref: string;
}

export interface PartnerEnrolmentPage extends OnTheWay {
  readonly email: string;
  readonly passkey: PasskeyShown;
  readonly totpHref: string;
  readonly error?: 'passkey' | undefined;
}

export interface PartnerTotpPage extends OnTheWay {
  /** The form posts `totp` and `sealed`. */
  readonly action: string;
  readonly sealed: string;
  /** Picture of what the application reads, as SVG; and the same as text. */
  readonly picture: string;
  readonly secret: string;
  readonly error?: 'totp' | 'renewed' | undefined;
  /** The page of the choice. */
  readonly retryHref: string;
}

export interface PartnerRecoveryCodesPage extends OnTheWay {
  /** Undefined: shown once already, or not at all. The form then makes new ones. */
  readonly codes?: readonly string[] | undefined;
  /** The form posts `kept`, or nothing to have new ones made. */
  readonly action: string;
}
