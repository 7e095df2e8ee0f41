import type { Kysely } from 'kysely';
import type { AuditActor } from '../audit/audit.ts';
import type { OneTimeCodes } from '../codes/codes.ts';
import type { Clock, Fingerprints, Logger } from '../config/config.ts';
import type { KnownOrganization } from '../eligibility/eligibility.ts';
import type { Siret } from '../organizations/organizations.ts';
import type { OrganizationPage } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';

export interface JoiningNeeds {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'error'>;
  readonly randomId: () => string;
  readonly random: (bytes: number) => Buffer;
  readonly codes: Pick<OneTimeCodes, 'issue' | 'check' | 'forget'>;
  /** What the registers say of an establishment now, other registers asked. */
  readonly facts: (siret: Siret) => Promise<KnownOrganization>;
  /** By SIREN or RNA number, as held. */
  readonly organization: (id: string) => Promise<OrganizationPage | undefined>;
  /** Mailboxes there last an hour. @param domain canonical */
  readonly isDisposable: (domain: string) => boolean;
  /** Of what an erasure leaves of a refusal. */
  readonly fingerprints: Fingerprints;
  /** What was issued to an account for organizations that it acts for no more ends. */
  readonly onEnded: (accountId: string) => Promise<unknown>;
  /** After every commit that may have queued mails. */
  readonly onCommit?: (() => void) | undefined;
  /** Links in mails begin with it; without a slash at its end. */
  readonly issuer: string;
}

/** Whoever asks to act for an organization, as they are signed in. */
export interface JoiningPerson {
  readonly accountId: string;
  readonly givenName: string;
  readonly usualName: string;
  /** Canonical addresses that were proven here, or that their identity provider answers for. */
  readonly mailboxes: readonly string[];
  /**
   * Those of them that were read a moment ago, or for which their identity provider answers: nothing rests on a mailbox that
   * may be somebody else's by now.
   */
  readonly provenNow: readonly string[];
  /** SIRENs that their identity provider names in this sign-in. */
  readonly named: readonly string[];
}

/** Whoever answers: somebody who represents the organization, or an operator. */
export type JoiningAuthor = Extract<AuditActor, { kind: 'applicant' | 'operator' }>;
