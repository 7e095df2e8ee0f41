import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';

/** A filter that an operator keeps under a name. It is theirs alone. */
export interface SavedView {
  readonly name: string;
  readonly query: string;
}

export const savedViewSchema = z.object({
  name: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .regex(/^[^\p{Cc}]+$/u),
  query: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .regex(/^[^\p{Cc}]+$/u),
});

/** Nobody finds their way among more. */
export const mostViews = 30;

const rowsSchema = z.array(z.object({ name: z.string(), query: z.string() }));

export async function savedViews(db: Kysely<Database>, operatorId: string): Promise<readonly SavedView[]> {
  const rows: unknown[] = await db
    .selectFrom('saved_view')
    .select(['name', 'query'])
    .where('operator_id', '=', operatorId)
    .orderBy('name')
    .limit(mostViews)
    .execute();
  return rowsSchema.parse(rows);
}

/** The same name again replaces what it kept. @returns whether it is kept: not beyond thirty */
export async function saveView(
  db: Kysely<Database>,
  { operatorId, name, query, at }: SavedView & { readonly operatorId: string; readonly at: Date },
): Promise<boolean> {
  const held = await savedViews(db, operatorId);
  if (held.length >= mostViews && !held.some((view) => view.name === name)) return false;
  await db
    .insertInto('saved_view')
    .values({ operator_id: operatorId, name, query, created_at: at })
    .onConflict((conflict) =>
      conflict.columns(['operator_id', 'name']).doUpdateSet({ query, created_at: at }),
    )
    .execute();
  return true;
}

export async function deleteView(db: Kysely<Database>, operatorId: string, name: string): Promise<void> {
  await db.deleteFrom('saved_view').where('operator_id', '=', operatorId).where('name', '=', name).execute();
}
