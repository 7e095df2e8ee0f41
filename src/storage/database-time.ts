import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from './tables.ts';

const rowsSchema = z.tuple([z.object({ now: z.date() })]);

/** The time that the machine of the database says it is. */
export async function databaseTime(db: Kysely<Database>): Promise<Date> {
  const { rows } = await sql`select clock_timestamp() as now`.execute(db);
  return rowsSchema.parse(rows)[0].now;
}
