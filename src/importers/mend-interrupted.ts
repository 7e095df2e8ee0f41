import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { everyImporter } from './every-importer.ts';
import { unfinishedImport } from './import-records.ts';
import { mendSeats } from './later-seats.ts';
import { whenNobodyImports } from './lock.ts';

/**
 * What an interrupted import left undone beside the lines that it holds, when it may be long before somebody goes on with
 * it: legal units get the commune of their head office. Nothing while somebody imports, who does it then.
 */
export async function mendInterrupted(db: Kysely<Database>): Promise<void> {
  await whenNobodyImports(db, async (held) => {
    const unfinished = await unfinishedImport(held);
    const importer = everyImporter.find(({ name }) => name === unfinished?.source);
    if (unfinished !== undefined && importer?.onlyEstablishments === true)
      await mendSeats(held, unfinished.id);
  });
}
