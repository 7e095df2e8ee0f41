import type { Kysely } from 'kysely';
import { z } from 'zod';
import { isRna, isSiren, sources, statementSchema } from '../organizations/organizations.ts';
import type { Source, Statement } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { sameFacts } from './compare-statements.ts';
import { idOf, isDescribed, numbered, numberIn, say, unsay } from './draft.ts';
import type { Draft } from './draft.ts';
import { organizationsOfImport } from './held-organization.ts';
import { addHeld, byLocalRegister, byNumber, bySiren, readRows } from './rows-at-hand.ts';
import type { RowsAtHand } from './rows-at-hand.ts';
import { settle } from './settle.ts';
import { batchSize, changedSubjects, inBatches, reversalsOf, sumOf } from './undo-batches.ts';
import type { Undoing, Undone, UndoneBatch } from './undo-batches.ts';
import {
  formerRows,
  goneFrom,
  keepDecided,
  keepInhabited,
  newBatch,
  restoreDecision,
  separatedIn,
} from './undo-keep.ts';
import type { Batch } from './undo-keep.ts';
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
  const batch = newBatch(undoing.importId);
  const { rows, tally } = batch;
  const about = (some: readonly string[]) =>
    reversalsOf(undoing, db, { shelf: 'organization', subjects: some, ...ofStatements });
  const own = await about(subjects);
  // A row and the number that leaves it are undone together: what was decided of one is decided of the other.
  const numbers = own.flatMap(({ source, after: left }) =>
    numbered.some((one) => one === source) ? (left?.facts.rna ?? []) : [],
  );
  const known = new Set(subjects);
  const besides = [...new Set(numbers)].filter((rna) => !known.has(rna));
  const reversals = [...own, ...(await about(besides))];
  const read = [...subjects, ...besides];
  await readRows(db, rows, {
    sirens: read.filter(isSiren),
    rnas: read.filter(isRna),
    localRegisters: read.filter((id) => id.startsWith('AM-')),
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
    if (isDescribed(draft)) tally.restored += 1;
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
      if (isDescribed(draft)) tally.restored += 1;
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
  if (await keepDecided(db, batch)) await settle(db, rows);
  const separated = separatedIn(rows);
  const former = await formerRows(db, separated);
  for (const draft of separated) draft.createdImport = former.get(draft)?.created_import ?? undefined;
  tally.removed += goneFrom(rows).length;
  await writeOrganizations(db, rows.all, { now, reason, source: 'undo' });
  for (const draft of separated) {
    // What was decided of a row that goes, it brings itself (write-organizations.ts).
    if (draft.separatedFrom?.statements.size !== 0) await restoreDecision(db, draft, former.get(draft));
  }
}
