import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Snapshot } from '../declarations/declarations.ts';
import type { Database } from '../storage/storage.ts';
import { comparedAddress } from './rules.ts';

/** What is known of the use of an invitation. */
export interface Openings {
  /** Grants under which something may still be used. */
  readonly live: number;
  /** The latest sign-in that one of them remembers. */
  readonly lastAt: Date | undefined;
}

const rowsSchema = z.array(
  z.object({
    address: z.string(),
    client_id: z.string(),
    live: z.coerce.number(),
    last: z.coerce.number().nullable(),
  }),
);

/** By address and service, in the order asked. */
export async function openingsOf(
  db: Kysely<Database>,
  snapshot: Snapshot,
  now: Date,
  asked: readonly { readonly address: string; readonly service: string }[],
): Promise<readonly Openings[]> {
  if (asked.length === 0) return [];
  const addresses = [...new Set(asked.map(({ address }) => comparedAddress(address)))];
  const email = sql`lower(snapshot_text(snapshot, '{signIn,email}'))`;
  const { rows } = await sql`
    select ${email} as address, client_id, count(*)::int as live,
      max(snapshot_text(snapshot, '{signIn,authTime}')::bigint) as last
    from oidc_grant
    where ${email} = any(${addresses}::text[]) and revoked_at is null and expires_at > ${now}::timestamptz
    group by 1, 2`.execute(db);
  const found = rowsSchema.parse(rows);
  return asked.map(({ address, service }) => {
    const here = found.filter(
      (row) =>
        row.address === comparedAddress(address) && snapshot.clients.get(row.client_id)?.service === service,
    );
    const last = Math.max(0, ...here.map((row) => row.last ?? 0));
    return {
      live: here.reduce((sum, row) => sum + row.live, 0),
      lastAt: last === 0 ? undefined : new Date(last * 1000),
    };
  });
}
