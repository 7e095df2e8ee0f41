import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';

/** Imports that were taken back. What one said of a legal unit may still stand, while establishments need it (undo-kept.ts). */
export async function undoneImports(db: Kysely<Database>): Promise<ReadonlySet<number>> {
  const rows = await db.selectFrom('register_import').select('id').where('state', '=', 'undone').execute();
  return new Set(rows.map(({ id }) => id));
}
