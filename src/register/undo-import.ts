import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import { sumOf } from './undo-batches.ts';
import type { Undoing, Undone } from './undo-batches.ts';
import { undoEstablishments } from './undo-establishments.ts';
import { undoKept } from './undo-kept.ts';
import { undoOrganizations } from './undo-organizations.ts';
import { undoRecords } from './undo-records.ts';
import { undoneImports } from './undone-imports.ts';

/**
 * Takes back what an import said: what the same source said before it is restored where the import's word still stands,
 * rows that it brought are removed when nothing else speaks of them, rows that it joined are separated. In batches, each
 * a transaction of its own unless `db` is one already; after a kill it is called again, and goes on. At the end the record
 * of the import says that it is undone.
 */
export async function undoImport(db: Kysely<Database>, importId: number, now: Date): Promise<Undone> {
  const undone = new Set([importId, ...(await undoneImports(db))]);
  const undoing: Undoing = { db, importId, undone, now, reason: reasonFor(importId) };
  const changedSince = await changedSinceBy(undoing);
  const parts = [
    // First: a legal unit stays while an establishment says that it is there.
    await undoEstablishments(undoing),
    await undoOrganizations(undoing),
    await undoKept(undoing),
    await undoRecords(undoing),
  ];
  await db
    .updateTable('register_import')
    .set({ state: 'undone', undone_at: now, updated_at: now })
    .where('id', '=', importId)
    .execute();
  const all = sumOf(parts);
  return { ...all, keptBecauseChangedSince: changedSince + all.keptBecauseChangedSince };
}

const reasonFor = (importId: number): string => `import ${importId} undone`;

/** Statements of the import that somebody else replaced: the history names the import in what was before. */
async function changedSinceBy({ db, importId, undone, reason }: Undoing): Promise<number> {
  const { rows } = await sql`
    select count(distinct (shelf, subject, source)) as count from register_change
    where before ~ ${`"(importId|import_id)":${importId}[,}]`}
      and (import_id is null or not import_id = any(${[...undone]}::integer[]))
      and shelf <> 'identity' and reason is distinct from ${reason}`.execute(db);
  return z.array(z.object({ count: z.coerce.number() })).parse(rows)[0]?.count ?? 0;
}
