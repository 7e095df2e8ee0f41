import type { Kysely } from 'kysely';
import type { Database } from './tables.ts';

/**
 * Ends all that an account granted, in the caller's transaction: refresh tokens go, rows of grants stay until they expire,
 * without the person's data, so that nobody brings them back. Access tokens and codes ask for their grant each time.
 */
export async function endGrantsOfAccount(trx: Kysely<Database>, accountId: string, now: Date): Promise<void> {
  const given = trx.selectFrom('oidc_grant').select('id').where('account_id', '=', accountId);
  await trx.deleteFrom('oidc_refresh_token').where('grant_id', 'in', given).execute();
  await trx
    .updateTable('oidc_grant')
    .set({ revoked_at: now, payload: '{}', snapshot: null })
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .execute();
}
