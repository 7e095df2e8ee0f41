import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { standing } from './change.ts';
import { liesWithin } from './examine.ts';
import type { Viewer } from './examine.ts';
import { carriedPlaces } from './places.ts';
import { batchOf } from './rows.ts';
import type { Batch, Outcome } from './rows.ts';
import { isSamePerson, possibleActs } from './rules.ts';

export interface BatchSummary {
  readonly batch: Batch;
  /** For this very person, as the one who confirms. */
  readonly waits: boolean;
  readonly lines: number;
  readonly counts: Readonly<Partial<Record<Outcome, number>>>;
}

export interface BatchesListed {
  readonly batches: readonly BatchSummary[];
  /** Whether older ones follow, which this person may see or not. */
  readonly more: boolean;
}

/** Of one page: of these, what lies beyond the perimeter is left out. */
const perPage = 50;

/** Drafts are their author's: what is not proposed is shown to nobody else in a list. */
export async function listBatches(
  db: Kysely<Database>,
  viewer: Viewer,
  { isBounded, page = 1 }: { readonly isBounded: boolean; readonly page?: number | undefined },
): Promise<BatchesListed> {
  const rows = await db
    .selectFrom('batch')
    .selectAll()
    .where((eb) =>
      eb.or([eb('state', 'not in', ['draft', 'cancelled']), eb('author_id', '=', viewer.actor.id)]),
    )
    .orderBy('updated_at', 'desc')
    .orderBy('id')
    .limit(perPage + 1)
    .offset((page - 1) * perPage)
    .execute();
  const more = rows.length > perPage;
  const all = rows.slice(0, perPage).map(batchOf);
  const batches = isBounded ? await visible(db, all, viewer) : all;
  return { batches: await summariesOf(db, batches, viewer), more };
}

/** Those that all lie within: one statement for a page, whose answer is places and not lines. */
async function visible(
  db: Kysely<Database>,
  batches: readonly Batch[],
  viewer: Viewer,
): Promise<readonly Batch[]> {
  const ids = batches.map(({ id }) => id);
  const places = await carriedPlaces(db, ids);
  return batches.filter(
    (batch) =>
      isSamePerson(batch.author, viewer.actor) || liesWithin(batch, viewer, places.get(batch.id) ?? []),
  );
}

/** What a second person has to look at: proposed by somebody else, and all of it within their charge. */
export async function waitingFor(db: Kysely<Database>, viewer: Viewer): Promise<number> {
  const rows = await db
    .selectFrom('batch')
    .selectAll()
    .where('state', 'in', ['proposed', 'undo_proposed'])
    .execute();
  const asks = rows.map(batchOf).filter((batch) => waitsFor(batch, viewer));
  const places = await carriedPlaces(
    db,
    asks.map(({ id }) => id),
  );
  return asks.filter((batch) => liesWithin(batch, viewer, places.get(batch.id) ?? [])).length;
}

/** Whether this person is the second one that it waits for. */
export const waitsFor = (batch: Batch, viewer: Viewer): boolean => {
  const possible = possibleActs(standing(batch, viewer), viewer.actor);
  return possible.includes('confirm') || possible.includes('confirm_undo');
};

async function summariesOf(
  db: Kysely<Database>,
  batches: readonly Batch[],
  viewer: Viewer,
): Promise<readonly BatchSummary[]> {
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
      waits: waitsFor(batch, viewer),
      lines: own.reduce((sum, { count }) => sum + Number(count), 0),
      counts: Object.fromEntries(
        own.flatMap(({ outcome, count }) => (outcome === null ? [] : [[outcome, Number(count)]])),
      ),
    };
  });
}
