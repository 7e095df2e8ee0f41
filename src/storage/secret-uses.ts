import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ClientSecretUseTable, Database } from './tables.ts';

/** Processes may write out of order: the latest use stands. */
export async function recordSecretUse(
  db: Kysely<Database>,
  use: { readonly clientId: string; readonly digest: string; readonly at: Date },
): Promise<void> {
  await db
    .insertInto('client_secret_use')
    .values({ client_id: use.clientId, secret_sha256: use.digest, last_used_at: use.at })
    .onConflict((conflict) =>
      conflict.columns(['client_id', 'secret_sha256']).doUpdateSet({
        last_used_at: sql`greatest(client_secret_use.last_used_at, excluded.last_used_at)`,
      }),
    )
    .execute();
}

export function secretUses(db: Kysely<Database>): Promise<readonly ClientSecretUseTable[]> {
  return db.selectFrom('client_secret_use').selectAll().execute();
}
