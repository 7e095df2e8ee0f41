/** An address whose mailbox was proven to be the partner's. */
export interface PartnerAddress {
  readonly id: string;
  /** Canonical, in the letter case in which it was typed: mails go there. */
  readonly address: string;
  readonly provenAt: Date;
  readonly primary: boolean;
}

/** Somebody without an identity provider. `id` (UUID) is their `subject` at the built-in provider. */
export interface Partner {
  readonly id: string;
  readonly givenName: string;
  readonly usualName: string;
  /** The primary one, proven. */
  readonly address: string;
  /** The primary one first, then as they came. */
  readonly addresses: readonly PartnerAddress[];
  readonly createdAt: Date;
}

/** A second factor of a partner: a passkey, or an application that shows codes (TOTP). */
export interface Authenticator {
  readonly id: string;
  readonly kind: 'passkey' | 'totp';
  /** As the partner named it. */
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | undefined;
  /** Of a passkey: copied to other devices of its owner (WebAuthn §6.1.3, BS), as of its last use. */
  readonly backedUp?: boolean;
  /** Of a passkey: it verified its owner (PIN, finger, face) when it was made or used; without, it is no factor on its own. */
  readonly userVerification?: boolean;
}

export interface PartnerNames {
  readonly givenName: string;
  readonly usualName: string;
}

/** A browser, in the closed words of `http/`. */
export interface DeviceSeen {
  readonly browser?: string | undefined;
  readonly system?: string | undefined;
}
