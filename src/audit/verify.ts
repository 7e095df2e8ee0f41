import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { inOrder } from './batches.ts';
import { createChainCheck } from './check-chain.ts';
import type { ChainVerified } from './check-chain.ts';
import { createRowsCheck } from './check-rows.ts';
import type { RowsVerified } from './check-rows.ts';
import type { Head } from './head.ts';

export interface Verification extends ChainVerified, Pick<RowsVerified, 'rows' | 'olderThanDigests'> {
  /** All findings, of the chain and of what its entries wrote: 0 means that the record is whole. */
  readonly broken: number;
}

/**
 * Walks the whole record, and compares with it what its acts wrote elsewhere. Without a head that was kept elsewhere, it
 * cannot see that entries were removed at the end, nor that everything from some entry on was written anew.
 */
export const verifyAudit = (db: Kysely<Database>, expected?: Head): Promise<Verification> =>
  asOfOneInstant(db, async (trx) => {
    const chain = createChainCheck(expected);
    const written = createRowsCheck(trx);
    for await (const entries of inOrder(trx)) {
      for (const entry of entries) chain.take(entry);
      await written.take(entries);
    }
    const { rows, count, olderThanDigests } = await written.finish();
    const found = chain.finish();
    return { ...found, rows, olderThanDigests, broken: found.broken + count };
  });

/** Entries and rows belong together: what is written meanwhile is not seen by halves. */
const asOfOneInstant = <T>(db: Kysely<Database>, work: (trx: Kysely<Database>) => Promise<T>): Promise<T> =>
  db.isTransaction
    ? work(db)
    : db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work);
