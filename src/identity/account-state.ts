import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';

/** Whether the account may be used now: one that an operator blocked may not, whatever session it has. */
export async function isUsable(db: Kysely<Database>, accountId: string): Promise<boolean> {
  const row = await db
    .selectFrom('account')
    .select('blocked_at')
    .where('id', '=', accountId)
    .executeTakeFirst();
  return row !== undefined && row.blocked_at === null;
}

/**
 * Who an account is at an identity provider: what an operator is declared by. A `sub` means somebody together with its
 * issuer (OpenID Connect Core §5.7): what a provider that once had this id said of somebody does not count. No provider, nobody.
 */
export async function subjectsOf(
  db: Kysely<Database>,
  accountId: string,
  idp: { readonly id: string; readonly issuer: string } | undefined,
): Promise<readonly string[]> {
  if (idp === undefined) return [];
  const rows = await db
    .selectFrom('identity')
    .select('subject')
    .where('account_id', '=', accountId)
    .where('idp_id', '=', idp.id)
    .where('issuer', '=', idp.issuer)
    .execute();
  return rows.map(({ subject }) => subject);
}
