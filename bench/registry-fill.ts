/** Writes invented organizations straight into the tables, without the importers: for measures of the search alone. */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { isCommuneCode, isRna, statementsText } from '../src/organizations/organizations.ts';
import { settleSearch } from '../src/register/register.ts';
import { searchWords } from '../src/register/search-words.ts';
import type { Database } from '../src/storage/storage.ts';
import { inventedOrganizations } from './registry-names.ts';
import type { InventedOrganization } from './registry-names.ts';

const batchSize = 5_000;

/** @returns seconds it took, indexes and statistics settled */
export async function fillOrganizations(db: Kysely<Database>, count: number): Promise<number> {
  const start = performance.now();
  const known = new Set<string>();
  let batch: InventedOrganization[] = [];
  for (const one of inventedOrganizations(count)) {
    batch.push(one);
    if (batch.length < batchSize) continue;
    await write(db, batch, known);
    batch = [];
  }
  if (batch.length > 0) await write(db, batch, known);
  await settleSearch(db);
  return (performance.now() - start) / 1_000;
}

async function write(
  db: Kysely<Database>,
  batch: readonly InventedOrganization[],
  known: Set<string>,
): Promise<void> {
  const rows = batch.map((one) => ({ one, search: searchWords(one.name, one.acronym) }));
  const column = (value: (row: (typeof rows)[number]) => string | undefined): (string | null)[] =>
    rows.map((row) => value(row) ?? null);
  await sql`
    insert into organization (siren, rna, name, acronym, legal_category, unit_state, commune_code, statements,
      search_name, words, source, source_date, updated_at)
    select siren, rna, name, acronym, category, state, commune, statements, search_name,
      array_to_tsvector(string_to_array(words, ' ')), 'rna', '2026-11-01', now()
    from unnest(${column(({ one }) => one.siren)}::text[], ${column(({ one }) => one.rna)}::text[],
      ${column(({ one }) => one.name)}::text[], ${column(({ one }) => one.acronym)}::text[],
      ${column(({ one }) => one.legalCategory)}::text[], ${column(({ one }) => (one.ceased ? 'C' : 'A'))}::text[],
      ${column(({ one }) => one.communeCode)}::text[], ${column(({ one }) => statementOf(one))}::text[],
      ${column(({ search }) => search.searchName)}::text[],
      ${column(({ search }) => search.words.join(' '))}::text[])
      as given (siren, rna, name, acronym, category, state, commune, statements, search_name, words)`.execute(
    db,
  );
  const establishments = batch.filter((one) => one.siren !== undefined);
  await sql`
    insert into establishment (siret, siren, state, commune_code, head_office)
    select siren || '00000', siren, 'A', commune, true
    from unnest(${establishments.map((one) => one.siren ?? '')}::text[],
      ${establishments.map((one) => one.communeCode)}::text[]) as given (siren, commune)`.execute(db);
  const fresh = new Set(rows.flatMap(({ search }) => search.spellings).filter((word) => !known.has(word)));
  for (const word of fresh) known.add(word);
  await sql`insert into organization_word (word) select unnest(${[...fresh]}::text[]) on conflict do nothing`.execute(
    db,
  );
}

const statementOf = (one: InventedOrganization): string =>
  statementsText({
    rna: {
      facts: {
        name: one.name,
        acronym: one.acronym,
        legalCategory: one.legalCategory,
        unitState: one.ceased ? 'C' : 'A',
        rna: isRna(one.rna) ? one.rna : undefined,
        commune: isCommuneCode(one.communeCode) ? one.communeCode : undefined,
        grouping: 'simple',
      },
      asOf: '2026-11-01',
      importId: 1,
    },
  });
