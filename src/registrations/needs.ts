import type { Kysely } from 'kysely';
import type { Clock, Logger } from '../config/config.ts';
import type { Snapshot } from '../declarations/declarations.ts';
import type { OrganizationPage } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import type { AuthorityFacts } from './letters/facts.ts';
import type { Perimeter } from './queue-filter.ts';

/** What silence becomes at the end of its delay (CRPA art. L231-1, L231-4). */
export type Silence = 'refusal' | 'acceptance';

/** A right that one organization has, or had, to one service; to all of them when none is named. */
export interface RightConcerned {
  readonly siren: string;
  readonly service?: string | undefined;
}

export interface RegistrationsNeeds {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  /** The time that the database says it is: time acts only while both agree. Not asked when absent. */
  readonly databaseClock?: (() => Promise<Date>) | undefined;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly randomId: () => string;
  readonly snapshot: () => Snapshot;
  /** By SIREN, RNA number or entry in a court's register. */
  readonly organization: (id: string) => Promise<OrganizationPage | undefined>;
  /** Within which bounds an operator may decide on files today; undefined: not at all. */
  readonly chargeOf: (operatorId: string) => { readonly perimeter: Perimeter } | undefined;
  readonly silence: Silence;
  /** Days, from the receipt, within which the administration means to decide: shown and counted, it opens nothing. */
  readonly examinationTargetDays: number;
  /** Who answers the requests, as letters name it; without it no letter is written, and nothing that sends one is done. */
  readonly authority: AuthorityFacts | undefined;
  /** Address of the broker, path included, without a slash at its end: links in letters begin with it. */
  readonly issuer: string;
  /**
   * After the commit of an act that gives, ends or reduces a right: whatever remembers approvals forgets them, and what
   * was issued under the right ends. A process that stops before is caught up with by the sweep of turn().
   */
  readonly onAccessChanged: (right: RightConcerned) => Promise<void>;
  /** After every commit that may have queued mails. */
  readonly onCommit?: () => void;
}
