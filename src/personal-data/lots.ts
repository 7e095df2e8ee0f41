import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';

const rowsSchema = z.array(z.object({ batch_id: z.string(), name: z.string().nullable() }));

/** Lists of organizations in which an operator wrote this address as the one of an organization; by the indexes of migrations 0012 and 0016. */
export async function namedInLots(
  db: Kysely<Database>,
  address: string,
): Promise<readonly { readonly lot: string; readonly organizationName: string | undefined }[]> {
  const { rows } = await sql`
    select batch_id, name from batch_line
    where left(lower(snapshot_text(cells, '{email}')), 320) = ${address}
      or (cells like '%"contact_email":%'
        and left(lower(snapshot_text(cells, '{own,contact_email}')), 320) = ${address})
    order by batch_id, line limit 200`.execute(db);
  return rowsSchema
    .parse(rows)
    .map(({ batch_id: lot, name }) => ({ lot, organizationName: name ?? undefined }));
}
