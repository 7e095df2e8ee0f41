import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Clock } from '../config/config.ts';
import type { Siret } from '../organizations/organizations.ts';
import { believed } from '../storage/storage.ts';
import type { Database } from '../storage/storage.ts';
import { declaredPeople } from './declared-people.ts';

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
    const { rows } = await sql`
      select from identity join ${declaredPeople} as person using (idp_id, issuer, subject)
      where account_id = ${accountId}::uuid and siret = ${siret} limit 1`.execute(db);
    return rows.length > 0;
  }

  const known = believed({ load, clock, ttlMs });
  return { stands: (accountId, siret) => known.of(`${accountId} ${siret}`) };
}
