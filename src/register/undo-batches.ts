import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import { changesByImports } from './changes.ts';
import type { RegisterChange } from './changes.ts';
import { asOnlyWriter } from './one-writer.ts';

export interface Undone {
  /** Statements and rows that say again what they said before. */
  readonly restored: number;
  /** Rows that the import brought, and of which nothing else speaks. */
  readonly removed: number;
  /** Said again or changed by somebody else since: as they are. */
  readonly keptBecauseChangedSince: number;
  /** Legal units of which nothing else speaks, and that stay while establishments are there that something else brought. */
  readonly keptForEstablishments: number;
  /** Organizations of which nothing else speaks, and that stay because an operator decided something of them. */
  readonly keptForDecisions: number;
}

export const nothingUndone: Undone = {
  restored: 0,
  removed: 0,
  keptBecauseChangedSince: 0,
  keptForEstablishments: 0,
  keptForDecisions: 0,
};

/** What undoing needs to know. */
export interface Undoing {
  readonly db: Kysely<Database>;
  readonly importId: number;
  /** Imports undone earlier: what they said is no longer gone back to. */
  readonly undone: ReadonlySet<number>;
  readonly now: Date;
  readonly reason: string;
}

/** Rows looked at in one transaction. */
export const batchSize = 2_000;

/** What one transaction undid, and where the next one begins. */
export interface UndoneBatch<After> extends Undone {
  readonly last: After;
}

/**
 * One transaction after another, until one finds nothing left.
 *
 * @param start before the first row
 */
export async function inBatches<After>(
  { db }: Undoing,
  start: After,
  step: (db: Kysely<Database>, after: After) => Promise<UndoneBatch<After> | undefined>,
): Promise<Undone> {
  let all = nothingUndone;
  for (let after = start; ;) {
    const done = await asOnlyWriter(db, (transaction) => step(transaction, after));
    if (done === undefined) return all;
    after = done.last;
    all = sumOf([all, done]);
  }
}

export const sumOf = (parts: readonly Undone[]): Undone => ({
  restored: parts.reduce((sum, { restored }) => sum + restored, 0),
  removed: parts.reduce((sum, { removed }) => sum + removed, 0),
  keptBecauseChangedSince: parts.reduce((sum, part) => sum + part.keptBecauseChangedSince, 0),
  keptForEstablishments: parts.reduce((sum, part) => sum + part.keptForEstablishments, 0),
  keptForDecisions: parts.reduce((sum, part) => sum + part.keptForDecisions, 0),
});

/** What the import changed of one subject by one source, and what to go back to. */
export interface Reversal<T> {
  readonly subject: string;
  readonly source: string;
  /** What was there before the import; undefined: nothing. */
  readonly before: T | undefined;
  /** What was there before it, whoever said it; undefined: nothing, or its own word. */
  readonly literallyBefore: T | undefined;
  /** What the import left. */
  readonly after: T | undefined;
}

/** Subjects of a shelf that the import changed, after one of them, in order. */
export async function changedSubjects(
  { importId }: Undoing,
  db: Kysely<Database>,
  { shelf, after }: { readonly shelf: string; readonly after: string },
): Promise<readonly string[]> {
  const { rows } = await sql`
    select distinct subject from register_change
    where import_id = ${importId} and shelf = ${shelf} and subject > ${after}
    order by subject limit ${batchSize}`.execute(db);
  return z
    .array(z.object({ subject: z.string() }))
    .parse(rows)
    .map(({ subject }) => subject);
}

/** Shelves of records that the import changed. */
export async function changedShelves({ importId, db }: Undoing): Promise<readonly string[]> {
  const { rows } = await sql`
    select distinct shelf from register_change where import_id = ${importId}
      and shelf not in ('organization', 'establishment', 'identity')`.execute(db);
  return z
    .array(z.object({ shelf: z.string() }))
    .parse(rows)
    .map(({ shelf }) => shelf);
}

/**
 * @param importOf the import that brought a statement: what came from an import undone earlier is looked through, to
 *   what was there before that one
 * @param spokenFor the same statement as the word of another import that said it, when the last one is undone
 */
export async function reversalsOf<T>(
  { importId, undone }: Undoing,
  db: Kysely<Database>,
  given: {
    readonly shelf: string;
    readonly subjects: readonly string[];
    readonly parse: (value: unknown) => T;
    readonly importOf: (value: T) => number | undefined;
    readonly spokenFor: (value: T, undone: ReadonlySet<number>) => T;
  },
): Promise<readonly Reversal<T>[]> {
  const { shelf, subjects, parse, importOf, spokenFor } = given;
  const changes = await changesByImports(db, { shelf, subjects, importIds: [...undone] });
  const read = (value: unknown): T | undefined => (value === undefined ? undefined : parse(value));
  const former = (value: unknown): T | undefined =>
    value === undefined ? undefined : spokenFor(parse(value), undone);
  const bySubject = Map.groupBy(changes, ({ subject, source }) => `${subject} ${source}`);
  return [...bySubject.values()].flatMap((all): Reversal<T>[] => {
    const firstBy = (id: number): RegisterChange | undefined => all.find((change) => change.importId === id);
    const [first, last] = [firstBy(importId), all.findLast((change) => change.importId === importId)];
    if (first === undefined || last === undefined) return [];
    let before = former(first.before);
    for (let by = importOfBefore(before); by !== undefined && undone.has(by); by = importOfBefore(before))
      before = by === importId ? undefined : former(firstBy(by)?.before);
    const held = read(first.before);
    const literallyBefore = importOfBefore(held) === importId ? undefined : held;
    const { subject, source } = first;
    return [{ subject, source, before, literallyBefore, after: read(last.after) }];
  });

  function importOfBefore(before: T | undefined): number | undefined {
    return before === undefined ? undefined : importOf(before);
  }
}
