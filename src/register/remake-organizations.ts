import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { noRows, readRows } from './rows-at-hand.ts';
import { writeOrganizations } from './write-organizations.ts';

/** Makes the columns of legal units anew, because an establishment that they depend on changed. Nothing is said of them. */
export async function remakeOrganizations(
  db: Kysely<Database>,
  sirens: readonly string[],
  now: Date,
): Promise<void> {
  if (sirens.length === 0) return;
  const rows = noRows();
  await readRows(db, rows, { sirens, rnas: [], localRegisters: [] });
  for (const draft of rows.all) draft.isTouched = true;
  await writeOrganizations(db, rows.all, { now, source: 'establishment' });
}
