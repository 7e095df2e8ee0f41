import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import type { EstablishmentDocument } from './held-establishment.ts';
import { writeInTurn } from './write-in-turn.ts';

/** A row to write: what is said of the establishment, and the import that brought the row. */
export interface EstablishmentToWrite {
  readonly document: EstablishmentDocument;
  readonly createdImport: number | null;
}

/** One SQL statement for each 500 rows, one for the communes of their legal units. */
export async function writeEstablishments(
  db: Kysely<Database>,
  written: readonly EstablishmentToWrite[],
  whileWriting?: () => void,
): Promise<void> {
  await writeInTurn(written, columnsOf, (lists) => insert(db, lists), whileWriting);
  await followHeadOffices(
    db,
    written.map(({ document }) => document),
  );
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

/** The commune of a legal unit is that of its head office, unless an operator says otherwise. */
async function followHeadOffices(
  db: Kysely<Database>,
  documents: readonly EstablishmentDocument[],
): Promise<void> {
  const seats = documents.flatMap(({ siret, head_office: isHeadOffice, commune_code: commune }) =>
    isHeadOffice && commune !== null ? [{ siren: siret.slice(0, 9), commune }] : [],
  );
  if (seats.length === 0) return;
  await sql`
    update organization set commune_code = given.commune
    from unnest(
      ${seats.map(({ siren }) => siren)}::text[],
      ${seats.map(({ commune }) => commune)}::text[]
    ) as given(siren, commune)
    where organization.siren = given.siren and organization.commune_code is distinct from given.commune
      -- Few have a correction: the text is looked at before it is taken apart.
      and (strpos(organization.statements, '"operator":') = 0
        or organization.statements::json #>> '{operator,facts,commune}' is null)`.execute(db);
}

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
