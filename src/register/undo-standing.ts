import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { changesAbout } from './changes.ts';

/** Who said a row of an establishment or of a shelf last, and who said the same before. */
export interface Said {
  readonly source_date: string | null;
  readonly import_id: number | null;
  readonly former_source_date: string | null;
  readonly former_import_id: number | null;
}

/** A row with what the history knows of it. */
export interface Past<T> {
  /** Changes of the row, oldest first. */
  readonly changes: readonly {
    readonly importId: number | undefined;
    readonly before: T | undefined;
    readonly after: T | undefined;
  }[];
  /** The import that brought the row, when the history begins later; undefined: none did. */
  readonly brought: { readonly importId: number; readonly asOf: string } | undefined;
}

interface Standing<T> {
  readonly undone: ReadonlySet<number>;
  /** Whether both say the same, whoever says it and when. */
  readonly isSame: (left: T, right: T) => boolean;
}

/**
 * What is left of a row once the word of the undone imports is gone: the same, said by another one that said it too; or
 * what was there before; or nothing. Of those that only said the same again, a row knows the last two: of more than
 * that the row goes back to the one that first said it, and goes with that one.
 */
export function standing<T extends Said>(row: T, past: Past<T>, rules: Standing<T>): T | undefined {
  const { undone, isSame } = rules;
  const stands = (importId: number | null | undefined): boolean =>
    importId === null || importId === undefined || !undone.has(importId);
  const alone = { former_source_date: null, former_import_id: null } as const;
  if (stands(row.import_id)) return stands(row.former_import_id) ? row : { ...row, ...alone };
  if (row.former_source_date !== null && stands(row.former_import_id))
    return { ...row, ...alone, source_date: row.former_source_date, import_id: row.former_import_id };
  const { changes, brought } = past;
  const index = changes.findLastIndex(({ after }) => after !== undefined && isSame(after, row));
  const change = changes[index];
  if (change === undefined) {
    if (brought === undefined || undone.has(brought.importId)) return undefined;
    return { ...row, ...alone, source_date: brought.asOf, import_id: brought.importId };
  }
  const { importId, before, after } = change;
  if (after !== undefined && stands(importId) && stands(after.import_id)) return { ...after, ...alone };
  return before === undefined
    ? undefined
    : standing(before, { changes: changes.slice(0, index), brought }, rules);
}

/**
 * What a row that an import changed goes back to.
 *
 * @returns undefined when it is no longer what the import left: it stays. `document` undefined: the row goes
 */
export function beforeImport<T extends Said>(
  row: T,
  past: Past<T>,
  { importId, ...rules }: Standing<T> & { readonly importId: number },
): { readonly document: T | undefined } | undefined {
  const index = past.changes.findIndex((change) => change.importId === importId);
  const left = past.changes.findLast((change) => change.importId === importId)?.after;
  if (JSON.stringify(row) !== JSON.stringify(left)) return undefined;
  const before = past.changes[index]?.before;
  const earlier = { ...past, changes: past.changes.slice(0, index) };
  return { document: before && standing(before, earlier, rules) };
}

/** The history of some rows of one shelf; `source` where several speak under one key. */
export async function pastsOf<T>(
  db: Kysely<Database>,
  given: {
    readonly shelf: string;
    readonly rows: readonly { readonly key: string; readonly created_import: number | null }[];
    readonly parse: (value: unknown) => T;
  },
): Promise<(key: string, createdImport: number | null, source?: string) => Past<T>> {
  const { shelf, rows, parse } = given;
  const read = (value: unknown): T | undefined => (value === undefined ? undefined : parse(value));
  const changes = await changesAbout(
    db,
    shelf,
    rows.map(({ key }) => key),
  );
  const byKey = Map.groupBy(changes, ({ subject }) => subject);
  const dates = await datesOfImports(
    db,
    rows.flatMap(({ created_import: id }) => id ?? []),
  );
  return (key, createdImport, source) => {
    const all = (byKey.get(key) ?? []).filter((change) => source === undefined || change.source === source);
    // What was removed once and came again has a past of its own.
    const own = all.slice(all.findLastIndex(({ after }) => after === undefined) + 1);
    const asOf = dates.get(createdImport ?? -1);
    return {
      changes: own.map(({ importId, before, after }) => ({
        importId,
        before: read(before),
        after: read(after),
      })),
      brought: createdImport === null || asOf === undefined ? undefined : { importId: createdImport, asOf },
    };
  };
}

async function datesOfImports(
  db: Kysely<Database>,
  importIds: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  if (importIds.length === 0) return new Map();
  const found = await db
    .selectFrom('register_import')
    .select(['id', 'source_date'])
    .where('id', 'in', [...new Set(importIds)])
    .execute();
  return new Map(found.map(({ id, source_date: date }) => [id, date]));
}
