import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import { reviewReasons } from './drift.ts';
import type { Finding } from './drift.ts';

/** What the register says of an approval since its decision, until a check no longer finds it. */
export interface OpenFinding extends Finding {
  readonly approvalId: string;
  readonly foundAt: Date;
  /** Somebody has looked at what it says now. */
  readonly seen: boolean;
}

const rowsSchema = z.array(
  z.object({
    approval_id: z.string(),
    reason: z.enum(reviewReasons),
    detail: z.string(),
    found_at: z.date(),
    unseen: z.boolean(),
  }),
);

/** @param lock `wait`: no check makes them say something else before the end of the transaction */
export async function openFindings(
  db: Kysely<Database>,
  approvalIds: readonly string[],
  lock?: 'wait',
): Promise<readonly OpenFinding[]> {
  if (approvalIds.length === 0) return [];
  const query = db
    .selectFrom('register_review')
    .select(['approval_id', 'reason', 'detail', 'found_at', 'unseen'])
    .where('approval_id', 'in', approvalIds)
    .where('settled_at', 'is', null)
    .orderBy('approval_id')
    .orderBy('reason');
  const rows: unknown[] = await (lock === undefined ? query : query.forUpdate()).execute();
  return rowsSchema
    .parse(rows)
    .map(({ approval_id: approvalId, reason, detail, found_at: foundAt, unseen }) => ({
      approvalId,
      reason,
      detail,
      foundAt,
      seen: !unseen,
    }));
}

/** Each as it was read: one that says something else meanwhile stays to be looked at. */
export async function markSeen(
  db: Kysely<Database>,
  findings: readonly Pick<OpenFinding, 'approvalId' | 'reason' | 'detail'>[],
): Promise<void> {
  for (const { approvalId, reason, detail } of findings) {
    await db
      .updateTable('register_review')
      .set({ seen_detail: detail })
      .where('approval_id', '=', approvalId)
      .where('reason', '=', reason)
      .where('detail', '=', detail)
      .where('settled_at', 'is', null)
      .execute();
  }
}
