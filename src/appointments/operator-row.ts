import type { Kysely } from 'kysely';
import { rowsNow } from '../audit/audit.ts';
import type { RowDigest } from '../audit/audit.ts';
import type { Database } from '../storage/storage.ts';

/** What lets somebody in, as an act has left it; gone, when it took them out. For its entry. */
export const operatorRow = (trx: Kysely<Database>, id: string): Promise<readonly RowDigest[]> =>
  rowsNow(trx, [{ table: 'declared_object', key: `operator/${id}` }]);
