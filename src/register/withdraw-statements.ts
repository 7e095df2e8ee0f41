import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Source, Statement } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { boundAmong, isDecided, isInhabited } from './bound.ts';
import { inListOrder, sameFacts } from './compare-statements.ts';
import { numbered, say, staysWithout, unsay } from './draft.ts';
import type { Draft } from './draft.ts';
import { organizationsById } from './held-organization.ts';
import { asOnlyWriter } from './one-writer.ts';
import { addHeld, noRows } from './rows-at-hand.ts';
import { settle } from './settle.ts';
import { writeOrganizations } from './write-organizations.ts';

/** What a complete list no longer names. */
export interface Withdrawing {
  readonly source: Source;
  /** ISO date of the list: a statement of that day, or newer, stays. */
  readonly asOf: string;
  readonly now: Date;
  readonly importId: number;
}

/** Rows in one transaction. */
const batchSize = 2_000;

const rowSchema = z.object({
  id: z.string(),
  siren: z.string().nullable(),
  rna: z.string().nullable(),
  local_register: z.string().nullable(),
});

/**
 * One reading of the whole table, without a lock.
 *
 * @param isNamed whether the list has an organization of this SIREN, RNA number or entry in a local register
 * @returns identifiers of the organizations of which the source spoke before `asOf`, and that its list no longer names
 */
export async function organizationsUnnamed(
  db: Kysely<Database>,
  { source, asOf }: Pick<Withdrawing, 'source' | 'asOf'>,
  isNamed: (identifier: string) => boolean,
): Promise<readonly string[]> {
  const { rows } = await sql`
    with spoken as materialized (
      select id, siren, rna, local_register, statements::jsonb -> ${source}::text as said,
        ${isBound} as bound
      from organization where statements like ${`%"${source}":{%`}
    )
    select id, siren, rna, local_register from spoken
    where said ->> 'asOf' < ${asOf}
      -- What was left the last time.
      and not (bound and (said -> 'facts') - ${[...left]}::text[] = '{}'::jsonb)
    order by id`.execute(db);
  return z
    .array(rowSchema)
    .parse(rows)
    .filter((row) => ![row.siren, row.rna, row.local_register].some((one) => one !== null && isNamed(one)))
    .map(({ id }) => id);
}

/** The last word on what an establishment, or a decision of an operator, hangs on. */
const isBound = sql`(
  (select count(*) from jsonb_object_keys(statements::jsonb) as source
    where siren is null or source <> all(${[...numbered]}::text[])) = 1
  and (${isDecided} or ${isInhabited}))`;

/** What an organization is called and what it is: being named in a list is none of it. */
const left = ['name', 'legalCategory'] as const;

/**
 * The source no longer says anything of these organizations. Where nothing else speaks of one that has establishments,
 * or of which operators decided something, the row stays with its name and its legal category. In batches, each a
 * transaction of its own; each change is one of the import, which takes it back when it is undone.
 *
 * @returns how many statements were withdrawn
 */
export async function withdrawStatements(
  db: Kysely<Database>,
  organizations: readonly string[],
  withdrawing: Withdrawing,
): Promise<number> {
  let withdrawn = 0;
  for (let from = 0; from < organizations.length; from += batchSize) {
    const ids = organizations.slice(from, from + batchSize);
    withdrawn += await asOnlyWriter(db, (transaction) => withdrawBatch(transaction, ids, withdrawing));
  }
  return withdrawn;
}

async function withdrawBatch(
  db: Kysely<Database>,
  ids: readonly string[],
  { source, asOf, now, importId }: Withdrawing,
): Promise<number> {
  const rows = noRows();
  for (const held of await organizationsById(db, ids)) addHeld(rows, held);
  const bound = await boundAmong(db, [...rows.all]);
  let withdrawn = 0;
  for (const draft of rows.all) {
    const said = draft.statements.get(source);
    // Somebody may have said it again since the table was read.
    if (said === undefined || said.asOf >= asOf) continue;
    if (staysWithout(draft, source) || !bound.has(draft)) unsay(draft, source);
    else if (!leaveName(draft, source, said)) continue;
    withdrawn += 1;
  }
  await settle(db, rows);
  const reason = `not in the complete list as of ${asOf}`;
  await writeOrganizations(db, rows.all, { now, reason, source, importId });
  return withdrawn;
}

function leaveName(draft: Draft, source: Source, said: Statement): boolean {
  const { name, legalCategory } = said.facts;
  const facts = inListOrder({ name, legalCategory });
  if (sameFacts(facts, said.facts)) return false;
  say(draft, source, { ...said, facts });
  return true;
}
