import type { Kysely } from 'kysely';
import type { Clock, Logger } from '../config/config.ts';
import type { Snapshot } from '../declarations/declarations.ts';
import type { Database } from '../storage/storage.ts';
import type { GuestConcerned } from './watch.ts';

export interface InvitingNeeds {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'error'>;
  readonly randomId: () => string;
  readonly snapshot: () => Snapshot;
  /** After the commit of what gives or ends an invitation: whatever remembers it forgets. */
  readonly onChanged: (address: string) => void;
  /** What was issued under an invitation that has ended ends too, unless the person has another right. */
  readonly onEnded: (guest: GuestConcerned) => Promise<unknown>;
  /** After every commit that may have queued mails. */
  readonly onCommit?: (() => void) | undefined;
}

/** An agent who invites. */
export interface Sponsor {
  readonly accountId: string;
  readonly givenName: string;
  readonly usualName: string;
  readonly email: string;
}

/** A service to which they may invite, and for which of their organizations. */
export interface MayInvite {
  readonly service: string;
  readonly siret: string;
  readonly organization: string;
}
