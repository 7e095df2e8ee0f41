import { sql } from 'kysely';
import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { operatorActorSchema } from '../registrations/registrations.ts';
import type { OperatorActor } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';
import { batchDecisionSchema } from './decision.ts';
import type { BatchDecision } from './decision.ts';
import { cellsSchema } from './read-list.ts';
import type { Cells } from './read-list.ts';
import { batchStates } from './rules.ts';
import type { BatchState } from './rules.ts';

export const outcomes = ['asked', 'left_out', 'done', 'failed', 'notified', 'undone', 'kept'] as const;
export type Outcome = (typeof outcomes)[number];
export const entries = ['asked', 'entered', 'withdrawn', 'kept'] as const;
export type Entry = (typeof entries)[number];

/** A lot, without its list. */
export interface Batch {
  readonly id: string;
  readonly state: BatchState;
  readonly decision: BatchDecision;
  readonly fileName: string;
  readonly fileSha256: string | undefined;
  readonly author: OperatorActor;
  readonly decider: OperatorActor | undefined;
  readonly returned: string | undefined;
  readonly undo:
    | {
        readonly author: OperatorActor;
        readonly text: string;
        readonly rule: string;
        readonly decider: OperatorActor | undefined;
        /** Last day on which an organization may answer the notice (CRPA art. L121-1). */
        readonly answerBy: string | undefined;
      }
    | undefined;
  /** To be given back with the next act. */
  readonly seen: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly decidedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly undoneAt: Date | undefined;
}

/** A line of the list as it is kept. */
export interface KeptLine {
  readonly line: number;
  readonly cells: Cells;
  /** Undefined in a draft. */
  readonly outcome: Outcome | undefined;
  readonly organization: string | undefined;
  readonly department: string | undefined;
  readonly name: string | undefined;
  readonly services: readonly string[];
  readonly reason: string | undefined;
  readonly about: string | undefined;
  readonly registration: string | undefined;
  /** What became of it in the register; undefined: the register held it already. */
  readonly entry: Entry | undefined;
  /** Why the register keeps it. */
  readonly entryAbout: string | undefined;
  /** Versions of its files when the lot was decided. */
  readonly stood: Readonly<Record<string, number>> | undefined;
}

const json = z.string().transform((text): unknown => JSON.parse(text));
const services = json.pipe(z.array(z.string()));
const versions = json.pipe(z.record(z.string(), z.int()));
const person = json.pipe(operatorActorSchema);

export function batchOf(row: Selectable<Database['batch']>): Batch {
  return {
    id: row.id,
    state: z.enum(batchStates).parse(row.state),
    decision: json.pipe(batchDecisionSchema).parse(row.decision),
    fileName: row.file_name,
    fileSha256: row.file_sha256 ?? undefined,
    author: person.parse(row.author),
    decider: row.decider === null ? undefined : person.parse(row.decider),
    returned: row.returned ?? undefined,
    undo:
      row.undo_author === null
        ? undefined
        : {
            author: person.parse(row.undo_author),
            text: row.undo_text ?? '',
            rule: row.undo_rule ?? '',
            decider: row.undo_decider === null ? undefined : person.parse(row.undo_decider),
            answerBy: row.undo_answer_by ?? undefined,
          },
    seen: row.seen,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    decidedAt: row.decided_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
    undoneAt: row.undone_at ?? undefined,
  };
}

/** @param lock whoever holds it acts alone on this lot until the end of the transaction */
export async function readBatch(db: Kysely<Database>, id: string, lock?: 'lock'): Promise<Batch | undefined> {
  let query = db.selectFrom('batch').selectAll().where('id', '=', id);
  if (lock !== undefined) query = query.forUpdate();
  const row = await query.executeTakeFirst();
  return row && batchOf(row);
}

/** In the order of the file. */
export async function readLines(
  db: Kysely<Database>,
  id: string,
  only: { readonly outcome?: Outcome; readonly limit?: number; readonly entered?: 'for_nothing' } = {},
): Promise<readonly KeptLine[]> {
  let query = db.selectFrom('batch_line').selectAll().where('batch_id', '=', id);
  // What the machine could not do lets the others go first.
  if (only.outcome !== undefined) query = query.where('outcome', '=', only.outcome).orderBy('attempts');
  if (only.entered !== undefined)
    query = query.where('entry', '=', 'entered').where('outcome', 'in', ['left_out', 'failed']);
  query = query.orderBy('line');
  if (only.limit !== undefined) query = query.limit(only.limit);
  return (await query.execute()).map((row) => ({
    line: row.line,
    cells: json.pipe(cellsSchema).parse(row.cells),
    outcome: row.outcome === null ? undefined : z.enum(outcomes).parse(row.outcome),
    organization: row.organization ?? undefined,
    department: row.department ?? undefined,
    name: row.name ?? undefined,
    services: row.services === null ? [] : services.parse(row.services),
    reason: row.reason ?? undefined,
    about: row.about ?? undefined,
    registration: row.registration ?? undefined,
    entry: row.entry === null ? undefined : z.enum(entries).parse(row.entry),
    entryAbout: row.entry_about ?? undefined,
    stood: row.stood === null ? undefined : versions.parse(row.stood),
  }));
}

/** How many lines came to what. */
export async function countLines(
  db: Kysely<Database>,
  id: string,
): Promise<Readonly<Partial<Record<Outcome, number>>>> {
  const rows = await db
    .selectFrom('batch_line')
    .select('outcome')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('batch_id', '=', id)
    .where('outcome', 'is not', null)
    .groupBy('outcome')
    .execute();
  return Object.fromEntries<number>(
    rows.flatMap(({ outcome, count }) => (outcome === null ? [] : [[outcome, Number(count)] as const])),
  );
}

/** The list of a draft, in place of the one before: two statements, however long. */
export async function replaceLines(
  trx: Kysely<Database>,
  id: string,
  lines: readonly { readonly line: number; readonly cells: Cells }[],
): Promise<void> {
  await trx.deleteFrom('batch_line').where('batch_id', '=', id).execute();
  const rows = lines.map(({ line, cells }) => ({ line, cells: JSON.stringify(cells) }));
  await sql`
    insert into batch_line (batch_id, line, cells)
    select ${id}, line, cells from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as given(line int, cells text)`.execute(
    trx,
  );
}

export interface LineDecided {
  readonly line: number;
  readonly outcome: 'asked' | 'left_out';
  readonly organization?: string | undefined;
  readonly department?: string | undefined;
  readonly name?: string | undefined;
  readonly services: readonly string[];
  readonly reason?: string | undefined;
  readonly about?: string | undefined;
  /** It enters the register with the line. */
  readonly entry?: 'asked' | undefined;
  readonly stood: Readonly<Record<string, number>>;
}

/** What becomes of each line, in one statement. */
export async function settleLines(
  trx: Kysely<Database>,
  id: string,
  lines: readonly LineDecided[],
): Promise<void> {
  const rows = lines.map(({ services: granted, stood, ...line }) => ({
    ...line,
    services: JSON.stringify(granted),
    stood: JSON.stringify(stood),
  }));
  await sql`
    update batch_line set outcome = given.outcome, organization = given.organization,
      department = given.department, name = given.name, services = given.services,
      reason = given.reason, about = given.about, entry = given.entry, stood = given.stood
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as given(line int, outcome text, organization text,
      department text, name text, services text, reason text, about text, entry text, stood text)
    where batch_id = ${id} and batch_line.line = given.line`.execute(trx);
}

/** Back to a draft: nothing was decided about any line. */
export async function unsettleLines(trx: Kysely<Database>, id: string): Promise<void> {
  await trx
    .updateTable('batch_line')
    .set({ outcome: null, organization: null, department: null, name: null, services: null })
    .set({ reason: null, about: null, entry: null, stood: null })
    .where('batch_id', '=', id)
    .execute();
}

/** What was granted and not marked, by a process that died in between. */
export async function markGranted(trx: Kysely<Database>, id: string, at: Date): Promise<void> {
  await sql`
    update batch_line set outcome = 'done', registration = registration.id, changed_at = ${at}::timestamptz
    from registration
    where batch_id = ${id} and outcome = 'asked' and registration.lot = ${id}
      and registration.organization = batch_line.organization`.execute(trx);
}

/** What nobody has begun yet is left out. @returns how many */
export async function leaveOutRest(
  trx: Kysely<Database>,
  id: string,
  why: string,
  at: Date,
): Promise<number> {
  await markGranted(trx, id, at);
  const { numUpdatedRows } = await trx
    .updateTable('batch_line')
    .set({ outcome: 'left_out', reason: 'stopped', about: why, changed_at: at })
    .where('batch_id', '=', id)
    .where('outcome', '=', 'asked')
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Organizations that were told, and from which the lot takes nothing back. @returns how many */
export async function giveUpLines(trx: Kysely<Database>, id: string, at: Date): Promise<number> {
  const { numUpdatedRows } = await trx
    .updateTable('batch_line')
    .set({ outcome: 'kept', reason: 'abandoned', changed_at: at })
    .where('batch_id', '=', id)
    .where('outcome', '=', 'notified')
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** What became of a line in the register; whoever reads it writes it next. */
export async function readEntry(trx: Kysely<Database>, id: string, line: number): Promise<Entry | undefined> {
  const row = await trx
    .selectFrom('batch_line')
    .select('entry')
    .where('batch_id', '=', id)
    .where('line', '=', line)
    .forUpdate()
    .executeTakeFirst();
  return row?.entry ?? undefined;
}

export async function writeEntry(
  trx: Kysely<Database>,
  id: string,
  line: number,
  { entry, about }: { readonly entry: Entry; readonly about?: string },
): Promise<void> {
  await trx
    .updateTable('batch_line')
    .set({ entry, entry_about: about ?? null })
    .where('batch_id', '=', id)
    .where('line', '=', line)
    .execute();
}
