import type { Kysely } from 'kysely';
import type { Clock, Logger } from '../config/config.ts';
import type { TerritoryIndex } from '../organizations/organizations.ts';
import type { Registrations } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';

export interface BatchesNeeds {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly randomId: () => string;
  /** After commits that may have queued mails. */
  readonly onCommit: () => void;
  /** Address of the broker, path included, without a slash at its end: links in mails begin with it. */
  readonly issuer: string;
  readonly territories: () => TerritoryIndex;
  readonly registrations: Pick<
    Registrations,
    'grant' | 'previewGrant' | 'takeBack' | 'previewTakeBack' | 'forOperator'
  >;
}
