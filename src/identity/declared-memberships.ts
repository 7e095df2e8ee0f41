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

/** How it is known that somebody acts for an organization: what `organization_link` says (domain reference §6.2). */
export type OrganizationLink = Pick<Membership, 'level' | 'method' | 'verifiedAt'>;

export interface DeclaredMemberships {
  /**
   * The link that stands now: an operator still declares this membership, or it was joined here and is active; the best of
   * them. Undefined: neither. Rejects when the database does not answer.
   */
  linkOf(accountId: string, siret: Siret): Promise<OrganizationLink | undefined>;
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
  async function load(key: string): Promise<OrganizationLink | 'ended' | 'withdrawn'> {
    const [accountId = '', siret = ''] = key.split(' ');
    const { rows } = await sql`
      select level, method, extract(epoch from verified_at)::bigint::text as verified_at
      from ${declaredPeople(clock())} as person
      where account_id = ${accountId}::uuid and siret = ${siret}
      union all
      select 'ended', '', '0' from joined_membership
      where account_id = ${accountId}::uuid and siret = ${siret} and since is not null`.execute(db);
    const found = rowsSchema.parse(rows);
    const [best] = linkLevels.toReversed().flatMap((level) => found.filter((row) => row.level === level));
    if (best !== undefined && best.level !== 'ended')
      return { level: best.level, method: best.method, verifiedAt: best.verified_at };
    return found.length > 0 ? 'ended' : 'withdrawn';
  }

  const known = believed({ load, clock, ttlMs });
  const of = (accountId: string, siret: Siret) => known.of(`${accountId} ${siret}`);
  return {
    async linkOf(accountId, siret) {
      const is = await of(accountId, siret);
      return is === 'ended' || is === 'withdrawn' ? undefined : is;
    },
    hasEnded: async (accountId, siret) => (await of(accountId, siret)) === 'ended',
  };
}

const rowsSchema = z.array(
  z.object({
    level: z.enum([...linkLevels, 'ended']),
    method: z.string(),
    verified_at: z.coerce.number(),
  }),
);
