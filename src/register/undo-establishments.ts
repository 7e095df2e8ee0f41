import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { writeChanges } from './changes.ts';
import type { ChangeToWrite } from './changes.ts';
import {
  documentOf,
  establishmentDocument,
  heldEstablishments,
  sameEstablishment,
} from './held-establishment.ts';
import type { EstablishmentDocument, HeldEstablishment } from './held-establishment.ts';
import { remakeOrganizations } from './remake-organizations.ts';
import { batchSize, changedSubjects, inBatches, nothingUndone, sumOf } from './undo-batches.ts';
import type { Undoing, Undone } from './undo-batches.ts';
import { undoLeft } from './undo-kept.ts';
import { beforeImport, pastsOf, standing } from './undo-standing.ts';
import { writeEstablishments } from './write-establishments.ts';

/** What the import changed, by the history; then the rows that it said last. */
export async function undoEstablishments(undoing: Undoing): Promise<Undone> {
  return sumOf([
    await inBatches(undoing, '', (db, after) => reverseChanges(undoing, db, after)),
    await inBatches(undoing, '', (db, after) => takeBack(undoing, db, after)),
  ]);
}

const shelf = 'establishment';

async function reverseChanges(undoing: Undoing, db: Kysely<Database>, after: string) {
  const subjects = await changedSubjects(undoing, db, { shelf, after });
  const last = subjects.at(-1);
  if (last === undefined) return undefined;
  const held = await heldEstablishments(db, sql`siret = any(${[...subjects]}::text[])`);
  const pastOf = await readPasts(db, held);
  const reversals = held.flatMap((row): Reversal[] => {
    const found = beforeImport(documentOf(row), pastOf(row), rulesOf(undoing));
    return found === undefined ? [] : [{ row, ...found }];
  });
  return { last, ...(await reverse(undoing, db, reversals)) };
}

/** What the import brought goes, what it only said again is the word of who said it before. */
async function takeBack(undoing: Undoing, db: Kysely<Database>, after: string) {
  const held = await heldEstablishments(
    db,
    sql`siret > ${after} and import_id = ${undoing.importId} order by siret limit ${batchSize}`,
  );
  const last = held.at(-1)?.siret;
  if (last === undefined) return undefined;
  const pastOf = await readPasts(db, held);
  const reversals = held.map((row) => ({
    row,
    document: standing(documentOf(row), pastOf(row), rulesOf(undoing)),
  }));
  return { last, ...(await reverse(undoing, db, reversals)) };
}

const rulesOf = ({ importId, undone }: Undoing) => ({
  importId,
  undone,
  isSame: (left: EstablishmentDocument, right: EstablishmentDocument): boolean =>
    left.source === right.source && sameEstablishment(left, right),
});

async function readPasts(db: Kysely<Database>, held: readonly HeldEstablishment[]) {
  const parse = (value: unknown): EstablishmentDocument => establishmentDocument.parse(value);
  const pasts = await pastsOf(db, { shelf, parse, rows: held.map((row) => ({ ...row, key: row.siret })) });
  return ({ siret, created_import: brought }: HeldEstablishment) => pasts(siret, brought);
}

interface Reversal {
  readonly row: HeldEstablishment;
  /** Undefined: the row goes. */
  readonly document: EstablishmentDocument | undefined;
}

async function reverse(undoing: Undoing, db: Kysely<Database>, reversals: readonly Reversal[]) {
  const removed = reversals.flatMap(({ row, document }) => (document === undefined ? [row] : []));
  const restored = reversals.flatMap(({ row, document }) =>
    document === undefined ? [] : [{ document, createdImport: row.created_import }],
  );
  await writeEstablishments(db, restored);
  await remove(db, removed);
  const changed = reversals.filter(
    ({ row, document }) => document === undefined || !rulesOf(undoing).isSame(documentOf(row), document),
  );
  await writeChanges(
    db,
    changed.map(({ row, document }) => changeOf(row, document)),
    { now: undoing.now, reason: undoing.reason },
  );
  const touched = changed.map(({ row }) => row.siren);
  await remakeOrganizations(db, [...new Set(touched)], undoing.now);
  const units = await undoLeft(undoing, db, new Set(removed.map(({ siren }) => siren)));
  return sumOf([units, { ...nothingUndone, restored: restored.length, removed: removed.length }]);
}

const changeOf = (before: HeldEstablishment, after: EstablishmentDocument | undefined): ChangeToWrite => ({
  shelf: 'establishment',
  subject: before.siret,
  source: 'undo',
  before: documentOf(before),
  after,
});

async function remove(db: Kysely<Database>, rows: readonly HeldEstablishment[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`delete from establishment where siret = any(${rows.map(({ siret }) => siret)}::text[])`.execute(
    db,
  );
}
