import { sql } from 'kysely';
import { z } from 'zod';
import { oneSlipAway, slipsBetween } from './search-query.ts';
import type { WordGroup } from './search-query.ts';
import type { Run } from './search-time.ts';

/** Beginnings of more words than this tell nothing: « ass », « com ». */
const mostContinuations = 200;
/** Spellings tried for one word. */
const mostSpellings = 6;
/** Words looked up by their letters: the dearest of all looks. */
const mostByLetters = 3;

const wordsSchema = z.array(z.object({ word: z.string() }));
const nearSchema = z.array(z.object({ typed: z.string(), word: z.string() }));

/** The known words that begin so; none when they are too many. */
export async function continuations(run: Run, beginning: string): Promise<readonly string[]> {
  // Letters follow letters in every collation; `{` or `~` after them would not.
  const last = beginning.charCodeAt(beginning.length - 1);
  const end = last === 122 ? sql`true` : sql`word < ${nextBeginning(beginning)}`;
  const rows = await run(sql`
    select word from organization_word where word > ${beginning} and ${end} and left(word, ${beginning.length}) = ${beginning}
    limit ${mostContinuations + 1}`);
  const words = wordsSchema.parse(rows).map(({ word }) => word);
  return words.length > mostContinuations ? [] : words;
}

const nextBeginning = (text: string): string =>
  text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + 1);

/**
 * For each word of four letters or more, the known ones that are nearest to it: one slip away, looked up one by one; where
 * there is none, up to two slips away (three in a long word), among those that share most of their letters by threes.
 */
export async function nearWords(
  run: Run,
  typed: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const letters = typed.filter((word) => /^[a-z]{4,}$/.test(word));
  const found = new Map<string, readonly string[]>();
  if (letters.length === 0) return found;
  const held = await knownAmong(run, letters);
  const unknown = letters.filter((word) => !held.has(word));
  // All known, and yet no name holds them all: any of them may be the wrong one.
  const doubtful = unknown.length === 0 ? letters : unknown;
  const asked = doubtful.map((word) => ({ word, variants: oneSlipAway(word) }));
  const known = await knownAmong(
    run,
    asked.flatMap(({ variants }) => variants),
  );
  for (const { word, variants } of asked) {
    const near = variants.filter((variant) => known.has(variant));
    if (near.length > 0) found.set(word, nearest(word, near));
  }
  const left = doubtful.filter((word) => word.length >= 6 && !found.has(word)).slice(0, mostByLetters);
  if (left.length === 0) return found;
  const further = await run(sql`
    select typed, near.word from unnest(${left}::text[]) as given(typed) cross join lateral (
      select word from organization_word where word % typed
      order by similarity(word, typed) desc, word limit 30
    ) as near`);
  const pairs = nearSchema.parse(further);
  for (const word of left) {
    const most = word.length >= 10 ? 3 : 2;
    const near = pairs
      .filter((pair) => pair.typed === word && slipsBetween(word, pair.word) <= most)
      .map((pair) => pair.word);
    if (near.length > 0) found.set(word, nearest(word, near));
  }
  return found;
}

/**
 * A range of one for each: the index of letters by threes answers `=` too, and the planner likes it, though it then takes
 * seconds.
 */
async function knownAmong(run: Run, words: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await run(sql`
    select word from unnest(${words}::text[]) as given(asked)
    join organization_word on word between asked and asked`);
  return new Set(wordsSchema.parse(rows).map(({ word }) => word));
}

/** Fewest slips first, then those that begin alike: the first letter is the one that people get right. */
function nearest(word: string, near: readonly string[]): readonly string[] {
  const key = (other: string): number =>
    slipsBetween(word, other) * 2 + (other.startsWith(word.charAt(0)) ? 0 : 1);
  return near.toSorted((a, b) => key(a) - key(b) || (a < b ? -1 : 1)).slice(0, mostSpellings);
}

/** Each group with the spellings that may have been meant; undefined when a word has no other. */
export const respelled = (
  groups: readonly WordGroup[],
  near: ReadonlyMap<string, readonly string[]>,
): readonly WordGroup[] | undefined =>
  near.size === 0
    ? undefined
    : groups.map(({ typed, spellings }) => ({
        typed,
        spellings: [...new Set([...spellings, ...(near.get(typed) ?? [])])],
      }));
