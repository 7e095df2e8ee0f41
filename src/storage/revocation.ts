import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Clock } from '../config/config.ts';
import type { EphemeralStore } from './ephemeral.ts';
import { createFamilies } from './families.ts';
import { hashId } from './keys.ts';
import type { Database } from './tables.ts';

/** Ends grants for good, with their codes, access tokens and refresh tokens. */
export interface Revocation {
  grants(ids: readonly string[]): Promise<void>;
  /** Every grant that the account gave in one browser session: those whose snapshot has its uid as `session`. */
  session(accountId: string, uid: string): Promise<void>;
  /** Every grant of an account, offline access included. */
  account(accountId: string): Promise<void>;
  /** Grants as the database names them: `LiveGrant.id`. */
  stored(ids: readonly string[]): Promise<void>;
}

export function createRevocation(needs: {
  readonly db: Kysely<Database>;
  readonly ephemeral: EphemeralStore;
  readonly clock: Clock;
}): Revocation {
  const families = createFamilies(needs);
  async function revoke(hashed: readonly string[]): Promise<void> {
    for (const grant of hashed) {
      await families.revokeTokens(grant);
      await families.revokeGrant(grant);
    }
  }
  const ofAccount = (accountId: string) =>
    needs.db
      .selectFrom('oidc_grant')
      .select('id')
      .where('account_id', '=', accountId)
      .where('revoked_at', 'is', null);
  const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
  return {
    grants: (ids) => revoke(ids.map(hashId)),
    async session(accountId, uid) {
      const given = ofAccount(accountId).where(sql`snapshot_text(snapshot, '{session}')`, '=', uid);
      await revoke(idsOf(await given.execute()));
    },
    async account(accountId) {
      await revoke(idsOf(await ofAccount(accountId).execute()));
    },
    stored: revoke,
  };
}
