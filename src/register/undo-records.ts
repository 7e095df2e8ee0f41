import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import { recordDocument, recordDocumentOf } from './apply-records.ts';
import type { RecordDocument } from './apply-records.ts';
import { writeChanges } from './changes.ts';
import {
  batchSize,
  changedShelves,
  changedSubjects,
  inBatches,
  nothingUndone,
  sumOf,
} from './undo-batches.ts';
import type { Undoing, Undone } from './undo-batches.ts';
import { beforeImport, pastsOf, standing } from './undo-standing.ts';

/** What the import changed, by the history; then the records that it said last. */
export async function undoRecords(undoing: Undoing): Promise<Undone> {
  const parts: Undone[] = [];
  for (const shelf of await changedShelves(undoing))
    parts.push(await inBatches(undoing, '', (db, after) => reverseChanges(undoing, db, { shelf, after })));
  const start = { shelf: '', key: '', source: '' };
  parts.push(await inBatches(undoing, start, (db, after) => takeBack(undoing, db, after)));
  return sumOf(parts);
}

const rowSchema = z.object({
  shelf: z.string(),
  key: z.string(),
  source: z.string(),
  record: z.string(),
  source_date: z.iso.date(),
  import_id: z.int().nullable(),
  former_source_date: z.iso.date().nullable(),
  former_import_id: z.int().nullable(),
  created_import: z.int().nullable(),
});
type Row = z.infer<typeof rowSchema>;

async function heldRecords(db: Kysely<Database>, condition: RawBuilder<unknown>): Promise<readonly Row[]> {
  const { rows } = await sql`
    select shelf, key, source, record, source_date, import_id, former_source_date, former_import_id, created_import
    from register_record where ${condition}`.execute(db);
  return z.array(rowSchema).parse(rows);
}

async function reverseChanges(
  undoing: Undoing,
  db: Kysely<Database>,
  { shelf, after }: { readonly shelf: string; readonly after: string },
) {
  const keys = await changedSubjects(undoing, db, { shelf, after });
  const last = keys.at(-1);
  if (last === undefined) return undefined;
  const held = await heldRecords(db, sql`shelf = ${shelf} and key = any(${[...keys]}::text[])`);
  const pastOf = await readPasts(db, shelf, held);
  const reversals = held.flatMap((row): Reversal[] => {
    const found = beforeImport(recordDocumentOf(row), pastOf(row), rulesOf(undoing));
    return found === undefined ? [] : [{ row, ...found }];
  });
  return { last, ...(await reverse(undoing, db, reversals)) };
}

/** What the import brought goes, what it only said again is the word of who said it before. One shelf at a time. */
async function takeBack(
  undoing: Undoing,
  db: Kysely<Database>,
  after: Pick<Row, 'shelf' | 'key' | 'source'>,
) {
  const found = await heldRecords(
    db,
    sql`(shelf, key, source) > (${after.shelf}::text, ${after.key}::text, ${after.source}::text)
      and import_id = ${undoing.importId} order by shelf, key, source limit ${batchSize}`,
  );
  const shelf = found[0]?.shelf;
  if (shelf === undefined) return undefined;
  const held = found.filter((row) => row.shelf === shelf);
  const last = held.at(-1) ?? after;
  const pastOf = await readPasts(db, shelf, held);
  const reversals = held.map((row) => ({
    row,
    document: standing(recordDocumentOf(row), pastOf(row), rulesOf(undoing)),
  }));
  return { last, ...(await reverse(undoing, db, reversals)) };
}

const rulesOf = ({ importId, undone }: Undoing) => ({
  importId,
  undone,
  isSame: (left: RecordDocument, right: RecordDocument): boolean =>
    JSON.stringify(left.record) === JSON.stringify(right.record),
});

async function readPasts(db: Kysely<Database>, shelf: string, held: readonly Row[]) {
  const parse = (value: unknown): RecordDocument => recordDocument.parse(value);
  const pasts = await pastsOf(db, { shelf, parse, rows: held });
  return ({ key, created_import: brought, source }: Row) => pasts(key, brought, source);
}

interface Reversal {
  readonly row: Row;
  /** Undefined: the record goes. */
  readonly document: RecordDocument | undefined;
}

async function reverse(undoing: Undoing, db: Kysely<Database>, reversals: readonly Reversal[]) {
  const removed = reversals.flatMap(({ row, document }) => (document === undefined ? [row] : []));
  const restored = reversals.flatMap(({ row, document }) =>
    document === undefined ? [] : [{ row, document }],
  );
  await restore(db, restored);
  await remove(db, removed);
  const changed = reversals.filter(
    ({ row, document }) =>
      document === undefined || !rulesOf(undoing).isSame(recordDocumentOf(row), document),
  );
  await writeChanges(
    db,
    changed.map(({ row, document }) => ({
      ...{ shelf: row.shelf, subject: row.key, source: row.source },
      before: recordDocumentOf(row),
      after: document,
    })),
    { now: undoing.now, reason: undoing.reason },
  );
  return { ...nothingUndone, restored: restored.length, removed: removed.length };
}

async function restore(
  db: Kysely<Database>,
  restored: readonly { readonly row: Row; readonly document: RecordDocument }[],
): Promise<void> {
  const [first] = restored;
  if (first === undefined) return;
  const text = (value: number | null): string | null => (value === null ? null : String(value));
  await sql`
    update register_record set record = given.record, source_date = given.source_date::date,
      import_id = given.import_id::integer, former_source_date = given.former_source_date::date,
      former_import_id = given.former_import_id::integer
    from unnest(
      ${restored.map(({ row }) => row.key)}::text[],
      ${restored.map(({ row }) => row.source)}::text[],
      ${restored.map(({ document }) => JSON.stringify(document.record))}::text[],
      ${restored.map(({ document }) => document.source_date)}::text[],
      ${restored.map(({ document }) => text(document.import_id))}::text[],
      ${restored.map(({ document }) => document.former_source_date)}::text[],
      ${restored.map(({ document }) => text(document.former_import_id))}::text[]
    ) as given(key, source, record, source_date, import_id, former_source_date, former_import_id)
    where register_record.shelf = ${first.row.shelf} and register_record.key = given.key
      and register_record.source = given.source`.execute(db);
}

async function remove(db: Kysely<Database>, removed: readonly Row[]): Promise<void> {
  const [first] = removed;
  if (first === undefined) return;
  await sql`
    delete from register_record using unnest(
      ${removed.map(({ key }) => key)}::text[],
      ${removed.map(({ source }) => source)}::text[]
    ) as given(key, source)
    where register_record.shelf = ${first.shelf} and register_record.key = given.key
      and register_record.source = given.source`.execute(db);
}
