import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import type { Applying, Outcome, RefusedRecord } from './applying.ts';
import { writeChanges } from './changes.ts';
import type { ChangeToWrite } from './changes.ts';
import { asOnlyWriter } from './one-writer.ts';

export interface RecordToApply {
  readonly key: string;
  /** JSON value, checked by who hands it over (shelves.ts). */
  readonly record: object;
}

/** Sources of records are not those of statements: 'cog', 'populations', 'banatic', 'email_domains'. */
export type ApplyingRecords = Omit<Applying, 'source' | 'knownWords'> & { readonly source: string };

/**
 * Writes what one source says under each key of a shelf: communes, populations, groupings, domains. What other sources
 * say under the same key stays beside it.
 */
export function applyRecords(
  db: Kysely<Database>,
  shelf: string,
  records: readonly RecordToApply[],
  applying: ApplyingRecords,
): Promise<Outcome> {
  if (records.length === 0) return Promise.resolve({ new: 0, changed: 0, same: 0, refused: [] });
  return asOnlyWriter(db, (transaction) => apply(transaction, shelf, records, applying));
}

const heldSchema = z.array(
  z.object({
    key: z.string(),
    record: z.string(),
    source_date: z.iso.date(),
    import_id: z.int().nullable(),
    former_source_date: z.iso.date().nullable(),
    former_import_id: z.int().nullable(),
  }),
);

/** What the history keeps of a record. JSON. */
export const recordDocument = z.object({
  record: z.record(z.string(), z.unknown()),
  source_date: z.iso.date(),
  import_id: z.int().nullable(),
  former_source_date: z.iso.date().nullable(),
  former_import_id: z.int().nullable(),
});
export type RecordDocument = Readonly<z.infer<typeof recordDocument>>;

export const recordDocumentOf = (row: {
  readonly record: string;
  readonly source_date: string;
  readonly import_id: number | null;
  readonly former_source_date: string | null;
  readonly former_import_id: number | null;
}): RecordDocument => {
  const record: unknown = JSON.parse(row.record);
  return recordDocument.parse({ ...row, record });
};

async function apply(
  db: Kysely<Database>,
  shelf: string,
  records: readonly RecordToApply[],
  applying: ApplyingRecords,
): Promise<Outcome> {
  const { source, asOf } = applying;
  const refused: RefusedRecord[] = [];
  const kept = lastOfEach(records, refused);
  const { rows } = await sql`
    select key, record, source_date, import_id, former_source_date, former_import_id from register_record
    where shelf = ${shelf} and source = ${source} and key = any(${[...kept.keys()]}::text[])`.execute(db);
  const held = new Map(heldSchema.parse(rows).map((row) => [row.key, row]));
  const written: { readonly key: string; readonly text: string }[] = [];
  const confirmed: string[] = [];
  const changes: ChangeToWrite[] = [];
  let [added, changed, same] = [0, 0, 0];
  for (const [key, { index, record }] of kept) {
    const before = held.get(key);
    const text = JSON.stringify(record);
    if (before !== undefined && asOf < before.source_date)
      refused.push({ index, reason: 'older_than_held', detail: `${asOf} is before ${before.source_date}` });
    else if (before?.record === text) {
      same += 1;
      if (before.source_date !== asOf) confirmed.push(key);
    } else {
      if (before === undefined) added += 1;
      else changed += 1;
      written.push({ key, text });
      if (before !== undefined || applying.importId === undefined)
        changes.push({
          ...{ shelf, subject: key, source },
          before: before === undefined ? undefined : recordDocumentOf(before),
          after: documentFor(record, applying),
        });
    }
  }
  await write(db, shelf, written, applying);
  await confirm(db, shelf, confirmed, applying);
  await writeChanges(db, changes, applying);
  return { new: added, changed, same, refused };
}

const documentFor = (record: object, { asOf, importId }: ApplyingRecords): RecordDocument => ({
  record: { ...record },
  source_date: asOf,
  import_id: importId ?? null,
  former_source_date: null,
  former_import_id: null,
});

function lastOfEach(records: readonly RecordToApply[], refused: RefusedRecord[]) {
  const kept = new Map<string, { readonly index: number; readonly record: object }>();
  for (const [index, { key, record }] of records.entries()) {
    const earlier = kept.get(key);
    if (earlier !== undefined) refused.push({ index: earlier.index, reason: 'twice_in_batch', detail: key });
    kept.set(key, { index, record });
  }
  return kept;
}

async function write(
  db: Kysely<Database>,
  shelf: string,
  written: readonly { readonly key: string; readonly text: string }[],
  { source, asOf, importId: given }: ApplyingRecords,
): Promise<void> {
  const importId = given ?? null;
  if (written.length === 0) return;
  await sql`
    insert into register_record (shelf, key, source, record, source_date, import_id, created_import)
    select ${shelf}::text, given.key, ${source}::text, given.record, ${asOf}::date, ${importId}::integer,
      ${importId}::integer
    from unnest(
      ${written.map(({ key }) => key)}::text[],
      ${written.map(({ text }) => text)}::text[]
    ) as given(key, record)
    on conflict (shelf, key, source) do update set
      record = excluded.record, source_date = excluded.source_date, import_id = excluded.import_id,
      former_source_date = null, former_import_id = null`.execute(db);
}

async function confirm(
  db: Kysely<Database>,
  shelf: string,
  keys: readonly string[],
  { source, asOf, importId: given }: ApplyingRecords,
): Promise<void> {
  const importId = given ?? null;
  if (keys.length === 0) return;
  await sql`
    update register_record set
      former_source_date = case when import_id is distinct from ${importId}::integer
        then source_date else former_source_date end,
      former_import_id = case when import_id is distinct from ${importId}::integer
        then import_id else former_import_id end,
      source_date = ${asOf}::date, import_id = ${importId}::integer
    where shelf = ${shelf} and source = ${source} and key = any(${[...keys]}::text[])`.execute(db);
}
