import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { authorSchema } from '../organizations/organizations.ts';
import type { Author } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';

/** A change to write down. `before` and `after` are JSON values: whole statements of one source, or whole records. */
export interface ChangeToWrite {
  readonly shelf: string;
  readonly subject: string;
  readonly source: string;
  readonly before: object | undefined;
  readonly after: object | undefined;
}

export interface ChangeContext {
  readonly now: Date;
  readonly importId?: number | undefined;
  readonly author?: Author | undefined;
  readonly reason?: string | undefined;
}

/** One SQL statement; none when nothing changed. */
export async function writeChanges(
  db: Kysely<Database>,
  changes: readonly ChangeToWrite[],
  { now, importId, author, reason }: ChangeContext,
): Promise<void> {
  if (changes.length === 0) return;
  const json = (value: object | undefined) => (value === undefined ? null : JSON.stringify(value));
  await sql`
    insert into register_change (shelf, subject, source, import_id, author, reason, changed_at, before, after)
    select given.shelf, given.subject, given.source, ${importId ?? null}::integer,
      ${json(author)}::text, ${reason ?? null}::text, ${now}::timestamptz, given.before, given.after
    from unnest(
      ${changes.map(({ shelf }) => shelf)}::text[],
      ${changes.map(({ subject }) => subject)}::text[],
      ${changes.map(({ source }) => source)}::text[],
      ${changes.map(({ before }) => json(before))}::text[],
      ${changes.map(({ after }) => json(after))}::text[]
    ) as given(shelf, subject, source, before, after)`.execute(db);
}

const changeSchema = z.object({
  id: z.int(),
  shelf: z.string(),
  subject: z.string(),
  source: z.string(),
  import_id: z.int().nullable(),
  author: z.string().nullable(),
  reason: z.string().nullable(),
  changed_at: z.date(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

/** One line of the history. */
export interface RegisterChange {
  readonly id: number;
  /** `organization`, `establishment`, `identity` (rows joined or separated), or a shelf of records. */
  readonly shelf: string;
  readonly subject: string;
  readonly source: string;
  readonly importId: number | undefined;
  readonly author: Author | undefined;
  readonly reason: string | undefined;
  readonly changedAt: Date;
  /** JSON values; undefined where there was, or is, nothing. */
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * The history, newest first.
 *
 * @param subjects all that an organization is or was known by (SIREN, RNA number, local register), SIRETs, keys of records
 */
export async function changesOf(
  db: Kysely<Database>,
  subjects: readonly string[],
  limit: number,
): Promise<readonly RegisterChange[]> {
  const { rows } = await sql`
    select id, shelf, subject, source, import_id, author, reason, changed_at, before, after from register_change
    where subject = any(${[...subjects]}::text[]) order by id desc limit ${limit}`.execute(db);
  return z.array(changeSchema).parse(rows).map(changeOf);
}

/** The whole history of some subjects of one shelf, oldest first. */
export async function changesAbout(
  db: Kysely<Database>,
  shelf: string,
  subjects: readonly string[],
): Promise<readonly RegisterChange[]> {
  const { rows } = await sql`
    select id, shelf, subject, source, import_id, author, reason, changed_at, before, after from register_change
    where subject = any(${[...subjects]}::text[]) and shelf = ${shelf} order by id`.execute(db);
  return z.array(changeSchema).parse(rows).map(changeOf);
}

/** What an import changed of some subjects, in order; `importIds` of several imports at once. */
export async function changesByImports(
  db: Kysely<Database>,
  {
    shelf,
    subjects,
    importIds,
  }: { shelf: string; subjects: readonly string[]; importIds: readonly number[] },
): Promise<readonly RegisterChange[]> {
  const { rows } = await sql`
    select id, shelf, subject, source, import_id, author, reason, changed_at, before, after from register_change
    where subject = any(${[...subjects]}::text[]) and shelf = ${shelf}
      and import_id = any(${[...importIds]}::integer[])
    order by id`.execute(db);
  return z.array(changeSchema).parse(rows).map(changeOf);
}

function changeOf(row: z.infer<typeof changeSchema>): RegisterChange {
  const json = (text: string | null): unknown => (text === null ? undefined : JSON.parse(text));
  return {
    id: row.id,
    shelf: row.shelf,
    subject: row.subject,
    source: row.source,
    importId: row.import_id ?? undefined,
    author: row.author === null ? undefined : authorSchema.parse(JSON.parse(row.author)),
    reason: row.reason ?? undefined,
    changedAt: row.changed_at,
    before: json(row.before),
    after: json(row.after),
  };
}
