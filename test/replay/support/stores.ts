import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../../../src/storage/storage.ts';

/** Of one SQL table: how many rows it has, and a digest of all that they hold. */
interface TableState {
  readonly rows: number;
  readonly digest: string;
}

const namesSchema = z.array(z.object({ table_name: z.string() }));
const stateSchema = z.tuple([z.object({ rows: z.number(), digest: z.string() })]);

/**
 * Every SQL table of the broker, those of later migrations included: what bad input must leave unchanged. But for two
 * that are written after the answer: the note that a right secret was shown (it may be, beside the rest that is wrong), and where
 * somebody signed in before (a few seconds later).
 */
export async function storeState(db: Kysely<Database>): Promise<Readonly<Record<string, TableState>>> {
  const tables = await sql`
    select table_name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not in ('client_secret_use', 'sign_in_use')
    order by table_name`.execute(db);
  const state: Record<string, TableState> = {};
  for (const { table_name: table } of namesSchema.parse(tables.rows)) {
    const result = await sql`
      select count(*)::int as rows, coalesce(md5(string_agg(t::text, chr(10) order by t::text)), '') as digest
      from ${sql.table(table)} t`.execute(db);
    [state[table]] = stateSchema.parse(result.rows);
  }
  return state;
}
