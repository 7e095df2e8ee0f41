import { sources } from './statement.ts';
import type { FactName, Source } from './statement.ts';

/** Four ways to the same register: inside the family the newest date is believed, whichever way it came. */
const insee = ['sirene', 'api_sirene', 'api_entreprise', 'recherche_entreprises'] as const satisfies Source[];
const ofInsee: ReadonlySet<Source> = new Set(insee);
export const isInsee = (source: Source): boolean => ofInsee.has(source);

/** What INSEE takes back by leaving it out: its older copies do not speak of it any more. */
const takenBack: ReadonlySet<FactName> = new Set(['rna', 'successor', 'publicService']);

/** @param newestOfInsee the newest copy of INSEE's register */
export const isTakenBack = (fact: FactName, source: Source, newestOfInsee: Source | undefined): boolean =>
  takenBack.has(fact) && isInsee(source) && source !== newestOfInsee;

export const rnaSources = ['rna', 'rna_import'] as const satisfies Source[];

/** A source, or the family as one. */
type Speaker = Exclude<Source, (typeof insee)[number]> | 'insee';

/** Fact → who is believed, in order. What a person of the house decided or declared comes before every register. */
const usual = [
  'operator',
  'configuration',
  'organizations',
  'insee',
  'rna',
  'rna_import',
  'dpnt',
  'administrations',
] as const satisfies Speaker[];

/** The facts on which the usual order would believe the wrong register. */
const special: Readonly<Partial<Record<FactName, readonly Speaker[]>>> = {
  // The interior ministry keeps them; INSEE repeats them late, or not at all.
  publicUtility: ['operator', 'configuration', 'organizations', 'rna', 'rna_import', 'insee'],
  grouping: ['operator', 'configuration', 'organizations', 'rna', 'rna_import', 'insee'],
  dissolvedOn: ['operator', 'configuration', 'organizations', 'rna', 'rna_import', 'insee'],
  // ANCT asks the authorities themselves.
  website: ['operator', 'configuration', 'dpnt', 'organizations'],
  contactEmail: ['operator', 'configuration', 'dpnt', 'organizations'],
  population: ['operator', 'configuration', 'organizations', 'dpnt'],
  // DINUM says for each organization what ProConnect computes.
  publicService: ['operator', 'configuration', 'administrations', 'organizations'],
};

/** Who is not named for a fact comes after those who are, in the usual order: nothing that is said is lost. */
function ranksOf(order: readonly Speaker[]): ReadonlyMap<Source, number> {
  const complete: readonly Speaker[] = [...new Set([...order, ...usual])];
  return new Map(sources.map((source) => [source, complete.indexOf(speakerOf(source))]));
}

function speakerOf(source: Source): Speaker {
  switch (source) {
    case 'sirene':
    case 'api_sirene':
    case 'api_entreprise':
    case 'recherche_entreprises':
      return 'insee';
    default:
      return source;
  }
}

const usualRanks = ranksOf(usual);
const specialRanks: ReadonlyMap<string, ReadonlyMap<Source, number>> = new Map(
  Object.entries(special).map(([fact, order]) => [fact, ranksOf(order)]),
);

/** Place of a source among those that speak of the fact: 0 is believed first, equal only inside the INSEE family. */
export const rankOf = (fact: FactName, source: Source): number =>
  (specialRanks.get(fact) ?? usualRanks).get(source) ?? Infinity;
