import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { isVisible } from './examine.ts';
import type { Viewer } from './examine.ts';
import { batchOf } from './rows.ts';
import type { Batch, Outcome } from './rows.ts';

export interface BatchSummary {
  readonly batch: Batch;
  readonly lines: number;
  readonly counts: Readonly<Partial<Record<Outcome, number>>>;
}

/** The latest ones are what somebody looks for; each is asked whether it may be seen. */
const most = 100;

/** Drafts are their author's: what is not proposed is shown to nobody else in a list. */
export async function listBatches(
  db: Kysely<Database>,
  viewer: Viewer,
  isBounded: boolean,
): Promise<readonly BatchSummary[]> {
  const rows = await db
    .selectFrom('batch')
    .selectAll()
    .where((eb) =>
      eb.or([eb('state', 'not in', ['draft', 'cancelled']), eb('author_id', '=', viewer.actor.id)]),
    )
    .orderBy('updated_at', 'desc')
    .orderBy('id')
    .limit(most)
    .execute();
  const batches: Batch[] = [];
  for (const batch of rows.map(batchOf))
    if (!isBounded || (await isVisible(db, batch, viewer, undefined))) batches.push(batch);
  if (batches.length === 0) return [];
  const counts = await db
    .selectFrom('batch_line')
    .select(['batch_id', 'outcome'])
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where(
      'batch_id',
      'in',
      batches.map(({ id }) => id),
    )
    .groupBy(['batch_id', 'outcome'])
    .execute();
  return batches.map((batch) => {
    const own = counts.filter((one) => one.batch_id === batch.id);
    return {
      batch,
      lines: own.reduce((sum, { count }) => sum + Number(count), 0),
      counts: Object.fromEntries(
        own.flatMap(({ outcome, count }) => (outcome === null ? [] : [[outcome, Number(count)]])),
      ),
    };
  });
}
