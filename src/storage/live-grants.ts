import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { hashId } from './keys.ts';
import type { Database } from './tables.ts';

/** A grant under which something may still be used. */
export interface LiveGrant {
  /** SHA-256 of the id that the library knows. */
  readonly id: string;
  readonly accountId: string;
  readonly clientId: string;
  /** JSON text: the identity snapshot. */
  readonly snapshot: string;
}

const rowsSchema = z.array(
  z.object({ id: z.string(), account_id: z.string(), client_id: z.string(), snapshot: z.string() }),
);

/** As the indexes of migration 0007 have them. */
const sirenOfSnapshot = sql<string>`left(snapshot_text(snapshot, '{membership,siret}'), 9)`;
const emailOfSnapshot = sql<string>`lower(snapshot_text(snapshot, '{signIn,email}'))`;

/** People who act for one legal unit, who have proven one address (in lower case), or one account. */
export type Holders =
  { readonly siren: string } | { readonly address: string } | { readonly accountId: string };

function heldBy(holders: Holders) {
  if ('siren' in holders) return sql<boolean>`${sirenOfSnapshot} = ${holders.siren}`;
  if ('address' in holders) return sql<boolean>`${emailOfSnapshot} = ${holders.address}`;
  return sql<boolean>`account_id = ${holders.accountId}`;
}

/**
 * Grants given to these clients, in the order of their ids.
 *
 * @param after id of the last one of the page before
 */
export async function liveGrantsOf(
  db: Kysely<Database>,
  {
    clientIds,
    now,
    after,
    limit,
    ...holders
  }: Holders & {
    readonly clientIds: readonly string[];
    readonly now: Date;
    readonly after: string;
    readonly limit: number;
  },
): Promise<readonly LiveGrant[]> {
  if (clientIds.length === 0) return [];
  const rows: unknown[] = await db
    .selectFrom('oidc_grant')
    .select(['id', 'account_id', 'client_id', 'snapshot'])
    .where(heldBy(holders))
    .where('revoked_at', 'is', null)
    .where('client_id', 'in', clientIds)
    .where('expires_at', '>', now)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rowsSchema.parse(rows).map(({ id, account_id: accountId, client_id: clientId, snapshot }) => ({
    id,
    accountId,
    clientId,
    snapshot,
  }));
}

/** Whether this grant is the one that the library calls so. */
export const isGrant = ({ id }: LiveGrant, grantId: string): boolean => hashId(grantId) === id;
