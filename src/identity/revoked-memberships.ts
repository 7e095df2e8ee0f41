import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Clock } from '../config/config.ts';
import type { Siret } from '../organizations/organizations.ts';
import { believed } from '../storage/storage.ts';
import type { Database } from '../storage/storage.ts';

export interface RevokedMemberships {
  /**
   * Whether somebody took away from this account that it acts for the organization of this establishment, or blocked the
   * account altogether. Rejects when the database does not answer.
   */
  isRevoked(accountId: string, siret: Siret): Promise<boolean>;
  /** From the same reading. */
  isBlocked(accountId: string): Promise<boolean>;
  /** What a sign-in has just read. */
  remember(accountId: string, sirens: readonly string[]): void;
  /** After a change that this process has committed, or seen: the next one to ask gets it. */
  forget(accountId: string): void;
}

/** Stands for every organization: the account is blocked. No SIREN. */
const everywhere = '*';

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

/**
 * Identity is frozen at sign-in, what the organization takes back is not: it is asked at each decision, from at most 30 s
 * ago, with one SQL statement per account. A sign-in brings its answer along. Errors are not kept.
 */
export function createRevokedMemberships({
  db,
  clock,
  ttlMs,
  maximum,
}: {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  /** Milliseconds an answer is believed; never more than 30 000, whatever is asked. */
  readonly ttlMs?: number | undefined;
  /** Accounts kept at once. */
  readonly maximum?: number | undefined;
}): RevokedMemberships {
  async function load(accountId: string): Promise<ReadonlySet<string>> {
    const rows = await db
      .selectFrom('membership')
      .select('siren')
      .where('account_id', '=', accountId)
      .where('revoked_at', 'is not', null)
      .unionAll((eb) =>
        eb
          .selectFrom('account')
          .select(sql.lit(everywhere).as('siren'))
          .where('id', '=', accountId)
          .where('blocked_at', 'is not', null),
      )
      .execute();
    return new Set(rows.map(({ siren }) => siren));
  }

  const known = believed({ load, clock, ttlMs, maximum });
  return {
    async isRevoked(accountId, siret) {
      const revoked = await known.of(accountId);
      return revoked.has(siret.slice(0, 9)) || revoked.has(everywhere);
    },
    isBlocked: async (accountId) => (await known.of(accountId)).has(everywhere),
    remember: (accountId, sirens) => known.remember(accountId, new Set(sirens)),
    forget: (accountId) => known.forget(accountId),
  };
}
