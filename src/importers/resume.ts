import type { Kysely } from 'kysely';
import { BrokerError } from '../errors/errors.ts';
import type { Database } from '../storage/storage.ts';
import { forgetImport, unfinishedImport } from './import-records.ts';
import type { ImportRecord } from './import-records.ts';
import { count } from './reading/progress.ts';

/**
 * @returns the interrupted import that this one goes on with: the same importer, and a file of the same bytes
 * @throws BrokerError M-IMPT-004 when another one was interrupted, or the same one with another date
 */
export async function resumable(
  db: Kysely<Database>,
  asked: {
    readonly source: string;
    readonly sha256: string;
    readonly asOf: string | undefined;
    readonly dryRun: boolean;
  },
): Promise<ImportRecord | undefined> {
  const unfinished = await unfinishedImport(db);
  if (unfinished === undefined) return undefined;
  const { id, source, fileName, position } = unfinished;
  const isSame = source === asked.source && unfinished.sha256 === asked.sha256;
  if (isSame && (asked.asOf ?? unfinished.asOf) === unfinished.asOf) return unfinished;
  if (position === 0) {
    // It ended before its first batch: there is nothing to go on with, and nothing to take back.
    if (!asked.dryRun) await forgetImport(db, id);
    return undefined;
  }
  const what = isSame
    ? `reads this file as of ${unfinished.asOf}`
    : `(${source}, ${fileName}) stopped after ${count(position)} lines`;
  throw new BrokerError('M-IMPT-004', {
    detail: `Import ${id} ${what}. To go on: maillon import ${source} with the same file. To give it up: maillon import undo ${id}.`,
  });
}
