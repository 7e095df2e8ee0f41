import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Clock } from '../config/config.ts';
import { linkLevels } from '../eligibility/eligibility.ts';
import type { Siret } from '../organizations/organizations.ts';
import { believed } from '../storage/storage.ts';
import type { Database } from '../storage/storage.ts';
import { declaredPeople } from './declared-people.ts';
import type { Membership } from './sign-in.ts';

export interface DeclaredMemberships {
  /**
   * The level that stands now: an operator still declares this membership, or it was joined here and is active; the best of
   * them. Undefined: neither. Rejects when the database does not answer.
   */
  levelOf(accountId: string, siret: Siret): Promise<Membership['level'] | undefined>;
  /**
   * Whether it was joined here and has ended: left, taken away, expired. Nothing is left of it, where of what an operator no longer
   * declares the word of the person is.
   */
  hasEnded(accountId: string, siret: Siret): Promise<boolean>;
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
  async function load(key: string): Promise<Membership['level'] | 'ended' | 'withdrawn'> {
    const [accountId = '', siret = ''] = key.split(' ');
    const { rows } = await sql`
      select level as is from ${declaredPeople(clock())} as person
      where account_id = ${accountId}::uuid and siret = ${siret}
      union all
      select 'ended' from joined_membership
      where account_id = ${accountId}::uuid and siret = ${siret} and since is not null`.execute(db);
    const found = rowsSchema.parse(rows).map((row) => row.is);
    return linkLevels.findLast((level) => found.includes(level)) ?? found[0] ?? 'withdrawn';
  }

  const known = believed({ load, clock, ttlMs });
  const of = (accountId: string, siret: Siret) => known.of(`${accountId} ${siret}`);
  return {
    async levelOf(accountId, siret) {
      const is = await of(accountId, siret);
      return is === 'ended' || is === 'withdrawn' ? undefined : is;
    },
    hasEnded: async (accountId, siret) => (await of(accountId, siret)) === 'ended',
  };
}

const rowsSchema = z.array(z.object({ is: z.enum([...linkLevels, 'ended']) }));
