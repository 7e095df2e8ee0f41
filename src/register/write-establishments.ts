import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import type { Applying } from './applying.ts';
import { followSeats } from './follow-seats.ts';
import type { EstablishmentDocument } from './held-establishment.ts';
import { writeInTurn } from './write-in-turn.ts';

/** A row to write: what is said of the establishment, and the import that brought the row. */
export interface EstablishmentToWrite {
  readonly document: EstablishmentDocument;
  readonly createdImport: number | null;
}

/** Some SQL statements for the rows (write-in-turn.ts), one for the communes of their legal units, unless that is left for later. */
export async function writeEstablishments(
  db: Kysely<Database>,
  written: readonly EstablishmentToWrite[],
  { whileWriting, seats }: Pick<Applying, 'whileWriting' | 'seats'> = {},
): Promise<void> {
  await writeInTurn(written, columnsOf, (lists) => insert(db, lists), whileWriting);
  const placed = written.flatMap(
    ({ document: { siret, head_office: isHeadOffice, commune_code: commune } }) =>
      isHeadOffice && commune !== null ? [siret] : [],
  );
  if (seats === undefined) await followSeats(db, placed);
  else seats.later(placed);
}

/** In the order of the statement below. */
const columnsOf = ({ document: one, createdImport }: EstablishmentToWrite) =>
  [
    one.siret,
    one.state,
    String(one.head_office),
    one.commune_code,
    one.postal_code,
    one.naf,
    one.naf25,
    one.size_band,
    one.usual_name,
    one.created_on,
    one.diffusion,
    one.source,
    one.source_date,
    one.fetched_at,
    one.import_id === null ? null : String(one.import_id),
    one.former_source_date,
    one.former_import_id === null ? null : String(one.former_import_id),
    createdImport === null ? null : String(createdImport),
  ] as const;

const insert = (db: Kysely<Database>, lists: readonly string[]): Promise<unknown> =>
  sql`
    insert into establishment (siret, siren, state, head_office, commune_code, postal_code, naf, naf25, size_band,
      usual_name, created_on, diffusion, source, source_date, fetched_at, import_id, former_source_date,
      former_import_id, created_import)
    select siret, left(siret, 9), state, head_office::boolean, commune_code, postal_code, naf, naf25, size_band,
      usual_name, created_on::date, diffusion, source, source_date::date, fetched_at::timestamptz,
      import_id::integer, former_source_date::date, former_import_id::integer, created_import::integer
    from unnest(${sql.join(lists.map((list) => sql`${list}::text[]`))}) as given(siret, state, head_office, commune_code, postal_code, naf, naf25, size_band,
      usual_name, created_on, diffusion, source, source_date, fetched_at, import_id, former_source_date,
      former_import_id, created_import)
    on conflict (siret) do update set
      state = excluded.state, head_office = excluded.head_office, commune_code = excluded.commune_code,
      postal_code = excluded.postal_code, naf = excluded.naf, naf25 = excluded.naf25,
      size_band = excluded.size_band, usual_name = excluded.usual_name, created_on = excluded.created_on,
      diffusion = excluded.diffusion, source = excluded.source, source_date = excluded.source_date,
      fetched_at = excluded.fetched_at, import_id = excluded.import_id,
      former_source_date = excluded.former_source_date, former_import_id = excluded.former_import_id`.execute(
    db,
  );

/** The same was said again: only who said it last, and when, moves on. */
export async function confirmEstablishments(
  db: Kysely<Database>,
  confirmed: readonly EstablishmentDocument[],
): Promise<void> {
  const [first] = confirmed;
  if (first === undefined) return;
  await sql`
    update establishment set
      former_source_date = case when import_id is distinct from ${first.import_id}::integer
        then source_date else former_source_date end,
      former_import_id = case when import_id is distinct from ${first.import_id}::integer
        then import_id else former_import_id end,
      source_date = ${first.source_date}::date, import_id = ${first.import_id}::integer,
      fetched_at = ${first.fetched_at}::timestamptz
    where siret = any(${confirmed.map(({ siret }) => siret)}::text[])`.execute(db);
}
