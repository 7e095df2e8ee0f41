import { slipsBetween, standsFor } from './search-query.ts';
import type { WordGroup, WordQuery } from './search-query.ts';
import { wordsOf } from './search-words.ts';

/** As little of an organization as ranking needs: hundreds are ranked for twenty that are shown. */
export interface Candidate {
  readonly id: string;
  readonly searchName: string;
  readonly acronym: string | undefined;
  readonly active: boolean;
}

/** How near a name is to what was typed: the least first. */
const tiers = { sameName: 0, acronym: 1, beginning: 2, everyWord: 3, otherwise: 4 } as const;

/**
 * Active ones first, then fewest slips of spelling, then the nearest names; the shortest of equally near ones. Pure, and
 * the order of the candidates plays no part.
 */
export function ranked(
  candidates: readonly Candidate[],
  query: WordQuery,
  groups: readonly WordGroup[],
): readonly Candidate[] {
  const compact = query.searchName.replaceAll(' ', '');
  return candidates
    .map((candidate) => ({ candidate, distance: distanceOf(candidate, { ...query, compact }, groups) }))
    .toSorted(
      (a, b) =>
        a.distance - b.distance ||
        inOrder(a.candidate.searchName, b.candidate.searchName) ||
        inOrder(a.candidate.id, b.candidate.id),
    )
    .map(({ candidate }) => candidate);
}

interface Typed extends WordQuery {
  /** Without spaces: « a m f » is « amf ». */
  readonly compact: string;
}

const inOrder = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1);

/** One number, the weightier first: a name has fewer than a hundred words, a question fewer than a hundred slips. */
function distanceOf(candidate: Candidate, typed: Typed, groups: readonly WordGroup[]): number {
  const words = candidate.searchName.split(' ');
  const slips = groups.reduce((sum, group) => sum + slipsIn(words, group), 0);
  const closed = candidate.active ? 0 : 1;
  return ((closed * 100 + Math.min(slips, 99)) * 10 + tierOf(candidate, words, typed)) * 1000 + words.length;
}

function tierOf(
  { searchName, acronym }: Candidate,
  words: readonly string[],
  typed: Typed,
): (typeof tiers)[keyof typeof tiers] {
  if (searchName === typed.searchName) return tiers.sameName;
  // Dots and spaces between its letters are all that an acronym has more.
  const mayBe = acronym !== undefined && acronym.length <= typed.compact.length * 3;
  if (mayBe && wordsOf(acronym).join('') === typed.compact) return tiers.acronym;
  if (searchName.startsWith(typed.searchName)) return tiers.beginning;
  return typed.words.every((word) => words.includes(word)) ? tiers.everyWord : tiers.otherwise;
}

/** Zero where the name holds the word as typed, or begun; an acronym or a word that stands for it counts as one. */
function slipsIn(words: readonly string[], { typed, spellings }: WordGroup): number {
  if (words.some((word) => word.startsWith(typed))) return 0;
  const held = spellings.filter((spelling) => words.includes(spelling));
  return held.length === 0
    ? 1
    : Math.min(...held.map((spelling) => (standsFor(typed, spelling) ? 1 : slipsBetween(typed, spelling))));
}
