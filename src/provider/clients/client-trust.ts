import type { Kysely } from 'kysely';
import type { Config, Logger } from '../../config/config.ts';
import { createGuardedFetch, reachOf } from '../../http/http.ts';
import type { GuardedFetch } from '../../http/http.ts';
import { recordSecretUse } from '../../storage/storage.ts';
import type { Database } from '../../storage/storage.ts';
import { createClientKeys } from './client-keys.ts';
import type { ClientKeys } from './client-keys.ts';
import { createSecretUses } from './secret-uses.ts';

/** What is known of clients beside their declarations, and outlives the provider of one set of keys. */
export interface ClientTrust {
  /** For whatever the library fetches by itself: guarded. */
  readonly fetch: GuardedFetch;
  readonly clientKeys: ClientKeys;
  /** Is told which secret a client showed. It neither waits nor throws. */
  readonly secretUsed: (clientId: string, digest: string) => void;
}

export function createClientTrust(needs: {
  readonly db: Kysely<Database>;
  readonly config: Pick<Config, 'production' | 'privateNetworks'>;
  readonly logger: Logger;
  readonly clock: () => Date;
}): ClientTrust {
  const { db, config, logger, clock } = needs;
  const fetch = createGuardedFetch({
    ...reachOf(config),
    timeoutMs: 2_500,
    maxBytes: 65_536,
  });
  return {
    fetch,
    clientKeys: createClientKeys({ fetch, clock, logger }),
    secretUsed: createSecretUses({ record: (use) => recordSecretUse(db, use), clock, logger }),
  };
}
