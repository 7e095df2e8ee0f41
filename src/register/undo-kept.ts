import type { Kysely } from 'kysely';
import type { Source, Statement } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { boundAmong } from './bound.ts';
import { isDescribed, unsay } from './draft.ts';
import { organizationsById, organizationsLeftBy } from './held-organization.ts';
import type { HeldOrganization } from './held-organization.ts';
import { addHeld } from './rows-at-hand.ts';
import { batchSize, inBatches, nothingUndone } from './undo-batches.ts';
import type { Undoing, Undone } from './undo-batches.ts';
import { newBatch } from './undo-keep.ts';
import { finish } from './undo-organizations.ts';

/*
 * What imports undone earlier said of legal units stays while establishments need their unit, and what they said of any
 * organization while a decision of an operator hangs on it. It goes when these do, or once somebody else speaks of it.
 */

/** Of the legal units of establishments that are being removed, in the same transaction. */
export async function undoLeft(
  undoing: Undoing,
  db: Kysely<Database>,
  sirens: ReadonlySet<string>,
): Promise<Undone> {
  if (sirens.size === 0 || earlierThan(undoing).size === 0) return nothingUndone;
  return takeBack(undoing, db, await organizationsById(db, [...sirens]));
}

/** Of every row: of which somebody else speaks since, or that nothing holds any more. */
export async function undoKept(undoing: Undoing): Promise<Undone> {
  const earlier = [...earlierThan(undoing)];
  if (earlier.length === 0) return nothingUndone;
  return inBatches(undoing, '', async (db, after) => {
    const held = await organizationsLeftBy(db, earlier, { after, limit: batchSize });
    const last = held.at(-1)?.id;
    return last === undefined ? undefined : { last, ...(await takeBack(undoing, db, held)) };
  });
}

/** The import itself has a way of its own. */
const earlierThan = ({ undone, importId }: Undoing): ReadonlySet<number> =>
  new Set([...undone].filter((id) => id !== importId));

async function takeBack(
  undoing: Undoing,
  db: Kysely<Database>,
  held: readonly HeldOrganization[],
): Promise<Undone> {
  const batch = newBatch();
  const { rows, tally } = batch;
  for (const row of held) addHeld(rows, row);
  const earlier = earlierThan(undoing);
  const saidBy = (imports: ReadonlySet<number>, [, { importId }]: readonly [Source, Statement]): boolean =>
    importId !== undefined && imports.has(importId);
  const drafts = [...rows.all];
  const bound = await boundAmong(db, drafts);
  for (const draft of drafts) {
    const gone = [...draft.statements].filter((one) => saidBy(earlier, one));
    // What the import itself says is on its way out, and takes nobody's place.
    const others = new Map([...draft.statements].filter((one) => !saidBy(undoing.undone, one)));
    const isLeft = isDescribed(draft, others);
    if (gone.length === 0 || (!isLeft && bound.has(draft))) continue;
    for (const [source] of gone) unsay(draft, source);
    if (isLeft) tally.restored += 1;
  }
  await finish(undoing, db, batch);
  return tally;
}
