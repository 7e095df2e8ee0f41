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

const rowsSchema = z.array(z.object({ account_id: z.string() }));
const restoredSchema = z.array(z.object({ account_id: z.string(), access_ended_at: z.date() }));

export interface ToEnd {
  readonly accountId: string;
  /** What was opened later stays. Undefined: all ends. */
  readonly openedUntil: Date | undefined;
}

/** Sees accounts that were blocked or whose access was ended, and domains that were held, in whatever process or by whatever command. */
export function createBlockWatch({
  db,
  clock,
  sessionSeconds,
}: {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly sessionSeconds: number;
}): {
  readonly look: () => Promise<readonly ToEnd[]>;
} {
  const lookBack = createLookBack(clock);

  async function blockedSince(since: Date): Promise<readonly string[]> {
    const { rows } = await sql`
      select id::text as account_id from account
      where blocked_at >= ${since}::timestamptz
        and not exists (select from erasure where account_id = account.id and erased_at = blocked_at)`.execute(
      db,
    );
    return rowsSchema.parse(rows).map(({ account_id: accountId }) => accountId);
  }

  /** By one clock, that of the database, and at every look: a session that could not be ended is found again. */
  async function restored(): Promise<readonly ToEnd[]> {
    const { rows } = await sql`
      select id::text as account_id, access_ended_at from account
      where access_ended_at >= now() - make_interval(secs => ${sessionSeconds})`.execute(db);
    return restoredSchema
      .parse(rows)
      .map(({ account_id: accountId, access_ended_at: openedUntil }) => ({ accountId, openedUntil }));
  }

  return {
    look: () =>
      lookBack(async (since) => {
        const blocked = await blockedSince(since(againMs));
        const held = await accountsOfHeldDomains(db, since(heldAgainMs));
        const whole = new Set([...blocked, ...held]);
        const inPart = (await restored()).filter(({ accountId }) => !whole.has(accountId));
        return [...[...whole].map((accountId) => ({ accountId, openedUntil: undefined })), ...inPart];
      }),
  };
}
