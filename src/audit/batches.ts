import type { Kysely, RawBuilder, SqlBool } from 'kysely';
import type { Database } from '../storage/storage.ts';

export type AuditRow = Database['audit_entry'];

const size = 2000;

/** In order, a few at a time: a record of millions is never in memory. What is appended meanwhile comes too. */
export async function* inOrder(
  db: Kysely<Database>,
  { where, upTo }: { readonly where?: RawBuilder<SqlBool>; readonly upTo?: number } = {},
): AsyncGenerator<readonly AuditRow[]> {
  for (let last = 0; ;) {
    const after = last;
    const rows = await db
      .selectFrom('audit_entry')
      .selectAll()
      .where('seq', '>', after)
      .$if(where !== undefined, (query) => (where === undefined ? query : query.where(where)))
      .$if(upTo !== undefined, (query) => query.where('seq', '<=', upTo ?? 0))
      .orderBy('seq')
      .limit(size)
      .execute();
    if (rows.length > 0) yield rows;
    if (rows.length < size) return;
    last = rows.at(-1)?.seq ?? last;
  }
}
