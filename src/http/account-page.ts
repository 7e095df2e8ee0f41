import type { Device } from './device.ts';

export interface AccountPage {
  /** What the person has just done: ended one session, this one, or all. */
  readonly done?: 'one' | 'this' | 'all' | undefined;
  /** Where to sign in, for who is not. */
  readonly services: readonly { readonly name: string; readonly href?: string | undefined }[];
  readonly email?: string | undefined;
  /** The forms post `session`: a handle, or `all`. Given with `sessions`. */
  readonly action?: string | undefined;
  /** The account is kept here: no identity provider does. */
  readonly own?: boolean | undefined;
  /** Our other pages that concern the person. Given with `sessions`. */
  readonly concerns?:
    | {
        readonly organizationsHref?: string | undefined;
        readonly requestsHref?: string | undefined;
        readonly guestsHref?: string | undefined;
        readonly membersHref?: string | undefined;
      }
    | undefined;
  /** Absent: nobody is signed in in this browser. */
  readonly sessions?:
    | readonly {
        readonly handle: string;
        /** The session of this browser. */
        readonly current: boolean;
        readonly startedAt?: Date | undefined;
        readonly device: Device;
        /** Name of the identity provider, when it is still declared. */
        readonly idp?: string | undefined;
        /** Names of the tools opened in it. */
        readonly services: readonly string[];
      }[]
    | undefined;
}
