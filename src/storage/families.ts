import type { Kysely } from 'kysely';
import type { Clock } from '../config/config.ts';
import type { EphemeralStore } from './ephemeral.ts';
import { grantPrefix } from './keys.ts';
import type { Database } from './tables.ts';
import { currentUnit, flush } from './unit-of-work.ts';

/** What revokes the tokens of a grant, and the grant itself. Grant ids are hashed ones. */
export interface Families {
  /** Every code, access token and refresh token of the grant. */
  revokeTokens(grant: string): Promise<void>;
  /** The grant, for good: its tombstone stays until it would have expired, and loses the person's data. */
  revokeGrant(grant: string): Promise<void>;
}

export function createFamilies(needs: {
  readonly db: Kysely<Database>;
  readonly ephemeral: EphemeralStore;
  readonly clock: Clock;
}): Families {
  const { db, ephemeral, clock } = needs;
  return {
    async revokeTokens(grant) {
      // The library asks once per model (access token, refresh token, code): the first call does it all.
      const revoked = currentUnit()?.revoked;
      if (revoked?.has(grant) === true) return;
      revoked?.add(grant);
      await flush(ephemeral);
      await Promise.all([
        ephemeral.deleteIndexed(grantPrefix + grant),
        db.deleteFrom('oidc_refresh_token').where('grant_id', '=', grant).execute(),
      ]);
    },
    async revokeGrant(grant) {
      currentUnit()?.grants.set(grant, undefined);
      await db
        .updateTable('oidc_grant')
        .set({ revoked_at: clock(), payload: '{}', snapshot: null })
        .where('id', '=', grant)
        .where('revoked_at', 'is', null)
        .execute();
    },
  };
}
