import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { readStatements, sources } from '../organizations/organizations.ts';
import type { Source } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';

const rowsSchema = z.array(z.object({ siren: z.string(), statements: z.string() }));
/** Null: no line at all. */
const aloneSchema = z.array(z.object({ alone: z.boolean().nullable() }));

/** Nobody chooses among more. */
const most = 10;

/** Whose word makes a mailbox official: registers, administrations, and the house; no list in a form that anybody fills. */
const official: readonly Source[] = sources.filter((source) => source !== 'organizations');

export interface OfficialContacts {
  /** As written. */
  readonly mailboxes: readonly string[];
  /** An operator says so, against every register. */
  readonly decided: boolean;
}

/** Official mailboxes of legal units, by SIREN; what an operator says stands alone. One statement. */
export async function officialContactsOf(
  db: Kysely<Database>,
  sirens: readonly string[],
): Promise<ReadonlyMap<string, OfficialContacts>> {
  if (sirens.length === 0) return new Map();
  const { rows } = await sql`
    select siren, statements from organization where siren = any(${[...sirens]}::text[]) and ${namesContact}`.execute(
    db,
  );
  return new Map(
    rowsSchema.parse(rows).map(({ siren, statements }) => {
      const said = readStatements(statements);
      const decided = said.operator?.facts.contactEmail;
      const mailboxes =
        decided === undefined
          ? official.flatMap((source) => said[source]?.facts.contactEmail ?? [])
          : [decided];
      return [siren, { mailboxes: [...new Set(mailboxes)].slice(0, most), decided: decided !== undefined }];
    }),
  );
}

export const officialMailboxesOf = async (db: Kysely<Database>, siren: string): Promise<readonly string[]> =>
  (await officialContactsOf(db, [siren])).get(siren)?.mailboxes ?? [];

/** What the index organization_contact_domain holds: few rows, where organizations are millions. */
const namesContact = sql`statements like '%"contactEmail":%'`;
const contactDomains = sql`array[
  lower(split_part(snapshot_text(statements, '{operator,facts,contactEmail}'), '@', 2)),
  lower(split_part(snapshot_text(statements, '{configuration,facts,contactEmail}'), '@', 2)),
  lower(split_part(snapshot_text(statements, '{dpnt,facts,contactEmail}'), '@', 2)),
  lower(split_part(snapshot_text(statements, '{organizations,facts,contactEmail}'), '@', 2))]`;

/**
 * Whether somebody else than this legal unit has mail at this very domain: an official mailbox of another organization, whoever
 * names it, or a line of the public list. One mailbox there says nothing of the whole then.
 *
 * @param domain canonical
 */
export async function isMailDomainOfOthers(
  db: Kysely<Database>,
  { domain, siren }: { readonly domain: string; readonly siren: string },
): Promise<boolean> {
  const { rows } = await sql`
    (select 1 from organization
      where ${namesContact} and ${contactDomains} @> array[${domain}::text] and siren is distinct from ${siren} limit 1)
    union all
    (select 1 from register_record
      where shelf = 'email_domain' and split_part(key, '/', 1) = ${domain}
        and left(split_part(key, '/', 2), 9) <> ${siren} limit 1)`.execute(db);
  return rows.length > 0;
}

/** Whether the public list names this domain for establishments of this legal unit, and of no other one. */
export async function isListedForAlone(
  db: Kysely<Database>,
  { domain, siren }: { readonly domain: string; readonly siren: string },
): Promise<boolean> {
  const { rows } = await sql`
    select bool_and(left(split_part(key, '/', 2), 9) = ${siren}) as alone from register_record
    where shelf = 'email_domain' and split_part(key, '/', 1) = ${domain}`.execute(db);
  return aloneSchema.parse(rows)[0]?.alone === true;
}
