import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from './tables.ts';

/** First line of a file of which nothing is done in a transaction. */
const mark = '-- Outside a transaction.';

export const isOutsideTransaction = (text: string): boolean => text.startsWith(`${mark}\n`);

const allowed =
  /^(?:create (?:unique )?index concurrently if not exists (?<index>[a-z_0-9]+)\s+on\s|drop index concurrently if exists [a-z_0-9]+$)/;

/**
 * Runs the statements of such a file, each of which ends with a semicolon at the end of a line. A process that stops in
 * between leaves the file unrecorded, and it is run again from its start: so only what may be done twice is taken. An
 * index whose building was interrupted is there, is not used, and is begun again.
 */
export async function runOutside(connection: Kysely<Database>, text: string): Promise<void> {
  const statements = statementsOf(text);
  const indexes = statements.map((statement) => {
    const found = allowed.exec(statement);
    if (found === null) throw new Error(`this may not be outside of a transaction: ${statement}`);
    return { statement, index: found.groups?.['index'] };
  });
  for (const { statement, index } of indexes) {
    if (index !== undefined && (await isInvalid(connection, index))) {
      await sql`drop index concurrently if exists ${sql.id(index)}`.execute(connection);
    }
    await sql.raw(statement).execute(connection);
  }
}

const statementsOf = (text: string): readonly string[] =>
  text
    .replaceAll(/^--.*$/gm, '')
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');

async function isInvalid(connection: Kysely<Database>, index: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from pg_index where indexrelid = to_regclass(${index}) and not indisvalid`.execute(connection);
  return rows.length > 0;
}
