import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { listIn } from '../organizations/organizations.ts';
import type { Imported } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';

/** What one record of a shelf must be. */
export interface ShelfRule<T> {
  /** The law, and the words of the error. */
  readonly schema: z.ZodType<T>;
  /** Tells at less cost what the schema would take as it is; the schema decides about all others. */
  readonly plain: (record: unknown) => record is T;
}

/** Some ten milliseconds of work; a driver's rows instead of one text a page would take three times as long. */
const PAGE = 4_000;

const pageSchema = z.object({ rows: z.tuple([z.object({ page: z.string() })]) });
const dateSchema = z.iso.date();

/** Fields of one record in the flat list of a page. */
const WIDTH = 4;

/** The order of the inner query is that of the text: the database has nothing else to do with its rows. */
async function pageAfter(db: Kysely<Database>, shelf: string, key: string, source: string): Promise<string> {
  const result = await sql`
    select '[' || coalesce(string_agg(to_json(key) || ',' || to_json(source) || ',"' || source_date || '",' || record,
      ','), '') || ']' as page
    from (
      select key, source, source_date, record from register_record
      where shelf = ${shelf} and (key, source) > (${key}, ${source})
      order by key, source limit ${PAGE}
    ) as records`.execute(db);
  return pageSchema.parse(result).rows[0].page;
}

/**
 * The records of one shelf, by key and source. The database gathers a page while the caller deals with the one before.
 *
 * @yields pages; between two of them the caller may go back to others
 * @throws ZodError of the first record that is none
 */
export async function* shelfPages<T>(
  db: Kysely<Database>,
  shelf: string,
  { schema, plain }: ShelfRule<T>,
): AsyncGenerator<readonly Imported<T>[]> {
  const knownDates = new Set<string>();
  const text = (field: unknown): string => {
    if (typeof field === 'string') return field;
    throw new TypeError(`${shelf}: key, source and date of a record are texts`);
  };
  let next: Promise<string> | undefined = pageAfter(db, shelf, '', '');
  while (next !== undefined) {
    const fields = listIn(await next);
    next = undefined;
    if (fields.length === PAGE * WIDTH) {
      next = pageAfter(db, shelf, text(fields.at(-WIDTH)), text(fields.at(1 - WIDTH)));
      // Nobody waits for it yet, and nobody will when this page turns out to be wrong.
      next.catch(() => undefined);
    }
    const page: Imported<T>[] = [];
    for (let at = 0; at < fields.length; at += WIDTH) {
      const asOf = text(fields[at + 2]);
      if (!knownDates.has(asOf)) knownDates.add(dateSchema.parse(asOf));
      const record = fields[at + 3];
      page.push({
        key: text(fields[at]),
        source: text(fields[at + 1]),
        asOf,
        record: plain(record) ? record : schema.parse(record),
      });
    }
    yield page;
  }
}
