import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';
import { z } from 'zod';
import { canonicalJson } from '../config/config.ts';
import type { Database } from '../storage/storage.ts';

/*
 * What an act decided is in rows outside of the record: an event, a right, a letter, a policy. The entry of the act holds
 * the digest of each as it was written, so that verification finds what somebody rewrote there.
 */

export const keptTables = [
  'registration',
  'registration_event',
  'letter',
  'approval',
  'declared_object',
  'invitation',
  'membership',
  'batch',
  'batch_lines',
  'partner_address',
  'partner_authenticator',
] as const;
export type KeptTable = (typeof keptTables)[number];

/** A row by its key: of two columns, `D-26-7K3QXWPB/3`, `policy/docs@2`. */
export interface RowKey {
  readonly table: KeptTable;
  readonly key: string;
}

export const rowDigestSchema = z.object({
  table: z.enum(keptTables),
  key: z.string(),
  /** Null: the act removed it. */
  sha256: z.string().nullable(),
  /** Before the act, of what is written once and for all: only the end of a file changes it. */
  was: z.string().optional(),
  /** Whoever keeps it lets it go one day, without an entry. */
  mayGo: z.literal(true).optional(),
});
export type RowDigest = z.output<typeof rowDigestSchema>;

interface Source {
  /** Nobody writes it a second time. */
  readonly once?: true;
  /** Of a detail that somebody altered, a key may be anything. */
  readonly isKey: RegExp;
  /**
   * The row's key, and what its digest covers: what was decided, and nothing that a reading or a sign-in moves on. A digest
   * that stands covers these columns for ever: other columns need another table name.
   */
  readonly rows: (keys: readonly string[]) => RawBuilder<unknown>;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const name = /^[^\0]+$/;

/** `a/b`: the second part may hold a slash, the first never does. */
const first = (key: string): string => key.slice(0, key.indexOf('/'));
const second = (key: string): string => key.slice(key.indexOf('/') + 1);

const sources: Readonly<Record<KeptTable, Source>> = {
  // Whose file it is, and for whom: who represents the organization follows from it.
  registration: {
    isKey: name,
    rows: (keys) => sql`
      select id as key, account_id::text as account, organization, siren, renews, lot from registration
      where id = any(${keys}::text[])`,
  },
  registration_event: {
    once: true,
    isKey: /^[^/\0]+\/\d{1,9}$/,
    rows: (keys) => sql`
      select registration_id || '/' || seq as key, registration_event.at, event from registration_event
      join unnest(${keys.map(first)}::text[], ${keys.map(second)}::int[]) as asked (id, number)
        on registration_id = asked.id and seq = asked.number`,
  },
  letter: {
    once: true,
    isKey: uuid,
    rows: (keys) => sql`
      select id::text as key, registration_id, seq, kind, template, document, sha256 from letter
      where id = any(${keys}::uuid[])`,
  },
  approval: {
    isKey: name,
    rows: (keys) => sql`
      select id as key, siren, service_id, level, ground, reason, starts_on, ends_on, status, lapses, decided_by,
        decided_on, origin
      from approval where id = any(${keys}::text[])`,
  },
  declared_object: {
    isKey: /^[^/\0]+\/[^\0]+$/,
    rows: (keys) => sql`
      select declared_object.kind || '/' || declared_object.id as key, document, origin from declared_object
      join unnest(${keys.map(first)}::text[], ${keys.map(second)}::text[]) as asked (kind, id)
        on declared_object.kind = asked.kind and declared_object.id = asked.id`,
  },
  invitation: {
    isKey: uuid,
    rows: (keys) => sql`
      select id::text as key, service_id, address, sponsor_account_id::text as sponsor, sponsor_siret, starts_on, ends_on,
        revoked_at, revoked_by
      from invitation where id = any(${keys}::uuid[])`,
  },
  membership: {
    isKey: uuid,
    rows: (keys) => sql`
      select id::text as key, account_id::text as account, siren, confirmed_at, confirmed_by, revoked_at, revoked_by
      from membership where id = any(${keys}::uuid[])`,
  },
  batch: {
    isKey: name,
    rows: (keys) => sql`
      select id as key, decision, file_sha256, author, decider, undo_author, undo_text, undo_rule, undo_decider
      from batch where id = any(${keys}::text[])`,
  },
  // By what a partner is recognized: whoever writes one of these signs in as somebody else.
  partner_address: {
    isKey: uuid,
    rows: (keys) => sql`
      select id::text as key, partner_id::text as partner, address, spelling, comparable, is_primary
      from partner_address where id = any(${keys}::uuid[])`,
  },
  partner_authenticator: {
    isKey: uuid,
    rows: (keys) => sql`
      select id::text as key, partner_id::text as partner, kind, credential_id, public_key, secret
      from partner_authenticator where id = any(${keys}::uuid[])`,
  },
  // All that a lot decides about whom, line by line; by the number of the lot. What becomes of each is not decided.
  batch_lines: {
    isKey: name,
    rows: (keys) => sql`
      select batch_id as key, json_agg(json_build_array(line, organization, services, cells::json ->> 'endsOn',
        outcome = 'left_out' and reason is distinct from 'stopped') order by line) as lines
      from batch_line where batch_id = any(${keys}::text[]) group by batch_id`,
  },
};

export const isWrittenOnce = (table: KeptTable): boolean => sources[table].once === true;

const keyed = z.looseObject({ key: z.string() });

/** Digest by key, of the rows that are there. */
export async function digestsNow(
  db: Kysely<Database>,
  table: KeptTable,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { isKey, rows: read } = sources[table];
  const asked = [...new Set(keys)].filter((key) => isKey.test(key));
  if (asked.length === 0) return new Map();
  const { rows } = await read(asked).execute(db);
  return new Map(
    z
      .array(keyed)
      .parse(rows)
      .map(({ key, ...columns }) => [key, digestOf(columns)]),
  );
}

/** Instants as JSON has them. */
function digestOf(columns: object): string {
  const json: unknown = JSON.parse(JSON.stringify(columns));
  return createHash('sha256').update(canonicalJson(json), 'utf8').digest('base64url');
}

/** For the entry of an act that has written these: each as it is now, or gone. */
export async function rowsNow(db: Kysely<Database>, keys: readonly RowKey[]): Promise<readonly RowDigest[]> {
  const found = new Map<KeptTable, ReadonlyMap<string, string>>();
  for (const table of new Set(keys.map((one) => one.table)))
    found.set(
      table,
      await digestsNow(
        db,
        table,
        keys.filter((one) => one.table === table).map(({ key }) => key),
      ),
    );
  return keys.map(({ table, key }) => ({ table, key, sha256: found.get(table)?.get(key) ?? null }));
}
