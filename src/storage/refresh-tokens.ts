import type { Kysely } from 'kysely';
import { errors } from 'oidc-provider';
import type { Adapter } from 'oidc-provider';
import type { Clock } from '../config/config.ts';
import { decodePayload, encodePayload } from './entry.ts';
import { toleranceSeconds } from './ephemeral.ts';
import type { Families } from './families.ts';
import { hashId } from './keys.ts';
import type { Database } from './tables.ts';
import { unsupported } from './unsupported.ts';

/** How long a client that refreshes twice at once, or that never got the answer, is not taken for a thief. */
export const graceMs = 10_000;

/** Another request has consumed the token first, or it is gone: `invalid_grant`, unless that one's answer can be given. */
export class RotationLost extends errors.InvalidGrant {
  constructor() {
    super('refresh token already used');
  }
}

/**
 * Refresh tokens, in SQL. A token is consumed once, whatever the concurrency. Presented again:
 * - by its own client within the grace, it looks fresh, its second consumption is refused, and nothing else happens
 *   (provider/same-refresh-answer.ts then gives the answer of the first one);
 * - later, or to anything but a refresh, it shows that it was consumed, and the library revokes the whole family
 *   (RFC 9700 §4.14.2).
 *
 * The grace is only for a client whose tokens rotate: `refreshingClient` must not name another, since a token that is not
 * consumed again would serve again.
 */
export function createRefreshTokens(needs: {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly families: Families;
  readonly refreshingClient: () => string | undefined;
}): Adapter {
  const { db, clock, families, refreshingClient } = needs;

  function shownAsConsumed(row: { consumed_at: Date | null; client_id: string }): number | undefined {
    if (row.consumed_at === null) return undefined;
    const inGrace = clock().getTime() - row.consumed_at.getTime() <= graceMs;
    if (inGrace && refreshingClient() === row.client_id) return undefined;
    return Math.floor(row.consumed_at.getTime() / 1000);
  }

  return {
    ...unsupported('RefreshToken'),

    async upsert(id, payload, expiresIn) {
      const { grantId, clientId } = payload;
      if (grantId === undefined || clientId === undefined || expiresIn === undefined) {
        throw new Error('a refresh token needs a grant, a client and an expiry');
      }
      const row = {
        id: hashId(id),
        grant_id: hashId(grantId),
        client_id: clientId,
        payload: encodePayload(id, payload),
        consumed_at: null,
        expires_at: new Date(clock().getTime() + (expiresIn + toleranceSeconds) * 1000),
      };
      await db
        .insertInto('oidc_refresh_token')
        .values(row)
        .onConflict((conflict) =>
          conflict.column('id').doUpdateSet({ payload: row.payload, expires_at: row.expires_at }),
        )
        .execute()
        .catch((error: unknown) => {
          // The grant was purged meanwhile (foreign_key_violation).
          const gone = error instanceof Error && 'code' in error && error.code === '23503';
          throw gone ? new errors.InvalidGrant('grant not found') : error;
        });
    },

    async find(id) {
      const row = await db
        .selectFrom('oidc_refresh_token')
        .select(['payload', 'client_id', 'consumed_at'])
        .where('id', '=', hashId(id))
        .where('expires_at', '>', clock())
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const payload = decodePayload(id, row.payload);
      const consumed = shownAsConsumed(row);
      return consumed === undefined ? payload : { ...payload, consumed };
    },

    async consume(id) {
      const now = clock();
      const { numUpdatedRows } = await db
        .updateTable('oidc_refresh_token')
        .set({ consumed_at: now })
        .where('id', '=', hashId(id))
        .where('consumed_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) throw new RotationLost();
    },

    async destroy(id) {
      await db.deleteFrom('oidc_refresh_token').where('id', '=', hashId(id)).execute();
    },

    revokeByGrantId: (grantId) => families.revokeTokens(hashId(grantId)),
  };
}
