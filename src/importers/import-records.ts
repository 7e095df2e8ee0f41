import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import type { Counts } from './apply-items.ts';

/** What an import has counted: records new, changed and the same; lines wrong and left out. */
export interface Tally extends Counts {
  readonly wrong: number;
  readonly leftOut: number;
}

export const nothingYet: Tally = { new: 0, changed: 0, same: 0, wrong: 0, leftOut: 0 };

/** One `maillon import`, as the register remembers it. */
export interface ImportRecord {
  readonly id: number;
  /** Name of the importer. */
  readonly source: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly asOf: string;
  readonly state: 'running' | 'finished' | 'undone';
  /** Lines of the file that are committed. */
  readonly position: number;
  readonly tally: Tally;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly undoneAt: Date | null;
}

/** The import that began and has not ended: interrupted, unless somebody holds the lock. */
export const unfinishedImport = (db: Kysely<Database>): Promise<ImportRecord | undefined> =>
  records(db)
    .where('state', '=', 'running')
    .orderBy('id', 'desc')
    .executeTakeFirst()
    .then((row) => row && recordOf(row));

/** The last time that this very file was imported to its end. */
export const finishedImport = (
  db: Kysely<Database>,
  source: string,
  sha256: string,
): Promise<ImportRecord | undefined> =>
  records(db)
    .where('state', '=', 'finished')
    .where('source', '=', source)
    .where('file_sha256', '=', sha256)
    .orderBy('id', 'desc')
    .executeTakeFirst()
    .then((row) => row && recordOf(row));

/** Newest first. */
export async function listImports(db: Kysely<Database>, limit: number): Promise<readonly ImportRecord[]> {
  const rows = await records(db).orderBy('id', 'desc').limit(limit).execute();
  return rows.map(recordOf);
}

export const importById = (db: Kysely<Database>, id: number): Promise<ImportRecord | undefined> =>
  records(db)
    .where('id', '=', id)
    .executeTakeFirst()
    .then((row) => row && recordOf(row));

export async function startImport(
  db: Kysely<Database>,
  begun: Pick<ImportRecord, 'source' | 'fileName' | 'sha256' | 'asOf'> & { readonly now: Date },
): Promise<ImportRecord> {
  const row = await db
    .insertInto('register_import')
    .values({
      source: begun.source,
      file_name: begun.fileName,
      file_sha256: begun.sha256,
      source_date: begun.asOf,
      state: 'running',
      started_at: begun.now,
      updated_at: begun.now,
      finished_at: null,
      undone_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return recordOf(row);
}

/** Only one that has committed nothing. */
export async function forgetImport(db: Kysely<Database>, id: number): Promise<void> {
  await db.deleteFrom('register_import').where('id', '=', id).where('position', '=', 0).execute();
}

/** In the transaction of the batch: what is counted and what is written stand or fall together. */
export async function moveImport(
  db: Kysely<Database>,
  id: number,
  to: { readonly position: number; readonly tally: Tally; readonly now: Date; readonly finished: boolean },
): Promise<void> {
  await db
    .updateTable('register_import')
    .set({
      position: to.position,
      new_count: to.tally.new,
      changed_count: to.tally.changed,
      same_count: to.tally.same,
      wrong_count: to.tally.wrong,
      left_out_count: to.tally.leftOut,
      updated_at: to.now,
      ...(to.finished && { state: 'finished' as const, finished_at: to.now }),
    })
    .where('id', '=', id)
    .execute();
}

const records = (db: Kysely<Database>) => db.selectFrom('register_import').selectAll();

type Row = Awaited<ReturnType<ReturnType<typeof records>['executeTakeFirstOrThrow']>>;

const recordOf = (row: Row): ImportRecord => ({
  id: row.id,
  source: row.source,
  fileName: row.file_name,
  sha256: row.file_sha256,
  asOf: row.source_date,
  state: row.state,
  position: row.position,
  tally: {
    new: row.new_count,
    changed: row.changed_count,
    same: row.same_count,
    wrong: row.wrong_count,
    leftOut: row.left_out_count,
  },
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  undoneAt: row.undone_at,
});
