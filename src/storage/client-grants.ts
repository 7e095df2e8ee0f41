import type { Kysely } from 'kysely';
import type { Database } from './tables.ts';

/**
 * Ends all that people granted a client: grants, and the refresh tokens that stand on them. Access tokens and codes ask
 * for their grant each time. Rows of grants stay until they expire, so that nobody brings them back, without the
 * person's data.
 */
export async function endGrantsOfClient(db: Kysely<Database>, clientId: string, now: Date): Promise<void> {
  await db.deleteFrom('oidc_refresh_token').where('client_id', '=', clientId).execute();
  await db
    .updateTable('oidc_grant')
    .set({ revoked_at: now, payload: '{}', snapshot: null })
    .where('client_id', '=', clientId)
    .where('revoked_at', 'is', null)
    .execute();
}
