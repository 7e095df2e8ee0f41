import type { Kysely } from 'kysely';
import type { Clock, Seal } from '../config/config.ts';
import type { Database } from '../storage/storage.ts';

/** Purpose of the seal: `createSeal(config.encryptionKeys, partnerSealPurpose, clock)`. */
export const partnerSealPurpose = 'partner-totp';

export interface PartnersNeeds {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  /** UUIDs. */
  readonly randomId: () => string;
  readonly random: (bytes: number) => Buffer;
  /** Of `partnerSealPurpose`, with the clock. */
  readonly seal: Seal;
  /** With its path: passkeys are bound to its host and origin, mails lead under it. */
  readonly issuer: URL;
  /** After every commit that may have queued mails. */
  readonly onCommit?: (() => void) | undefined;
}

/** What apps and browsers show beside a code or a passkey. */
export const displayName = 'Maillon';
