import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import { shelfSchemas } from './shelves.ts';

/** A domain that a public list says some establishment uses for its mail: said by somebody else than the organization. */
export interface ListedDomain {
  readonly domain: string;
  readonly siret: string;
  readonly source: string;
  /** ISO date. */
  readonly asOf: string;
}

const rowsSchema = z.array(z.object({ record: z.string(), source: z.string(), source_date: z.iso.date() }));

/** Nobody reads more. */
const most = 50;

/** By the index `register_record_email_domain`: keys of that shelf end with the SIRET. */
export async function emailDomainsOf(db: Kysely<Database>, siren: string): Promise<readonly ListedDomain[]> {
  const { rows } = await sql`
    select record, source, source_date from register_record
    where shelf = 'email_domain' and left(split_part(key, '/', 2), 9) = ${siren}
    order by key, source limit ${most}`.execute(db);
  return rowsSchema.parse(rows).flatMap(({ record, source, source_date: asOf }) => {
    const read = shelfSchemas.email_domain.safeParse(JSON.parse(record));
    return read.success ? [{ domain: read.data.domain, siret: read.data.siret, source, asOf }] : [];
  });
}
