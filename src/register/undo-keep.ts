import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Source, Statement } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { boundAmong } from './bound.ts';
import { changesAbout } from './changes.ts';
import { idOf, isDescribed, isNumbered, say } from './draft.ts';
import type { Draft } from './draft.ts';
import { noRows } from './rows-at-hand.ts';
import type { RowsAtHand } from './rows-at-hand.ts';
import { nothingUndone } from './undo-batches.ts';
import type { Undone } from './undo-batches.ts';

/** Of one batch of an undoing, while it is made. */
export interface Batch {
  readonly rows: RowsAtHand;
  readonly tally: { -readonly [Count in keyof Undone]: Undone[Count] };
  /** Words of imports undone earlier, in rows that cannot go: what such a row says again when nothing else is left. */
  readonly former: Map<Draft, Map<Source, Statement>>;
  /** An import of which a later pass meets the words that stay: they are counted there. */
  readonly metAgain: number | undefined;
}

export const newBatch = (metAgain?: number): Batch => ({
  rows: noRows(),
  tally: { ...nothingUndone },
  former: new Map(),
  metAgain,
});

/** A legal unit of which an establishment is left is not removed: its last statement stays. */
export async function keepInhabited(db: Kysely<Database>, batch: Batch): Promise<void> {
  const { rows, tally } = batch;
  const emptied = [...rows.all].filter(
    (draft) => draft.held !== undefined && isDescribed(draft, draft.before) && !isDescribed(draft),
  );
  for (const [draft, { bond }] of await boundAmong(db, emptied))
    if (bond === 'establishments' && sayLast(batch, draft)) tally.keptForEstablishments += 1;
}

/**
 * Nor is an organization of which an operator decided something: it would come back with a later import as if it had never
 * been suspended. A decision that was brought along by an association leaves with it, as long as it is that one alone.
 *
 * @returns whether one was kept
 */
export async function keepDecided(db: Kysely<Database>, batch: Batch): Promise<boolean> {
  const { rows, tally } = batch;
  const bound = await boundAmong(db, goneFrom(rows));
  if (bound.size === 0) return false;
  const separated = separatedIn(rows);
  const former = await formerRows(db, separated);
  let kept = false;
  for (const [draft, { decision }] of bound) {
    const leaves = separated.some(
      (one) => one.separatedFrom === draft && decisionText(former.get(one)) === decisionText(decision),
    );
    if (leaves) continue;
    if (sayLast(batch, draft)) tally.keptForDecisions += 1;
    kept = true;
  }
  return kept;
}

/**
 * What was last said of it; what the RNA says follows its number.
 *
 * @returns whether this is the pass that counts it
 */
function sayLast({ former, metAgain }: Batch, draft: Draft): boolean {
  let counts = true;
  for (const [source, statement] of former.get(draft) ?? draft.before) {
    if (draft.siren !== undefined && isNumbered(source)) continue;
    say(draft, source, statement);
    counts &&= metAgain === undefined || statement.importId !== metAgain;
  }
  return counts;
}

/** Rows that are there again, and the legal units that they were a part of. */
export function separatedIn(rows: RowsAtHand): readonly Draft[] {
  const separated = [...rows.all].filter(({ held, statements }) => held === undefined && statements.size > 0);
  for (const draft of separated)
    draft.separatedFrom ??= [...(rows.bearers.get(draft.number ?? '') ?? [])].find(
      ({ held, siren }) => held !== undefined && siren !== undefined,
    );
  return separated;
}

export const goneFrom = (rows: RowsAtHand): readonly Draft[] =>
  [...rows.all].filter(
    ({ held, statements, joinedInto }) =>
      held !== undefined && statements.size === 0 && joinedInto === undefined,
  );

const formerSchema = z.object({
  created_import: z.int().nullish(),
  qualifications: z.string().optional(),
  suspended_at: z.iso.datetime().nullish(),
  declared_population: z.int().nullish(),
});
type Former = z.infer<typeof formerSchema> & { readonly joinedAt: Date };

/** What rows held besides statements when they were last joined to others: by the import, or on the way of its undoing. */
export async function formerRows(
  db: Kysely<Database>,
  drafts: readonly Draft[],
): Promise<ReadonlyMap<Draft, Former>> {
  if (drafts.length === 0) return new Map();
  const byId = new Map(drafts.map((draft) => [idOf(draft), draft]));
  const joined = await changesAbout(db, 'identity', [...byId.keys()]);
  return new Map(
    joined.flatMap(({ subject, before, changedAt }): (readonly [Draft, Former])[] => {
      const draft = byId.get(subject);
      return draft === undefined ? [] : [[draft, { ...formerSchema.parse(before), joinedAt: changedAt }]];
    }),
  );
}

const decisionText = (
  decided:
    | {
        readonly qualifications?: string | undefined;
        readonly suspended_at?: Date | string | null | undefined;
        readonly declared_population?: number | null | undefined;
      }
    | undefined,
): string =>
  JSON.stringify([
    decided?.qualifications ?? '[]',
    decided?.suspended_at ?? null,
    decided?.declared_population ?? null,
  ]);

/** A suspension of the time when the two were one is about both: it stays on both. */
export async function restoreDecision(
  db: Kysely<Database>,
  draft: Draft,
  former: Former | undefined,
): Promise<void> {
  if (former?.qualifications === undefined) return;
  await sql`
    update organization set qualifications = ${former.qualifications},
      suspended_at = case when suspended_at >= ${former.joinedAt}::timestamptz then suspended_at
        else ${former.suspended_at ?? null}::timestamptz end,
      declared_population = ${former.declared_population ?? null}::integer
    where id = ${idOf(draft)}`.execute(db);
}
