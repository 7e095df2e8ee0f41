import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { isRna, isSiren, sources, statementSchema } from '../organizations/organizations.ts';
import type { Source, Statement } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { changesAbout } from './changes.ts';
import { sameFacts } from './compare-statements.ts';
import { idOf, isDescribed, numberIn, say, unsay } from './draft.ts';
import type { Draft } from './draft.ts';
import { organizationsOfImport } from './held-organization.ts';
import { addHeld, byLocalRegister, byNumber, bySiren, noRows, readRows } from './rows-at-hand.ts';
import type { RowsAtHand } from './rows-at-hand.ts';
import { settle } from './settle.ts';
import { batchSize, changedSubjects, inBatches, nothingUndone, reversalsOf, sumOf } from './undo-batches.ts';
import type { Undoing, Undone, UndoneBatch } from './undo-batches.ts';
import { writeOrganizations } from './write-organizations.ts';

const sourceSchema = z.enum(sources);

const ofStatements = {
  parse: (value: unknown): Statement => statementSchema.parse(value),
  importOf: ({ importId }: Statement): number | undefined => importId,
  spokenFor(statement: Statement, undone: ReadonlySet<number>): Statement {
    const { importId, confirms } = statement;
    if (importId === undefined || !undone.has(importId)) return statement;
    const said = confirms?.filter(({ importId: by }) => by === undefined || !undone.has(by));
    const [latest = confirms?.at(-1), ...earlier] = said ?? [];
    return latest === undefined ? statement : withConfirms(statement, latest, earlier);
  },
};

/** Of one batch, while it is made. */
export interface Batch {
  readonly rows: RowsAtHand;
  readonly tally: { -readonly [Count in keyof Undone]: Undone[Count] };
  /** Words of imports undone earlier, in rows that cannot go: what such a row says again when nothing else is left. */
  readonly former: Map<Draft, Map<Source, Statement>>;
}

export const newBatch = (): Batch => ({ rows: noRows(), tally: { ...nothingUndone }, former: new Map() });

function remember({ former }: Batch, draft: Draft, [source, word]: readonly [Source, Statement]): void {
  const words = former.get(draft);
  if (words === undefined) former.set(draft, new Map([[source, word]]));
  else words.set(source, word);
}

/** First what the import changed, by the history; then what it brought or said again, by the statements themselves. */
export async function undoOrganizations(undoing: Undoing): Promise<Undone> {
  return sumOf([
    await inBatches(undoing, '', (db, after) => reverseChanges(undoing, db, after)),
    await inBatches(undoing, '', (db, after) => takeBack(undoing, db, after)),
  ]);
}

async function reverseChanges(
  undoing: Undoing,
  db: Kysely<Database>,
  after: string,
): Promise<UndoneBatch<string> | undefined> {
  const subjects = await changedSubjects(undoing, db, { shelf: 'organization', after });
  const last = subjects.at(-1);
  if (last === undefined) return undefined;
  const batch = newBatch();
  const { rows, tally } = batch;
  const reversals = await reversalsOf(undoing, db, {
    shelf: 'organization',
    subjects,
    ...ofStatements,
  });
  await readRows(db, rows, {
    sirens: subjects.filter(isSiren),
    rnas: subjects.filter(isRna),
    localRegisters: subjects.filter((id) => id.startsWith('AM-')),
  });
  for (const reversal of reversals) {
    const source = sourceSchema.parse(reversal.source);
    const draft = rowOf(rows, reversal.subject);
    if (!isSameStatement(draft.statements.get(source), reversal.after)) continue;
    const { before, literallyBefore } = reversal;
    if (before !== undefined) say(draft, source, before);
    else {
      unsay(draft, source);
      if (literallyBefore !== undefined) remember(batch, draft, [source, literallyBefore]);
    }
    if (isDescribed(draft.statements)) tally.restored += 1;
  }
  await finish(undoing, db, batch);
  return { last, ...tally };
}

const rowOf = (rows: RowsAtHand, id: string): Draft =>
  isSiren(id) ? bySiren(rows, id) : isRna(id) ? byNumber(rows, id) : byLocalRegister(rows, id);

/** Confirmed in between, and that undone: the same. */
const isSameStatement = (left: Statement | undefined, right: Statement | undefined): boolean =>
  left === undefined || right === undefined
    ? left === right
    : left.asOf === right.asOf &&
      left.importId === right.importId &&
      left.label === right.label &&
      sameFacts(left.facts, right.facts);

async function takeBack(
  undoing: Undoing,
  db: Kysely<Database>,
  after: string,
): Promise<UndoneBatch<string> | undefined> {
  const { importId, undone } = undoing;
  const held = await organizationsOfImport(db, importId, { after, limit: batchSize });
  const last = held.at(-1)?.id;
  if (last === undefined) return undefined;
  const batch = newBatch();
  const { rows, tally } = batch;
  for (const row of held) addHeld(rows, row);
  const before = await saidBefore(undoing, db, rows);
  for (const draft of [...rows.all]) {
    for (const [source, statement] of [...draft.statements]) {
      const said = statement.confirms?.filter(({ importId: by }) => by === undefined || !undone.has(by));
      if (statement.importId !== importId) {
        if (said?.length === statement.confirms?.length) continue;
        say(draft, source, withConfirms(statement, statement, said));
        tally.keptBecauseChangedSince += 1;
        continue;
      }
      const [latest, ...earlier] = said ?? [];
      const former = before(draft, source);
      if (latest !== undefined) say(draft, source, withConfirms(statement, latest, earlier));
      else if (former !== undefined) say(draft, source, former);
      else {
        unsay(draft, source);
        const [word, ...words] = statement.confirms ?? [];
        if (word !== undefined) remember(batch, draft, [source, withConfirms(statement, word, words)]);
      }
      if (isDescribed(draft.statements)) tally.restored += 1;
    }
  }
  await finish(undoing, db, batch);
  return { last, ...tally };
}

/** What the import had changed in a row that was joined to another one, or separated, since. */
async function saidBefore(undoing: Undoing, db: Kysely<Database>, rows: RowsAtHand) {
  const subjects = [...rows.all].flatMap((draft) => [idOf(draft), numberIn(draft) ?? idOf(draft)]);
  const reversals = await reversalsOf(undoing, db, { shelf: 'organization', subjects, ...ofStatements });
  const formers = new Map(reversals.map(({ subject, source, before }) => [`${subject} ${source}`, before]));
  return (draft: Draft, source: Source): Statement | undefined =>
    formers.get(`${idOf(draft)} ${source}`) ?? formers.get(`${numberIn(draft) ?? ''} ${source}`);
}

/** The same facts, said by another import. */
function withConfirms(
  { facts, fetchedAt, label, corrections }: Statement,
  { asOf, importId }: Pick<Statement, 'asOf' | 'importId'>,
  confirms: Statement['confirms'] = [],
): Statement {
  return {
    facts,
    asOf,
    ...(importId !== undefined && { importId }),
    ...(confirms.length > 0 && { confirms }),
    ...(fetchedAt !== undefined && { fetchedAt }),
    ...(label !== undefined && { label }),
    ...(corrections !== undefined && { corrections }),
  };
}

export async function finish(
  { now, reason }: Pick<Undoing, 'now' | 'reason'>,
  db: Kysely<Database>,
  batch: Batch,
): Promise<void> {
  const { rows, tally } = batch;
  await keepInhabited(db, batch);
  await settle(db, rows);
  const separated = [...rows.all].filter((draft) => draft.held === undefined && draft.statements.size > 0);
  const former = await formerRows(db, separated.map(idOf));
  for (const draft of separated) draft.createdImport = former.get(idOf(draft))?.created_import ?? undefined;
  tally.removed += [...rows.all].filter(
    (draft) => draft.held !== undefined && draft.statements.size === 0 && draft.joinedInto === undefined,
  ).length;
  await writeOrganizations(db, rows.all, { now, reason, source: 'undo' });
  for (const draft of separated) await restoreOperatorsColumns(db, idOf(draft), former.get(idOf(draft)));
}

/** A legal unit of which an establishment is left is not removed: its last statement stays. */
async function keepInhabited(db: Kysely<Database>, { rows, tally, former }: Batch): Promise<void> {
  const emptied = [...rows.all].filter(
    ({ held, before, statements }) => held !== undefined && isDescribed(before) && !isDescribed(statements),
  );
  for (const draft of await inhabitedAmong(db, emptied)) {
    for (const [source, statement] of former.get(draft) ?? draft.before) say(draft, source, statement);
    tally.keptForEstablishments += 1;
  }
}

/** Legal units that have an establishment. */
export async function inhabitedAmong(
  db: Kysely<Database>,
  drafts: readonly Draft[],
): Promise<ReadonlySet<Draft>> {
  const sirens = drafts.flatMap(({ siren }) => siren ?? []);
  if (sirens.length === 0) return new Set();
  const found = await db
    .selectFrom('establishment')
    .select('siren')
    .distinct()
    .where('siren', 'in', sirens)
    .execute();
  const inhabited = new Set(found.map(({ siren }) => siren));
  return new Set(drafts.filter(({ siren }) => siren !== undefined && inhabited.has(siren)));
}

const formerSchema = z.object({
  id: z.string(),
  created_import: z.int().nullish(),
  qualifications: z.string().optional(),
  suspended_at: z.iso.datetime().nullish(),
  declared_population: z.int().nullish(),
});
type Former = z.infer<typeof formerSchema>;

/** What rows held besides statements when they were last joined to others: by the import, or on the way of its undoing. */
async function formerRows(
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Former>> {
  if (ids.length === 0) return new Map();
  const joined = await changesAbout(db, 'identity', ids);
  return new Map(joined.map(({ subject, before }) => [subject, formerSchema.parse(before)]));
}

async function restoreOperatorsColumns(
  db: Kysely<Database>,
  id: string,
  former: Former | undefined,
): Promise<void> {
  if (former?.qualifications === undefined) return;
  await sql`
    update organization set qualifications = ${former.qualifications},
      suspended_at = ${former.suspended_at ?? null}::timestamptz,
      declared_population = ${former.declared_population ?? null}::integer
    where id = ${id}`.execute(db);
}
