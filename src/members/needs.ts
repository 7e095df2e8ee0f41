import type { Kysely } from 'kysely';
import type { Clock, Logger } from '../config/config.ts';
import type { Snapshot } from '../declarations/declarations.ts';
import type { Inviting } from '../invitations/invitations.ts';
import type { Database } from '../storage/storage.ts';

export interface MembersNeeds {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'error'>;
  readonly randomId: () => string;
  readonly snapshot: () => Snapshot;
  /** What the register calls a legal unit. */
  readonly organizationName: (siren: string) => Promise<string | undefined>;
  /** After the commit of what takes a membership away or gives it back: whatever remembers the account forgets. */
  readonly onChanged: (accountId: string) => void;
  /** What was issued to the account for that organization ends. */
  readonly onRevoked: (accountId: string) => Promise<unknown>;
  /** Of the guests whom the person invited for that organization: what is open, and what follows once they have ended. */
  readonly inviting: Pick<Inviting, 'openings' | 'settle'>;
  /** After every commit that may have queued mails. */
  readonly onCommit?: (() => void) | undefined;
}
