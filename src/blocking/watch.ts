import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Clock } from '../config/config.ts';
import type { Database } from '../storage/storage.ts';

/** As the other watches: what was blocked while nobody looked, were it for weeks, is not forgotten. */
const lookBackMs = 31 * 24 * 3600 * 1000;
/**
 * For as long, what was blocked is ended again: a sign-in that had begun before may still become a session, within an hour
 * (lifetimes of an interaction), and so may one that another process lets in from memory.
 */
const againMs = 2 * 3600 * 1000;

const rowsSchema = z.array(z.object({ account_id: z.string() }));

/** Sees accounts that were blocked, in whatever process or by whatever command. */
export function createBlockWatch({ db, clock }: { readonly db: Kysely<Database>; readonly clock: Clock }): {
  readonly look: () => Promise<readonly string[]>;
} {
  let lookedAt: Date | undefined;
  return {
    async look() {
      const now = clock();
      const since = new Date((lookedAt ?? now).getTime() - (lookedAt === undefined ? lookBackMs : againMs));
      const { rows } = await sql`
        select id::text as account_id from account
        where blocked_at >= ${since}::timestamptz
          and not exists (select from erasure where account_id = account.id and erased_at = blocked_at)`.execute(
        db,
      );
      // Kept only when it was read: a database that fails is looked at again, from the same point.
      lookedAt = now;
      return rowsSchema.parse(rows).map(({ account_id: accountId }) => accountId);
    },
  };
}
