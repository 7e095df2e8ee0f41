import type { Kysely } from 'kysely';
import type { Clock } from '../config/config.ts';
import type { Siret } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';

export interface RevokedMemberships {
  /**
   * Whether somebody took away from this account that it acts for the organization of this establishment. Rejects when the
   * database does not answer.
   */
  isRevoked(accountId: string, siret: Siret): Promise<boolean>;
  /** What a sign-in has just read. */
  remember(accountId: string, sirens: readonly string[]): void;
  /** After a change that this process has committed, or seen: the next one to ask gets it. */
  forget(accountId: string): void;
}

/** As it is now, from the database itself: for an act that commits the organization. */
export async function isMembershipRevoked(
  db: Kysely<Database>,
  accountId: string,
  siren: string,
): Promise<boolean> {
  const found = await db
    .selectFrom('membership')
    .select('id')
    .where('account_id', '=', accountId)
    .where('siren', '=', siren)
    .where('revoked_at', 'is not', null)
    .executeTakeFirst();
  return found !== undefined;
}

/** What is revoked has to reach every decision within 60 s; the watch of `members/` takes the rest. */
const longestTtlMs = 30_000;

interface Known {
  readonly answer: Promise<ReadonlySet<string>>;
  readonly until: number;
}

/**
 * Identity is frozen at sign-in, what the organization takes back is not: it is asked at each decision, from at most 30 s
 * ago, with one SQL statement per account. A sign-in brings its answer along. Errors are not kept.
 */
export function createRevokedMemberships({
  db,
  clock,
  ttlMs = longestTtlMs,
  maximum = 10_000,
}: {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  /** Milliseconds an answer is believed; never more than 30 000, whatever is asked. */
  readonly ttlMs?: number | undefined;
  /** Accounts kept at once. */
  readonly maximum?: number | undefined;
}): RevokedMemberships {
  const ttl = Math.min(ttlMs, longestTtlMs);
  // Insertion order is age: the oldest goes first when the cache is full.
  const cache = new Map<string, Known>();

  async function load(accountId: string): Promise<ReadonlySet<string>> {
    const rows = await db
      .selectFrom('membership')
      .select('siren')
      .where('account_id', '=', accountId)
      .where('revoked_at', 'is not', null)
      .execute();
    return new Set(rows.map(({ siren }) => siren));
  }

  function keep(accountId: string, answer: Promise<ReadonlySet<string>>): Known {
    // Counted from before the statement leaves: a change committed while it runs is not believed any longer.
    const entry = { answer, until: clock().getTime() + ttl };
    cache.delete(accountId);
    cache.set(accountId, entry);
    const [oldest] = cache.keys();
    if (cache.size > maximum && oldest !== undefined) cache.delete(oldest);
    answer.catch(() => {
      if (cache.get(accountId) === entry) cache.delete(accountId);
    });
    return entry;
  }

  return {
    async isRevoked(accountId, siret) {
      const held = cache.get(accountId);
      const known =
        held !== undefined && clock().getTime() < held.until ? held : keep(accountId, load(accountId));
      return (await known.answer).has(siret.slice(0, 9));
    },
    remember: (accountId, sirens) => void keep(accountId, Promise.resolve(new Set(sirens))),
    forget: (accountId) => void cache.delete(accountId),
  };
}
