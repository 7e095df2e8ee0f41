import type { Kysely } from 'kysely';
import type { Clock } from '../config/config.ts';
import type { Siret } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';

export interface DeclaredMemberships {
  /** Whether an operator still declares this membership. Rejects when the database does not answer. */
  stands(accountId: string, siret: Siret): Promise<boolean>;
}

/** A withdrawal has to reach every decision within 60 s. */
const longestTtlMs = 30_000;
const maximum = 10_000;

/**
 * Identity is frozen at sign-in, a right that an operator withdraws is not: a declared membership is confirmed at each
 * decision, from at most 30 s ago. Errors are not kept.
 */
export function createDeclaredMemberships(needs: {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly ttlMs?: number;
}): DeclaredMemberships {
  const { db, clock, ttlMs = longestTtlMs } = needs;
  // Insertion order is age: the oldest goes first when the cache is full.
  const cache = new Map<string, { readonly answer: Promise<boolean>; readonly until: number }>();

  async function ask(accountId: string, siret: Siret): Promise<boolean> {
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

  return {
    stands(accountId, siret) {
      const key = `${accountId} ${siret}`;
      const now = clock().getTime();
      const known = cache.get(key);
      if (known !== undefined && now < known.until) return known.answer;
      const answer = ask(accountId, siret);
      cache.delete(key);
      cache.set(key, { answer, until: now + Math.min(ttlMs, longestTtlMs) });
      answer.catch(() => cache.delete(key));
      for (const oldest of cache.keys()) {
        if (cache.size <= maximum) break;
        cache.delete(oldest);
      }
      return answer;
    },
  };
}
