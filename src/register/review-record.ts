import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import { reviewReasons } from './drift.ts';
import type { Finding, ReviewReason } from './drift.ts';

/** One approval to look at again, for one reason. */
export interface Review extends Finding {
  readonly approvalId: string;
  readonly organization: string;
  readonly service: string;
  readonly foundAt: Date;
}

export interface KeptFindings {
  readonly found: readonly Review[];
  readonly settled: readonly Omit<Review, 'service'>[];
  /** Those of `found` that were not there at the check before. */
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
});

const keyOf = (approvalId: string, reason: ReviewReason): string => `${approvalId} ${reason}`;

/**
 * Opens what is new, dates what is still there, settles what is gone: one transaction.
 */
export async function keepFindings(
  db: Kysely<Database>,
  found: readonly Omit<Review, 'foundAt'>[],
  now: Date,
): Promise<KeptFindings> {
  return db.transaction().execute(async (transaction) => {
    const rows: unknown[] = await transaction
      .selectFrom('register_review')
      .select(['approval_id', 'organization', 'reason', 'detail', 'found_at'])
      .where('settled_at', 'is', null)
      .forUpdate()
      .execute();
    const open = new Map(
      z
        .array(openReviewSchema)
        .parse(rows)
        .map((row) => [keyOf(row.approval_id, row.reason), row]),
    );
    const reviews = found.map((one) => ({
      ...one,
      foundAt: open.get(keyOf(one.approvalId, one.reason))?.found_at ?? now,
    }));
    const seen = new Set(found.map(({ approvalId, reason }) => keyOf(approvalId, reason)));
    for (let start = 0; start < reviews.length; start += batchSize) {
      await transaction
        .insertInto('register_review')
        .values(
          reviews.slice(start, start + batchSize).map(({ approvalId, organization, reason, detail }) => ({
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
        .execute();
    }
    const gone = [...open].filter(([key]) => !seen.has(key)).map(([, row]) => row);
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
      fresh: reviews.filter(({ approvalId, reason }) => !open.has(keyOf(approvalId, reason))),
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
