import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import type { RowFinding } from './check-rows.ts';
import type { RowDigest } from './kept-rows.ts';

const size = 2000;
const nobody = '00000000-0000-0000-0000-000000000000';
const eventsSchema = z.array(z.object({ file: z.string(), count: z.int() }));
const rowsSchema = z.array(z.object({ key: z.string(), subject: z.string(), file: z.string().nullable() }));

/** A row of each of these is somebody's act, and its key, or the subject of the act, names it. */
const tables = [
  {
    table: 'approval',
    // `d-26-7k3qxwpb-docs`: of a file, whose entries are about the file.
    page: (after: string) => sql`
      select id as key, 'approval:' || id as subject,
        case when origin = 'registration' then upper(left(id, 13)) end as file
      from approval where id > ${after} order by id limit ${size}::int`,
  },
  {
    table: 'declared_object',
    page: (after: string) => sql`
      select kind || '/' || id as key, kind || ':' || id as subject, null as file
      from declared_object where kind || '/' || id > ${after} order by 1 limit ${size}::int`,
  },
  {
    table: 'invitation',
    page: (after: string) => sql`
      select id::text as key, 'invitation:' || id as subject, null as file
      from invitation where id > ${after === '' ? nobody : after}::uuid order by id limit ${size}::int`,
  },
  {
    table: 'partner_authenticator',
    // The acts are about the partner: only what they say that they wrote is known.
    page: (after: string) => sql`
      select id::text as key, 'partner_authenticator:' || id as subject, null as file
      from partner_authenticator where id > ${after === '' ? nobody : after}::uuid order by id limit ${size}::int`,
  },
] as const;

const subjects = /^(?:approval|service|client|identity_provider|policy|resource_server|operator|invitation):/;

/** What stands in the tables of decisions, and nobody has written there by an act. */
export function createKnownRows(db: Kysely<Database>): {
  readonly take: (
    entry: { readonly act: string; readonly subject: string },
    claims: readonly RowDigest[] | undefined,
  ) => void;
  readonly finish: () => Promise<readonly RowFinding[]>;
} {
  /** Acts on each file: its events are these, one each. */
  const acts = new Map<string, number>();
  /** Files whose last entry says what it wrote. */
  const digested = new Set<string>();
  const named = new Set<string>();

  async function unknownEvents(): Promise<readonly RowFinding[]> {
    const found: RowFinding[] = [];
    for (let after: string | undefined = ''; after !== undefined;) {
      const { rows } = await sql`
        select registration_id as file, count(*)::int as count from registration_event
        where registration_id > ${after} group by registration_id order by registration_id limit ${size}::int`.execute(
        db,
      );
      const read = eventsSchema.parse(rows);
      for (const { file, count } of read)
        for (let seq = (acts.get(file) ?? 0) + 1; seq <= count; seq += 1)
          found.push({ kind: 'unknown', table: 'registration_event', key: `${file}/${seq}` });
      after = read.length < size ? undefined : read.at(-1)?.file;
    }
    return found;
  }

  const isKnown = (key: string, subject: string, file: string | null, table: string): boolean =>
    named.has(subject) ||
    named.has(`${table} ${key}`) ||
    // A file of before the digests says nothing of its rights; one without entries is nobody's.
    (file !== null && acts.has(file) && !digested.has(file));

  return {
    take({ act, subject }, claims) {
      if (act.startsWith('registration.')) {
        const file = subject.slice('registration:'.length);
        acts.set(file, (acts.get(file) ?? 0) + 1);
        if (claims === undefined) digested.delete(file);
        else digested.add(file);
      }
      if (subjects.test(subject)) named.add(subject);
      for (const { table, key } of claims ?? [])
        if (table === 'approval' || table === 'partner_authenticator') named.add(`${table} ${key}`);
    },
    async finish() {
      const found: RowFinding[] = [...(await unknownEvents())];
      for (const { table, page } of tables) {
        for (let after: string | undefined = ''; after !== undefined;) {
          const { rows } = await page(after).execute(db);
          const read = rowsSchema.parse(rows);
          for (const { key, subject, file } of read)
            if (!isKnown(key, subject, file, table)) found.push({ kind: 'unknown', table, key });
          after = read.length < size ? undefined : read.at(-1)?.key;
        }
      }
      return found;
    },
  };
}
