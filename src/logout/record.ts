import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';

/** What became of one delivery, for people. */
export interface DeliveryRecord {
  readonly createdAt: Date;
  readonly clientId: string;
  readonly reason: string;
  readonly state: 'delivered' | 'waiting' | 'given up';
  readonly attempts: number;
  readonly lastStatus: number | undefined;
  readonly lastProblem: string | undefined;
}

/** The newest first. @param failedOnly those that were given up, and those that failed and are tried again */
export async function recentDeliveries(
  db: Kysely<Database>,
  { failedOnly, limit }: { readonly failedOnly: boolean; readonly limit: number },
): Promise<readonly DeliveryRecord[]> {
  let query = db
    .selectFrom('logout_delivery')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('client_id')
    .limit(limit);
  if (failedOnly) {
    query = query.where('delivered_at', 'is', null).where('attempts', '>', 0);
  }
  return (await query.execute()).map((row) => ({
    createdAt: row.created_at,
    clientId: row.client_id,
    reason: row.reason,
    state: row.delivered_at !== null ? 'delivered' : row.given_up_at !== null ? 'given up' : 'waiting',
    attempts: row.attempts,
    lastStatus: row.last_status ?? undefined,
    lastProblem: row.last_problem ?? undefined,
  }));
}
