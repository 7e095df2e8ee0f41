import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Clock } from '../config/config.ts';
import { createLookBack } from '../storage/storage.ts';
import type { Database } from '../storage/storage.ts';

/** For as long, what ended is told again: another process may still have let somebody in from memory. */
const againMs = 60_000;

const rowsSchema = z.array(z.object({ account_id: z.string() }));

/** Sees memberships that were revoked, in whatever process. */
export function createMembersWatch({ db, clock }: { readonly db: Kysely<Database>; readonly clock: Clock }): {
  readonly look: () => Promise<readonly string[]>;
} {
  const lookBack = createLookBack(clock);
  return {
    look: () =>
      lookBack(async (since) => {
        const { rows } = await sql`
          select distinct account_id::text as account_id from membership
          where revoked_at >= ${since(againMs)}::timestamptz`.execute(db);
        return rowsSchema.parse(rows).map(({ account_id: accountId }) => accountId);
      }),
  };
}
