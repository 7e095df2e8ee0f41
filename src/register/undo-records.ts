import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import { recordDocument, recordDocumentOf } from './apply-records.ts';
import type { RecordDocument } from './apply-records.ts';
import { writeChanges } from './changes.ts';
import { asOnlyWriter } from './one-writer.ts';
import { batchSize, changedShelves, changedSubjects, reversalsOf } from './undo-batches.ts';
import type { Undoing, Undone } from './undo-batches.ts';

/** What the import changed, by the history; then what it brought; then what it only said again. */
export async function undoRecords(undoing: Undoing): Promise<Undone> {
  let [restored, removed] = [0, 0];
  for (const shelf of await changedShelves(undoing)) {
    for (let after = ''; ;) {
      const done = await asOnlyWriter(undoing.db, (db) => reverseChanges(undoing, db, { shelf, after }));
      if (done === undefined) break;
      ({ last: after } = done);
      restored += done.restored;
    }
  }
  for (;;) {
    const gone = await asOnlyWriter(undoing.db, (db) => removeBrought(undoing, db));
    removed += gone;
    if (gone < batchSize) break;
  }
  for (;;) {
    const back = await asOnlyWriter(undoing.db, (db) => takeBackConfirmations(undoing, db));
    restored += back;
    if (back < batchSize) break;
  }
  return { restored, removed, keptBecauseChangedSince: 0 };
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
});
type Row = z.infer<typeof rowSchema>;

async function reverseChanges(
  undoing: Undoing,
  db: Kysely<Database>,
  { shelf, after }: { readonly shelf: string; readonly after: string },
) {
  const keys = await changedSubjects(undoing, db, { shelf, after });
  const last = keys.at(-1);
  if (last === undefined) return undefined;
  const reversals = await reversalsOf(undoing, db, {
    shelf,
    subjects: keys,
    parse: (value) => recordDocument.parse(value),
    importOf: ({ import_id: id }) => id ?? undefined,
  });
  const { rows } = await sql`
    select shelf, key, source, record, source_date, import_id, former_source_date, former_import_id
    from register_record where shelf = ${shelf} and key = any(${[...keys]}::text[])`.execute(db);
  const held = new Map(
    z
      .array(rowSchema)
      .parse(rows)
      .map((row) => [`${row.key} ${row.source}`, row]),
  );
  const restored: { readonly row: Row; readonly document: RecordDocument }[] = [];
  for (const { subject, source, before, after: left } of reversals) {
    const row = held.get(`${subject} ${source}`);
    // A record that an import brought has no line in the history: there is always something before.
    if (row === undefined || before === undefined) continue;
    if (JSON.stringify(recordDocumentOf(row)) === JSON.stringify(left))
      restored.push({ row, document: before });
  }
  await restore(db, restored);
  await writeChanges(
    db,
    restored.map(({ row, document }) => ({
      ...{ shelf, subject: row.key, source: row.source },
      before: recordDocumentOf(row),
      after: document,
    })),
    { now: undoing.now, reason: undoing.reason },
  );
  return { last, restored: restored.length };
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

async function removeBrought({ importId }: Undoing, db: Kysely<Database>): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from register_record where (shelf, key, source) in (
      select shelf, key, source from register_record
      where created_import = ${importId} and import_id = ${importId} limit ${batchSize}
    )`.execute(db);
  return Number(numAffectedRows ?? 0);
}

async function takeBackConfirmations({ importId }: Undoing, db: Kysely<Database>): Promise<number> {
  const { numAffectedRows } = await sql`
    update register_record set source_date = former_source_date, import_id = former_import_id,
      former_source_date = null, former_import_id = null
    where (shelf, key, source) in (
      select shelf, key, source from register_record
      where import_id = ${importId} and former_source_date is not null limit ${batchSize}
    )`.execute(db);
  return Number(numAffectedRows ?? 0);
}
