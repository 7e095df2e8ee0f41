import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { inOrder } from './batches.ts';
import { createChainCheck } from './check-chain.ts';
import type { Verification } from './check-chain.ts';
import type { Head } from './head.ts';

/**
 * Walks the whole record. Without a head that was kept elsewhere, it cannot see that entries were removed at the end, nor
 * that everything from some entry on was written anew.
 */
export async function verifyAudit(db: Kysely<Database>, expected?: Head): Promise<Verification> {
  const check = createChainCheck(expected);
  for await (const rows of inOrder(db)) for (const row of rows) check.take(row);
  return check.finish();
}
