import type { StatedFacts } from '../organizations/organizations.ts';
import type { OwnColumn } from '../importers/importers.ts';
import { describes, readOwn } from './own-cells.ts';
import type { OwnProblem } from './own-cells.ts';
import type { Cells } from './read-list.ts';

/** A line says something else of an organization than the register, whose word counts. */
export interface Difference {
  readonly column: OwnColumn;
  readonly typed: string;
  /** Undefined: the register says nothing of it. */
  readonly held: string | undefined;
}

type Said = string | boolean | undefined;
const yesOrNo = (value: Said): string | undefined =>
  value === undefined || typeof value === 'string' ? value : value ? 'oui' : 'non';

/** What each column says, among facts; a number and an establishment are compared elsewhere, or say nothing of the unit. */
const columns: readonly (readonly [OwnColumn, (facts: StatedFacts) => Said])[] = [
  ['acronym', ({ acronym }) => acronym],
  ['legal_category', (facts) => facts.legalCategory],
  ['state', ({ unitState }) => unitState],
  ['commune', ({ commune }) => commune],
  ['created_on', ({ createdOn }) => createdOn],
  ['dissolved_on', ({ dissolvedOn }) => dissolvedOn],
  ['public_utility', ({ publicUtility }) => publicUtility],
  ['grouping', ({ grouping }) => grouping],
  ['public', ({ publicService }) => publicService?.public],
  ['facets', ({ publicService }) => publicService?.facets.toSorted().join(' ')],
  ['parent', ({ parent }) => parent],
  ['website', ({ website }) => website],
  ['contact_email', ({ contactEmail }) => contactEmail],
];

const ofEstablishment: readonly string[] = ['siret', 'head_office', 'establishment_state', 'postal_code'];

/**
 * What a line says otherwise than the register of an organization that it holds. Nothing of it is written: who knows better
 * corrects the register.
 */
export function compareFacts(
  cells: Cells,
  siren: string,
  held: StatedFacts,
): { readonly differs: readonly Difference[]; readonly unread: readonly string[] } | OwnProblem {
  if (!describes(cells)) return { differs: [], unread: [] };
  // The establishment is not at stake: what the register holds of it stays.
  const said = Object.entries(cells.own ?? {}).filter(([column]) => !ofEstablishment.includes(column));
  const read = readOwn({ name: 'x', ...Object.fromEntries(said), siren });
  if ('reason' in read) return read;
  const differs = columns.flatMap(([column, of]): Difference[] => {
    const typed = yesOrNo(of(read.facts));
    const known = yesOrNo(of(held));
    return typed === undefined || typed === '' || typed === known ? [] : [{ column, typed, held: known }];
  });
  return { differs, unread: read.unread };
}
