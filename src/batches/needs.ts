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
  readonly territories: () => TerritoryIndex;
  readonly registrations: Pick<
    Registrations,
    'grant' | 'previewGrant' | 'takeBack' | 'previewTakeBack' | 'forOperator'
  >;
}
