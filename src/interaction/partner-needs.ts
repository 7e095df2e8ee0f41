import type { Seal } from '../config/config.ts';
import type { OneTimeCodes } from '../codes/codes.ts';
import type { DeviceCookie, Limits } from '../limits/limits.ts';
import type { Partners } from '../partners/partners.ts';
import type { EphemeralStore } from '../storage/storage.ts';

/** What the sign-in of people without an identity provider goes through. */
export interface PartnerSignIn {
  readonly partners: Partners;
  readonly codes: OneTimeCodes;
  readonly limits: Limits;
  readonly devices: DeviceCookie;
  readonly ephemeral: EphemeralStore;
  /** For the challenges of passkeys, which travel in our own pages. */
  readonly challengeSeal: Seal;
  /** Queues the mail; it is sent beside the request. */
  readonly mailCode: (mail: {
    readonly to: string;
    readonly code: string;
    /** Names of the tool. */
    readonly service: { readonly fr: string; readonly en: string };
    readonly purpose: 'sign_in' | 'second_factor';
  }) => Promise<void>;
}
