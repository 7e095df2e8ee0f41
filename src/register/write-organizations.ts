import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import {
  qualificationsText,
  readQualifications,
  statementsText,
  unitStateOf,
} from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { writeChanges } from './changes.ts';
import type { ChangeContext, ChangeToWrite } from './changes.ts';
import { changesIn } from './draft-changes.ts';
import { flagsOf, idOf, mergedOf, statementsOf } from './draft.ts';
import type { Draft } from './draft.ts';
import { writeWords } from './organization-words.ts';
import { searchWords } from './search-words.ts';
import { writeInTurn } from './write-in-turn.ts';

export interface WriteContext extends ChangeContext {
  /** Who is being applied: what the history names for rows that are joined or separated. */
  readonly source: string;
  readonly knownWords?: Set<string> | undefined;
  readonly whileWriting?: (() => void) | undefined;
}

/** Makes the table what the drafts say, and writes down what that changes. A few SQL statements, and one for each 500 rows. */
export async function writeOrganizations(
  db: Kysely<Database>,
  drafts: Iterable<Draft>,
  context: WriteContext,
): Promise<void> {
  const written: Draft[] = [];
  const gone: Draft[] = [];
  const changes: ChangeToWrite[] = [];
  for (const draft of drafts) {
    const isGone = draft.joinedInto !== undefined || draft.statements.size === 0;
    if (isGone && draft.held === undefined) continue;
    if (!isGone && !draft.isTouched) continue;
    (isGone ? gone : written).push(draft);
  }
  const removed = await remove(db, gone);
  for (const draft of [...written, ...gone])
    for (const change of changesIn(draft, context.importId)) {
      if (change.shelf === 'organization') changes.push(change);
      else
        changes.push({
          ...change,
          source: context.source,
          before: { ...change.before, ...removed.get(change.subject) },
        });
    }
  await upsert(db, written, context);
  await carryOver(db, { gone, written }, removed);
  await suspendSeparated(db, written);
  await writeChanges(db, changes, context);
}

const removedSchema = z.array(
  z.object({
    id: z.string(),
    created_import: z.int().nullable(),
    qualifications: z.string(),
    suspended_at: z.date().nullable(),
    declared_population: z.int().nullable(),
  }),
);
type Removed = z.infer<typeof removedSchema>[number];

async function remove(db: Kysely<Database>, gone: readonly Draft[]): Promise<ReadonlyMap<string, Removed>> {
  if (gone.length === 0) return new Map();
  const { rows } = await sql`
    delete from organization where id = any(${gone.map(({ held }) => held?.id ?? '')}::text[])
    returning id, created_import, qualifications, suspended_at, declared_population`.execute(db);
  return new Map(removedSchema.parse(rows).map((row) => [row.id, row]));
}

/** What operators decided of a row goes with it, to each row that goes on; a suspension is never lost on the way. */
async function carryOver(
  db: Kysely<Database>,
  { gone, written }: { readonly gone: readonly Draft[]; readonly written: readonly Draft[] },
  removed: ReadonlyMap<string, Removed>,
): Promise<void> {
  const separated = Map.groupBy(written, ({ separatedFrom }) => separatedFrom);
  for (const draft of gone) {
    const row = removed.get(draft.held?.id ?? '');
    if (row === undefined || !isDecidedOf(row)) continue;
    const heirs = draft.joinedInto === undefined ? separated.get(draft) : [draft.joinedInto];
    for (const heir of heirs ?? []) await decideAlso(db, idOf(heir), row);
  }
}

const isDecidedOf = (row: Removed): boolean =>
  row.qualifications !== '[]' || row.suspended_at !== null || row.declared_population !== null;

async function decideAlso(db: Kysely<Database>, id: string, decided: Removed): Promise<void> {
  const known = await db
    .selectFrom('organization')
    .select('qualifications')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const both = [...readQualifications(known.qualifications), ...readQualifications(decided.qualifications)];
  await db
    .updateTable('organization')
    .set((eb) => ({
      qualifications: qualificationsText(both),
      suspended_at: eb.fn.coalesce('suspended_at', eb.val(decided.suspended_at)),
      declared_population: eb.fn.coalesce('declared_population', eb.val(decided.declared_population)),
    }))
    .where('id', '=', id)
    .execute();
}

/** A number that leaves a suspended legal unit is suspended as well: it was, as long as they were one. */
async function suspendSeparated(db: Kysely<Database>, written: readonly Draft[]): Promise<void> {
  for (const draft of written) {
    const { held } = draft.separatedFrom ?? {};
    if (held === undefined) continue;
    await sql`
      update organization set suspended_at = unit.suspended_at from organization as unit
      where organization.id = ${idOf(draft)} and unit.id = ${held.id} and unit.suspended_at is not null`.execute(
      db,
    );
  }
}

/** The name of who asked INSEE not to be shown: the column takes no empty one. */
const maskedName = 'Nom non diffusé';

/** Columns of one row, in the order of the statement below. */
function columnsOf(draft: Draft, words: (word: string) => void) {
  const { values, origins } = mergedOf(draft);
  const { siren, number, localRegister, held, createdImport } = draft;
  const { name, acronym } = values;
  const search = searchWords(name ?? '', acronym);
  for (const word of search.spellings) words(word);
  const named = origins.legalCategory ?? Object.values(origins).at(0);
  const isCorrected = origins.commune?.source === 'operator';
  return [
    siren ?? null,
    siren === undefined ? (number ?? null) : (values.rna ?? null),
    localRegister ?? null,
    name ?? (values.diffusion === 'P' ? maskedName : (acronym ?? idOf(draft))),
    acronym ?? null,
    values.legalCategory ?? null,
    unitStateOf(values),
    values.createdOn ?? null,
    values.naf ?? null,
    values.naf25 ?? null,
    values.sizeBand ?? null,
    values.diffusion ?? 'O',
    // An establishment tells where the head office is; what a source says of the unit is for those without one.
    (isCorrected ? values.commune : (held?.seat_commune ?? values.commune)) ?? null,
    JSON.stringify(flagsOf(draft)),
    statementsText(statementsOf(draft)),
    search.searchName,
    search.words.join(' '),
    named?.label ?? '',
    named?.asOf ?? newestDate(draft),
    createdImport === undefined ? null : String(createdImport),
  ] as const;
}

/** Of a row whose statements hold no fact at all. */
const newestDate = ({ statements }: Draft): string =>
  [...statements.values()]
    .map(({ asOf }) => asOf)
    .sort()
    .at(-1) ?? '';

async function upsert(
  db: Kysely<Database>,
  drafts: readonly Draft[],
  { now, knownWords, whileWriting }: WriteContext,
): Promise<void> {
  const spellings = new Set<string>();
  await writeInTurn(
    drafts,
    (draft) => columnsOf(draft, (word) => spellings.add(word)),
    (lists) => insert(db, lists, now),
    whileWriting,
  );
  await writeWords(db, spellings, knownWords);
}

const insert = (db: Kysely<Database>, lists: readonly string[], now: Date): Promise<unknown> =>
  sql`
    insert into organization (siren, rna, local_register, name, acronym, legal_category, unit_state, created_on,
      naf, naf25, size_band, diffusion, commune_code, flags, statements, search_name, words, source, source_date,
      created_import, updated_at, qualifications)
    select siren, rna, local_register, name, acronym, legal_category, unit_state, created_on::date,
      naf, naf25, size_band, diffusion, commune_code, flags, statements, search_name,
      array_to_tsvector(string_to_array(words, ' ')), source, source_date::date,
      created_import::integer, ${now}::timestamptz, '[]'
    from unnest(${sql.join(lists.map((list) => sql`${list}::text[]`))}) as given(siren, rna, local_register, name, acronym, legal_category, unit_state,
      created_on, naf, naf25, size_band, diffusion, commune_code, flags, statements, search_name, words, source,
      source_date, created_import)
    on conflict (id) do update set
      rna = excluded.rna, local_register = excluded.local_register, name = excluded.name,
      acronym = excluded.acronym, legal_category = excluded.legal_category, unit_state = excluded.unit_state,
      created_on = excluded.created_on, naf = excluded.naf, naf25 = excluded.naf25,
      size_band = excluded.size_band, diffusion = excluded.diffusion, commune_code = excluded.commune_code,
      flags = excluded.flags, statements = excluded.statements, search_name = excluded.search_name,
      words = excluded.words, source = excluded.source, source_date = excluded.source_date,
      created_import = excluded.created_import, updated_at = excluded.updated_at`.execute(db);
