import type { Kysely } from 'kysely';
import type { Clock } from '../config/config.ts';
import type { Siret } from '../organizations/organizations.ts';
import { believed } from '../storage/storage.ts';
import type { Database } from '../storage/storage.ts';

export interface DeclaredMemberships {
  /** Whether an operator still declares this membership. Rejects when the database does not answer. */
  stands(accountId: string, siret: Siret): Promise<boolean>;
}

/**
 * Identity is frozen at sign-in, a right that an operator withdraws is not: a declared membership is confirmed at each
 * decision, from at most 30 s ago. Errors are not kept.
 */
export function createDeclaredMemberships(needs: {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly ttlMs?: number;
}): DeclaredMemberships {
  const { db, clock, ttlMs } = needs;
  async function load(key: string): Promise<boolean> {
    const [accountId = '', siret = ''] = key.split(' ');
    const row = await db
      .selectFrom('identity')
      .innerJoin('declared_membership', (join) =>
        join
          .onRef('declared_membership.idp_id', '=', 'identity.idp_id')
          .onRef('declared_membership.subject', '=', 'identity.subject'),
      )
      .select('declared_membership.siret')
      .where('identity.account_id', '=', accountId)
      .where('declared_membership.siret', '=', siret)
      .executeTakeFirst();
    return row !== undefined;
  }

  const known = believed({ load, clock, ttlMs });
  return { stands: (accountId, siret) => known.of(`${accountId} ${siret}`) };
}
