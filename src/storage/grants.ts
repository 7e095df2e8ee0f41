import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Adapter } from 'oidc-provider';
import type { Clock } from '../config/config.ts';
import { decodePayload, encodePayload } from './entry.ts';
import { toleranceSeconds } from './ephemeral.ts';
import type { Families } from './families.ts';
import { hashId } from './keys.ts';
import { loadGrant, takePendingSnapshot } from './snapshots.ts';
import type { Database } from './tables.ts';
import { currentUnit } from './unit-of-work.ts';
import { unsupported } from './unsupported.ts';

/**
 * Grants, in SQL. A grant is saved with its identity snapshot in one statement and keeps the first snapshot that it got.
 * Saving a revoked grant changes nothing: who read it before the revocation does not bring it back.
 */
export function createGrants(needs: {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly families: Families;
}): Adapter {
  const { db, clock, families } = needs;
  return {
    ...unsupported('Grant'),

    async upsert(id, payload, expiresIn) {
      const { accountId, clientId } = payload;
      if (accountId === undefined || clientId === undefined || expiresIn === undefined) {
        throw new Error('a grant needs an account, a client and an expiry');
      }
      const hashed = hashId(id);
      const row = {
        id: hashed,
        account_id: accountId,
        client_id: clientId,
        payload: encodePayload(id, payload),
        snapshot: takePendingSnapshot(hashed),
        expires_at: new Date(clock().getTime() + (expiresIn + toleranceSeconds) * 1000),
        revoked_at: null,
      };
      const saved = await db
        .insertInto('oidc_grant')
        .values(row)
        .onConflict((conflict) =>
          conflict
            .column('id')
            .doUpdateSet({
              payload: row.payload,
              snapshot: sql<string | null>`coalesce(oidc_grant.snapshot, excluded.snapshot)`,
              expires_at: row.expires_at,
            })
            .where('oidc_grant.revoked_at', 'is', null),
        )
        .returning('snapshot')
        .executeTakeFirst();
      currentUnit()?.grants.set(
        hashed,
        saved && { payload: row.payload, snapshot: saved.snapshot, expiresAt: row.expires_at },
      );
    },

    async find(id) {
      const row = await loadGrant(db, hashId(id));
      return row === undefined || row.expiresAt <= clock() ? undefined : decodePayload(id, row.payload);
    },

    destroy: (id) => families.revokeGrant(hashId(id)),
  };
}
