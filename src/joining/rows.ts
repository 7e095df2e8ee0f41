import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import { endings, joinStates, linkLevels, proofMethods } from './lifecycle.ts';
import type { ProofMethod, Standing } from './lifecycle.ts';

/** What there is between an account and a legal unit. */
export interface Joined extends Standing {
  readonly id: string;
  readonly accountId: string;
  readonly siren: string;
  readonly siret: string;
  readonly since: Date | undefined;
  readonly verifiedAt: Date | undefined;
  /** Account of whoever answers for somebody from outside. */
  readonly sponsor: string | undefined;
  /** Number of the file in which an operator examined the mandate. */
  readonly file: string | undefined;
  readonly rule: string;
  /** As of the asking; empty once forgotten. */
  readonly name: string;
  readonly address: string | undefined;
  /** Official mailbox to which a code was sent. */
  readonly contact: string | undefined;
  readonly message: string | undefined;
  readonly answer: string | undefined;
  readonly askedAt: Date;
  readonly changedAt: Date;
  readonly version: number;
}

const isMethod = (text: string): text is ProofMethod => Object.hasOwn(proofMethods, text);
const orAbsent = z
  .string()
  .nullable()
  .transform((text) => text ?? undefined);
const instant = z
  .date()
  .nullable()
  .transform((date) => date ?? undefined);

const rowSchema = z
  .object({
    id: z.string(),
    account_id: z.string(),
    siren: z.string(),
    siret: z.string(),
    state: z.enum(joinStates),
    ended: z.enum(endings).nullable(),
    level: z.enum(linkLevels).nullable(),
    method: z.string().nullable(),
    since: instant,
    verified_at: instant,
    until: orAbsent,
    is_external: z.boolean(),
    sponsor_account_id: orAbsent,
    file: orAbsent,
    rule: z.string(),
    given_name: orAbsent,
    usual_name: orAbsent,
    address: orAbsent,
    contact: orAbsent,
    message: orAbsent,
    answer: orAbsent,
    asked_at: z.date(),
    changed_at: z.date(),
    version: z.int(),
  })
  .transform((row): Joined => ({
    id: row.id,
    accountId: row.account_id,
    siren: row.siren,
    siret: row.siret,
    state: row.state,
    ended: row.ended ?? undefined,
    level: row.level ?? undefined,
    // A method of a later version is worth its level, and nothing here adds to it.
    method: row.method !== null && isMethod(row.method) ? row.method : undefined,
    since: row.since,
    verifiedAt: row.verified_at,
    until: row.until,
    external: row.is_external,
    sponsor: row.sponsor_account_id,
    file: row.file,
    rule: row.rule,
    name: [row.given_name, row.usual_name].filter((part) => part !== undefined).join(' '),
    address: row.address,
    contact: row.contact,
    message: row.message,
    answer: row.answer,
    askedAt: row.asked_at,
    changedAt: row.changed_at,
    version: row.version,
  }));

/** @param rest from `where` on */
export async function readJoined(
  db: Kysely<Database>,
  rest: RawBuilder<unknown>,
): Promise<readonly Joined[]> {
  const { rows } = await sql`
    select *, id::text as id, account_id::text as account_id, sponsor_account_id::text as sponsor_account_id,
      until::text as until
    from joined_membership ${rest}`.execute(db);
  return z.array(rowSchema).parse(rows);
}

/** Ids come from addresses that anybody writes. */
export async function readOne(db: Kysely<Database>, id: string): Promise<Joined | undefined> {
  if (!z.uuid().safeParse(id).success) return undefined;
  return (await readJoined(db, sql`where id = ${id}::uuid`)).at(0);
}

export const openOf = async (
  db: Kysely<Database>,
  { accountId, siren }: { readonly accountId: string; readonly siren: string },
): Promise<Joined | undefined> =>
  (
    await readJoined(db, sql`where account_id = ${accountId}::uuid and siren = ${siren} and state <> 'ended'`)
  ).at(0);

const firstId = '00000000-0000-0000-0000-000000000000';
const pageSize = 500;

/** Every open one that `where` names, page by page: none is too far down the list to be looked at. */
export async function* openPages(
  db: Kysely<Database>,
  where: RawBuilder<unknown>,
): AsyncGenerator<readonly Joined[]> {
  for (let after = firstId; ;) {
    const found = await readJoined(
      db,
      sql`where state <> 'ended' and id > ${after}::uuid and ${where} order by joined_membership.id limit ${pageSize}::int`,
    );
    if (found.length > 0) yield found;
    const last = found.at(-1);
    if (last === undefined || found.length < pageSize) return;
    after = last.id;
  }
}

export const activePages = (
  db: Kysely<Database>,
  where: RawBuilder<unknown>,
): AsyncGenerator<readonly Joined[]> => openPages(db, sql`state = 'active' and ${where}`);
