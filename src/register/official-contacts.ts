import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { readStatements } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { shelfSchemas } from './shelves.ts';

const statementsSchema = z.array(z.object({ statements: z.string() }));
const recordsSchema = z.array(z.object({ record: z.string() }));

/** Nobody chooses among more. */
const most = 10;

/** Official mailboxes of a legal unit, as written by each source that names one; what an operator says stands alone. */
export async function officialMailboxesOf(db: Kysely<Database>, siren: string): Promise<readonly string[]> {
  const { rows } = await sql`select statements from organization where siren = ${siren} limit 1`.execute(db);
  const [row] = statementsSchema.parse(rows);
  if (row === undefined) return [];
  const { operator, ...others } = readStatements(row.statements);
  if (operator?.facts.contactEmail !== undefined) return [operator.facts.contactEmail];
  const said = Object.values(others).flatMap((one) => one.facts.contactEmail ?? []);
  return [...new Set(said)].slice(0, most);
}

/** Whether the public list names this domain for establishments of this legal unit, and of no other one. */
export async function isListedForAlone(
  db: Kysely<Database>,
  { domain, siren }: { readonly domain: string; readonly siren: string },
): Promise<boolean> {
  const { rows } = await sql`
    select record from register_record
    where shelf = 'email_domain' and split_part(key, '/', 1) = ${domain} limit 2000`.execute(db);
  const units = recordsSchema.parse(rows).flatMap(({ record }) => {
    const read = shelfSchemas.email_domain.safeParse(JSON.parse(record));
    return read.success ? [read.data.siret.slice(0, 9)] : [];
  });
  return units.length > 0 && units.every((unit) => unit === siren);
}
