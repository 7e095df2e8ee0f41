import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Clock } from '../config/config.ts';
import type { Database } from '../storage/storage.ts';

/**
 * A process that starts looks as far back as the watch of rights does (registrations/rights-watch.ts): what ended while
 * nobody looked, were it for weeks, is not forgotten, and what was told already is told once more.
 */
const lookBackMs = 31 * 24 * 3600 * 1000;
/** For as long, what ended is told again: another process may still have let somebody in from memory. */
const againMs = 60_000;

const rowsSchema = z.array(z.object({ account_id: z.string() }));

/** Sees memberships that were revoked, in whatever process. */
export function createMembersWatch({ db, clock }: { readonly db: Kysely<Database>; readonly clock: Clock }): {
  readonly look: () => Promise<readonly string[]>;
} {
  let lookedAt: Date | undefined;
  return {
    async look() {
      const now = clock();
      const since = new Date((lookedAt ?? now).getTime() - (lookedAt === undefined ? lookBackMs : againMs));
      const { rows } = await sql`
        select distinct account_id::text as account_id from membership
        where revoked_at >= ${since}::timestamptz`.execute(db);
      // Kept only when it was read: a database that fails is looked at again, from the same point.
      lookedAt = now;
      return rowsSchema.parse(rows).map(({ account_id: accountId }) => accountId);
    },
  };
}
