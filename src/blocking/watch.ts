import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Clock } from '../config/config.ts';
import { createLookBack } from '../storage/storage.ts';
import type { Database } from '../storage/storage.ts';
import { accountsOfHeldDomains } from './held-domains.ts';

/**
 * For as long, what was blocked is ended again: a sign-in that had begun before may still become a session, within an hour
 * (lifetimes of an interaction), and so may one that another process lets in from memory.
 */
const againMs = 2 * 3600 * 1000;
/** Whoever was signing in when a domain was held is refused as soon as this process knows it, some seconds later. */
const heldAgainMs = 5 * 60_000;

/** Whatever a process that has just started missed; the person signs in again meanwhile, and is not signed out for weeks. */
const endedForMs = 3600_000;
const endedAgainMs = 60_000;

const rowsSchema = z.array(z.object({ account_id: z.string() }));

const latest = (one: Date, other: Date): Date => (one > other ? one : other);

/** Sees accounts that were blocked or whose access was ended, and domains that were held, in whatever process or by whatever command. */
export function createBlockWatch({ db, clock }: { readonly db: Kysely<Database>; readonly clock: Clock }): {
  readonly look: () => Promise<readonly string[]>;
} {
  const lookBack = createLookBack(clock);
  return {
    look: () =>
      lookBack(async (since) => {
        const { rows } = await sql`
          select id::text as account_id from account
          where blocked_at >= ${since(againMs)}::timestamptz
            and not exists (select from erasure where account_id = account.id and erased_at = blocked_at)
          union
          select id::text from account
          where access_ended_at >= ${latest(since(endedAgainMs), new Date(clock().getTime() - endedForMs))}::timestamptz`.execute(
          db,
        );
        const held = await accountsOfHeldDomains(db, since(heldAgainMs));
        const blocked = rowsSchema.parse(rows).map(({ account_id: accountId }) => accountId);
        return [...new Set([...blocked, ...held])];
      }),
  };
}
