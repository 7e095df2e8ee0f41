import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import { reviewReasons } from './drift.ts';
import type { Finding } from './drift.ts';

/** One approval to look at again, for one reason. */
export interface Review extends Finding {
  readonly approvalId: string;
  readonly organization: string;
  readonly service: string;
  readonly foundAt: Date;
  /** An operator has said that they looked at what it says, and it says nothing new. */
  readonly seen: boolean;
}

export interface KeptFindings {
  readonly found: readonly Review[];
  readonly settled: readonly Omit<Review, 'service' | 'seen'>[];
  /** Those of `found` that were not there at the check before, or were seen and say something else now. */
  readonly fresh: readonly Review[];
}

/** Rows written at once. */
const batchSize = 500;

const openReviewSchema = z.object({
  approval_id: z.string(),
  organization: z.string(),
  reason: z.enum(reviewReasons),
  detail: z.string(),
  found_at: z.date(),
  unseen: z.boolean(),
});

const keyOf = (approvalId: string, reason: string): string => `${approvalId} ${reason}`;

/**
 * Opens what is new, dates what is still there, settles what is gone: one transaction. What an operator has seen stays seen
 * while it says nothing else (migration 0015).
 */
export async function keepFindings(
  db: Kysely<Database>,
  found: readonly Omit<Review, 'foundAt' | 'seen'>[],
  now: Date,
): Promise<KeptFindings> {
  return db.transaction().execute(async (transaction) => {
    const rows: unknown[] = await transaction
      .selectFrom('register_review')
      .select(['approval_id', 'organization', 'reason', 'detail', 'found_at', 'unseen'])
      .where('settled_at', 'is', null)
      .forUpdate()
      .execute();
    const open = new Map(
      z
        .array(openReviewSchema)
        .parse(rows)
        .map((row) => [keyOf(row.approval_id, row.reason), row]),
    );
    const stillFound = new Set(found.map(({ approvalId, reason }) => keyOf(approvalId, reason)));
    const unseen = new Set<string>();
    for (let start = 0; start < found.length; start += batchSize) {
      const written = await transaction
        .insertInto('register_review')
        .values(
          found.slice(start, start + batchSize).map(({ approvalId, organization, reason, detail }) => ({
            approval_id: approvalId,
            organization,
            reason,
            detail,
            found_at: now,
            seen_again_at: now,
            settled_at: null,
          })),
        )
        .onConflict((conflict) =>
          conflict
            .columns(['approval_id', 'reason'])
            .where('settled_at', 'is', null)
            .doUpdateSet((eb) => ({ detail: eb.ref('excluded.detail'), seen_again_at: now })),
        )
        .returning(['approval_id', 'reason', 'unseen'])
        .execute();
      for (const row of written) if (row.unseen) unseen.add(keyOf(row.approval_id, row.reason));
    }
    const isFresh = (key: string): boolean => open.get(key)?.unseen !== true && unseen.has(key);
    const reviews = found.map((one): Review => {
      const key = keyOf(one.approvalId, one.reason);
      const since = isFresh(key) ? undefined : open.get(key)?.found_at;
      return { ...one, foundAt: since ?? now, seen: !unseen.has(key) };
    });
    // What was seen and says something else was found today.
    for (const { approvalId, reason } of reviews) {
      const key = keyOf(approvalId, reason);
      if (!isFresh(key) || !open.has(key)) continue;
      await transaction
        .updateTable('register_review')
        .set({ found_at: now })
        .where('approval_id', '=', approvalId)
        .where('reason', '=', reason)
        .where('settled_at', 'is', null)
        .execute();
    }
    const gone = [...open].filter(([key]) => !stillFound.has(key)).map(([, row]) => row);
    for (const { approval_id: id, reason } of gone) {
      await transaction
        .updateTable('register_review')
        .set({ settled_at: now })
        .where('approval_id', '=', id)
        .where('reason', '=', reason)
        .where('settled_at', 'is', null)
        .execute();
    }
    return {
      found: reviews,
      fresh: reviews.filter(({ approvalId, reason }) => isFresh(keyOf(approvalId, reason))),
      settled: gone.map(({ approval_id: approvalId, organization, reason, detail, found_at: foundAt }) => ({
        approvalId,
        organization,
        reason,
        detail,
        foundAt,
      })),
    };
  });
}
