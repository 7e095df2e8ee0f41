import type { Kysely } from 'kysely';
import { parseRna, parseSiret } from '../../organizations/organizations.ts';
import type { Rna, Siret } from '../../organizations/organizations.ts';
import type { Database } from '../../storage/storage.ts';

export function siret(text: string): Siret {
  const parsed = parseSiret(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

export function rna(text: string): Rna {
  const parsed = parseRna(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

/**
 * All that the register holds, but for when rows were written, the history, and which import confirmed a row before the
 * one that confirmed it last: one step back is kept.
 */
export async function registerTables(db: Kysely<Database>) {
  const organizations = await db.selectFrom('organization').selectAll().orderBy('id').execute();
  const establishments = await db.selectFrom('establishment').selectAll().orderBy('siret').execute();
  const records = await db
    .selectFrom('register_record')
    .selectAll()
    .orderBy('key')
    .orderBy('source')
    .execute();
  return {
    organizations: organizations.map(compared),
    establishments: establishments.map(compared),
    records: records.map(compared),
  };
}

const notCompared: ReadonlySet<string> = new Set(['updated_at', 'former_source_date', 'former_import_id']);

const compared = (row: object): object =>
  Object.fromEntries(Object.entries(row).filter(([column]) => !notCompared.has(column)));
