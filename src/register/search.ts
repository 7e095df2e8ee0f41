import type { Kysely } from 'kysely';
import { isOrganizationType, legalCategories, organizationCategory } from '../organizations/organizations.ts';
import type { Commune, OrganizationType, TerritoryIndex } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { candidatesByName, mostCandidates } from './search-candidates.ts';
import type { Marks } from './search-candidates.ts';
import { findCommune, placesOfCommune, readDepartment } from './search-places.ts';
import {
  asMeant,
  asTyped,
  readTypedText,
  tsqueryOf,
  tsqueryOfOthers,
  unfinishedWord,
} from './search-query.ts';
import type { WordGroup, WordQuery } from './search-query.ts';
import { ranked } from './search-ranking.ts';
import type { Candidate } from './search-ranking.ts';
import { readFound } from './search-results.ts';
import type { FoundOrganization } from './search-results.ts';
import { continuations, nearWords, respelled } from './search-spellings.ts';
import { inOneSearch, isOutOfTime, searchWithinMs } from './search-time.ts';
import type { Run } from './search-time.ts';

export const resultsPerPage = 20;

export interface SearchRequest {
  /** A name, an acronym, or a SIREN, SIRET, VAT or RNA number, as typed. May be empty with one of the three below. */
  readonly text: string;
  /** INSEE code or name of a commune, as typed. */
  readonly commune?: string | undefined;
  /** INSEE code of a département, as typed. */
  readonly department?: string | undefined;
  /** A type (`association.declared`), or its first segment (`association`). */
  readonly type?: string | undefined;
  /** From 1; another number is the nearest page. */
  readonly page?: number | undefined;
}

/** Why there is no list. */
export type NoList =
  | 'empty'
  | 'too_short'
  | 'malformed_number'
  | 'unknown_commune'
  | 'unknown_department'
  | 'unknown_type'
  /** Its time has passed; or too many search at once. */
  | 'too_slow';

export interface ResultList {
  readonly kind: 'list';
  /** Twenty at most; active ones before the others. */
  readonly results: readonly FoundOrganization[];
  /** How many there are; when `more`, how many were looked at. */
  readonly total: number;
  /** There are others: only a more exact text, or a commune, brings them. */
  readonly more: boolean;
  readonly page: number;
  readonly pages: number;
  /** Words that no name holds beside the others, and what was looked for instead. */
  readonly corrections: readonly { readonly typed: string; readonly instead: readonly string[] }[];
  /** The commune that was meant, where one was given. */
  readonly commune?: Commune | undefined;
}

export type SearchAnswer =
  | ResultList
  | { readonly kind: 'none'; readonly reason: NoList }
  /** Several communes have that name. */
  | { readonly kind: 'communes'; readonly communes: readonly Commune[] };

const none = (reason: NoList): SearchAnswer => ({ kind: 'none', reason });

/**
 * Finds organizations in the register. Any text has an answer; the same question has the same answer while the register
 * does not change. Each organization found holds each word, its plural or singular, what stands for it (« commune » for
 * « mairie »), or what the answer says was looked for instead of it.
 *
 * @param deadline on the clock of `performance.now()`: all that the database is asked has until then
 * @throws only what the database throws, its slowness excepted
 */
export async function searchOrganizations(
  db: Kysely<Database>,
  territories: TerritoryIndex,
  request: SearchRequest,
  deadline = performance.now() + searchWithinMs,
): Promise<SearchAnswer> {
  return search(db, territories, request, deadline).catch((error: unknown) => {
    if (isOutOfTime(error)) return none('too_slow');
    throw error;
  });
}

async function search(
  db: Kysely<Database>,
  territories: TerritoryIndex,
  request: SearchRequest,
  deadline: number,
): Promise<SearchAnswer> {
  const typed = readTypedText(request.text);
  if (typed.kind === 'too_short' || typed.kind === 'malformed_number') return none(typed.kind);
  if (typed.kind === 'number') {
    const found = await inOneSearch(db, deadline, (run) => readFound(run, territories, typed));
    return listOf(found, found.length, request);
  }
  const where = marksOf(request, territories);
  if (where.kind !== 'marks') return where;
  const isFiltered = where.marks.places !== undefined || where.marks.legalCategories !== undefined;
  if (typed.kind === 'empty' && (!isFiltered || request.text.trim() !== '')) return none('empty');
  const query = typed.kind === 'words' ? typed.query : { searchName: '', words: [] };
  return inOneSearch<SearchAnswer>(db, deadline, async (run) => {
    const { candidates, groups, isCorrected } = await lookFor(run, query, where.marks);
    const inOrder = ranked(candidates, query, groups);
    const page = pageOf(request, inOrder.length);
    const shown = inOrder.slice((page - 1) * resultsPerPage, page * resultsPerPage);
    const results = await readFound(run, territories, { ids: shown.map(({ id }) => id) });
    return {
      ...listOf(results, inOrder.length, request),
      corrections: isCorrected ? correctionsIn(groups, inOrder) : [],
      commune: where.commune,
    };
  });
}

interface Looked {
  readonly candidates: readonly Candidate[];
  readonly groups: readonly WordGroup[];
  readonly isCorrected: boolean;
}

/** The words as they are; then in the other number or as the registers say it, and the last one unfinished; then those that may have been meant. */
async function lookFor(run: Run, query: WordQuery, marks: Marks): Promise<Looked> {
  const { searchName } = query;
  const groups = asTyped(query);
  const words = groups.length === 0 ? undefined : tsqueryOf(groups);
  const candidates = await candidatesByName(run, searchName, words, marks);
  const found: Looked = { candidates, groups, isCorrected: false };
  if (candidates.length >= resultsPerPage || groups.length === 0) return found;
  const last = unfinishedWord(query);
  const continued = last === undefined ? [] : await continuations(run, last);
  const meant = asMeant(query, last, continued);
  const others = tsqueryOfOthers(meant);
  const more = others === undefined ? [] : await candidatesByName(run, searchName, others, marks);
  const all = new Map([...candidates, ...more].map((candidate) => [candidate.id, candidate]));
  if (all.size > 0) return { candidates: [...all.values()], groups: meant, isCorrected: false };
  const corrected = respelled(meant, await nearWords(run, query.words));
  if (corrected === undefined) return found;
  return {
    candidates: await candidatesByName(run, searchName, tsqueryOf(corrected), marks),
    groups: corrected,
    isCorrected: true,
  };
}

/** Of each word that none of the names holds, the spellings that they do hold. */
function correctionsIn(groups: readonly WordGroup[], found: readonly Candidate[]): ResultList['corrections'] {
  const held = new Set(found.flatMap(({ searchName }) => searchName.split(' ')));
  return groups
    .filter(({ typed }) => !held.has(typed))
    .map(({ typed, spellings }) => ({ typed, instead: spellings.filter((spelling) => held.has(spelling)) }))
    .filter(({ instead }) => instead.length > 0);
}

const pagesOf = (total: number): number => Math.max(1, Math.ceil(total / resultsPerPage));

function pageOf({ page = 1 }: SearchRequest, total: number): number {
  return Number.isSafeInteger(page) ? Math.min(Math.max(page, 1), pagesOf(total)) : 1;
}

const listOf = (
  results: readonly FoundOrganization[],
  total: number,
  request: SearchRequest,
): ResultList => ({
  kind: 'list',
  results,
  total,
  more: total >= mostCandidates,
  page: pageOf(request, total),
  pages: pagesOf(total),
  corrections: [],
});

type Where =
  { readonly kind: 'marks'; readonly marks: Marks; readonly commune?: Commune | undefined } | SearchAnswer;

function marksOf(request: SearchRequest, territories: TerritoryIndex): Where {
  const given = (text: string | undefined): string | undefined =>
    text === undefined || text.trim() === '' ? undefined : text;
  const [departmentTyped, communeTyped, type] = [request.department, request.commune, request.type].map(
    given,
  );
  const department = departmentTyped === undefined ? undefined : readDepartment(departmentTyped, territories);
  if (departmentTyped !== undefined && department === undefined) return none('unknown_department');
  const categories = type === undefined ? undefined : legalCategoriesOf(type);
  if (categories?.length === 0) return none('unknown_type');
  if (communeTyped === undefined) {
    const places = department === undefined ? undefined : [department];
    return { kind: 'marks', marks: { places, legalCategories: categories } };
  }
  const found = findCommune(communeTyped, territories, department);
  if (found.kind === 'unknown') return none('unknown_commune');
  if (found.kind === 'several') return { kind: 'communes', communes: found.communes };
  return {
    kind: 'marks',
    marks: { places: placesOfCommune(found.commune), legalCategories: categories },
    commune: found.commune,
  };
}

/** Of a type, or of all types of a first segment. What is in the RNA and nowhere else is a declared association. */
function legalCategoriesOf(type: string): readonly string[] {
  const wanted = isOrganizationType(type)
    ? (one: OrganizationType) => one === type || organizationCategory(one) === type
    : (one: OrganizationType) => organizationCategory(one) === type;
  const codes = legalCategories.filter(({ type: one }) => wanted(one)).flatMap(({ code }) => code ?? []);
  return wanted('association.declared') ? [...codes, 'rna'] : codes;
}
