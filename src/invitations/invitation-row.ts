import type { Kysely } from 'kysely';
import { rowsNow } from '../audit/audit.ts';
import type { RowDigest } from '../audit/audit.ts';
import type { Database } from '../storage/storage.ts';

/** Invitations as an act has left them, by id, for its entries. A year after its end each goes, without one (purge.ts). */
export async function invitationRows(
  trx: Kysely<Database>,
  ids: readonly string[],
): Promise<(id: string) => readonly RowDigest[]> {
  const rows = await rowsNow(
    trx,
    ids.map((id) => ({ table: 'invitation', key: id })),
  );
  const byId = new Map(rows.map((row) => [row.key, [{ ...row, mayGo: true as const }]]));
  return (id) => byId.get(id) ?? [];
}

export const invitationRow = async (trx: Kysely<Database>, id: string): Promise<readonly RowDigest[]> =>
  (await invitationRows(trx, [id]))(id);
