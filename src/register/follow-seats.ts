import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { forLookups } from './one-writer.ts';

/**
 * The commune of a legal unit is that of its head office, unless an operator says otherwise. What is written follows from
 * the rows of the establishments as they are now: asked again, it changes nothing.
 *
 * @param sirets of head offices that were written
 */
export async function followSeats(db: Kysely<Database>, sirets: readonly string[]): Promise<void> {
  if (sirets.length > 0) await follow(db, sql`seat.siret = any(${[...sirets]}::text[])`);
}

/** The same, beside the transaction of somebody who is the only writer (one-writer.ts) and waits for the end of it. */
export const followSeatsBeside = (db: Kysely<Database>, sirets: readonly string[]): Promise<void> =>
  db.transaction().execute(async (transaction) => {
    await sql`select ${forLookups}, set_config('synchronous_commit', 'off', true)`.execute(transaction);
    await followSeats(transaction, sirets);
  });

/**
 * The same for all that an import has written: what it had left for later when it was interrupted. Reads the whole table.
 *
 * @param db a transaction of the only writer
 */
export async function followSeatsOfImport(db: Kysely<Database>, importId: number): Promise<void> {
  await sql`select set_config('enable_seqscan', 'on', true), set_config('enable_hashjoin', 'on', true)`.execute(
    db,
  );
  await follow(db, sql`seat.import_id = ${importId}`);
}

const follow = (db: Kysely<Database>, seats: RawBuilder<unknown>): Promise<unknown> =>
  sql`
    update organization set commune_code = seat.commune_code from establishment as seat
    where ${seats} and seat.head_office and seat.commune_code is not null and organization.siren = seat.siren
      and organization.commune_code is distinct from seat.commune_code
      -- Few have a correction: the text is looked at before it is taken apart.
      and (strpos(organization.statements, '"operator":') = 0
        or organization.statements::json #>> '{operator,facts,commune}' is null)`.execute(db);
