import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { writeChanges } from './changes.ts';
import type { ChangeToWrite } from './changes.ts';
import { documentOf, establishmentDocument, heldEstablishments } from './held-establishment.ts';
import type { EstablishmentDocument, HeldEstablishment } from './held-establishment.ts';
import { asOnlyWriter } from './one-writer.ts';
import { remakeOrganizations } from './remake-organizations.ts';
import { batchSize, changedSubjects, reversalsOf } from './undo-batches.ts';
import type { Undoing, Undone } from './undo-batches.ts';
import { writeEstablishments } from './write-establishments.ts';

/** What the import changed, by the history; then what it brought; then what it only said again. */
export async function undoEstablishments(undoing: Undoing): Promise<Undone> {
  let [restored, removed] = [0, 0];
  for (let after = ''; ;) {
    const done = await asOnlyWriter(undoing.db, (db) => reverseChanges(undoing, db, after));
    if (done === undefined) break;
    ({ last: after } = done);
    restored += done.restored;
    removed += done.removed;
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

async function reverseChanges(undoing: Undoing, db: Kysely<Database>, after: string) {
  const shelf = 'establishment';
  const subjects = await changedSubjects(undoing, db, { shelf, after });
  const last = subjects.at(-1);
  if (last === undefined) return undefined;
  const reversals = await reversalsOf(undoing, db, {
    shelf,
    subjects,
    parse: (value) => establishmentDocument.parse(value),
    importOf: ({ import_id: id }) => id ?? undefined,
  });
  const held = await heldEstablishments(db, sql`siret = any(${[...subjects]}::text[])`);
  const rowOf = new Map<string, HeldEstablishment>(held.map((row) => [row.siret, row]));
  const written: { before: HeldEstablishment; document: EstablishmentDocument }[] = [];
  const removed: HeldEstablishment[] = [];
  for (const reversal of reversals) {
    const before = rowOf.get(reversal.subject);
    if (before === undefined || reversal.after === undefined) continue;
    if (JSON.stringify(documentOf(before)) !== JSON.stringify(reversal.after)) continue;
    if (reversal.before === undefined) removed.push(before);
    else written.push({ before, document: reversal.before });
  }
  await writeEstablishments(
    db,
    written.map(({ before, document }) => ({ document, createdImport: before.created_import })),
  );
  await remove(db, removed);
  await writeChanges(
    db,
    [
      ...written.map(({ before, document }) => changeOf(before, document)),
      ...removed.map((before) => changeOf(before, undefined)),
    ],
    { now: undoing.now, reason: undoing.reason },
  );
  const touched = [...written.map(({ before }) => before), ...removed];
  await remakeOrganizations(
    db,
    touched.map(({ siren }) => siren),
    undoing.now,
  );
  return { last, restored: written.length, removed: removed.length };
}

const changeOf = (before: HeldEstablishment, after: EstablishmentDocument | undefined): ChangeToWrite => ({
  shelf: 'establishment',
  subject: before.siret,
  source: 'undo',
  before: documentOf(before),
  after,
});

async function removeBrought(undoing: Undoing, db: Kysely<Database>): Promise<number> {
  const { importId } = undoing;
  const rows = await heldEstablishments(
    db,
    sql`created_import = ${importId} and import_id = ${importId} order by siret limit ${batchSize}`,
  );
  await remove(db, rows);
  await writeChanges(
    db,
    rows.map((row) => changeOf(row, undefined)),
    { now: undoing.now, reason: undoing.reason },
  );
  const seats = rows.filter((row) => row.head_office).map(({ siren }) => siren);
  await remakeOrganizations(db, seats, undoing.now);
  return rows.length;
}

async function remove(db: Kysely<Database>, rows: readonly HeldEstablishment[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`delete from establishment where siret = any(${rows.map(({ siret }) => siret)}::text[])`.execute(
    db,
  );
}

async function takeBackConfirmations({ importId }: Undoing, db: Kysely<Database>): Promise<number> {
  const { numAffectedRows } = await sql`
    update establishment set source_date = former_source_date, import_id = former_import_id,
      former_source_date = null, former_import_id = null
    where siret in (
      select siret from establishment
      where import_id = ${importId} and former_source_date is not null order by siret limit ${batchSize}
    )`.execute(db);
  return Number(numAffectedRows ?? 0);
}
