import type { Kysely } from 'kysely';
import type { Clock, Fingerprints, Logger } from '../config/config.ts';
import type { Snapshot } from '../declarations/declarations.ts';
import type { SignIn } from '../identity/identity.ts';
import type { Inviting } from '../invitations/invitations.ts';
import type { Bounces } from '../mail/mail.ts';
import type { Registrations } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';

/** A browser in which somebody is signed in, and what their identity provider said then. */
export interface SessionKept {
  readonly startedAt?: number | undefined;
  readonly device?:
    { readonly browser?: string | undefined; readonly system?: string | undefined } | undefined;
  readonly signIn: SignIn;
}

export interface PersonalDataNeeds {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly randomId: () => string;
  readonly logger: Pick<Logger, 'info' | 'error'>;
  readonly snapshot: () => Snapshot;
  /** Without a slash at its end. */
  readonly issuer: string;
  readonly registrations: Pick<Registrations, 'ofApplicant' | 'forApplicant'>;
  readonly inviting: Pick<Inviting, 'watch'>;
  /** Of what an erasure leaves of a refusal. */
  readonly fingerprints: Fingerprints;
  readonly bounces: Bounces;
  /** What stands beside the sessions of an account. */
  readonly sessions: (accountId: string) => Promise<readonly SessionKept[]>;
  /** Ends sessions, grants and tokens of an account, and has its tools told. */
  readonly endAccess: (accountId: string) => Promise<void>;
  /** After every commit that may have queued mails. */
  readonly onCommit?: (() => void) | undefined;
}

/**
 * Who it is about. An address counts only where its owner has proven it, or where an administrator found them by it: it
 * leads to invitations and mails, never to an account.
 */
export interface Person {
  readonly accountId: string | undefined;
  /** In lower case. */
  readonly address: string | undefined;
}
