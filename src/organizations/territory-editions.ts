import { editionsOf, newestFirst, populationInForce } from './population.ts';
import type { Population, PopulationEdition } from './population.ts';
import type { TerritoryData } from './territory-index.ts';

export interface PopulationRecord {
  readonly municipal?: number | undefined;
  readonly total?: number | undefined;
}

const labels: Readonly<Record<string, string>> = {
  populations: 'INSEE, populations de référence',
  banatic: 'DGCL, BANATIC',
  dpnt: 'ANCT, données de la présence numérique des territoires',
};

/** Who is believed first on one edition: INSEE counts, the others copy. The bundled package stands before DPNT. */
const precedence = [labels['populations'], labels['banatic'], 'package', labels['dpnt']];
const PACKAGE_RANK = precedence.indexOf('package');

/** The three communes that INSEE counts by arrondissement only (loi 82-1169 du 31 décembre 1982). */
const countedByArrondissement = [
  { commune: '75056', first: 75_101, count: 20 },
  { commune: '69123', first: 69_381, count: 9 },
  { commune: '13055', first: 13_201, count: 16 },
];

/** Most have one edition of one source: no list is made for these. */
type ByKey = Map<string, PopulationEdition | PopulationEdition[]>;

function add(all: ByKey, key: string, said: PopulationEdition): void {
  const held = all.get(key);
  if (held === undefined) all.set(key, said);
  else if (Array.isArray(held)) held.push(said);
  else all.set(key, [held, said]);
}

function listOf(all: ByKey, key: string): readonly PopulationEdition[] {
  const held = all.get(key);
  if (held === undefined) return [];
  return Array.isArray(held) ? held : [held];
}

/**
 * Paris, Lyon and Marseille: their arrondissements together, once a source has given all of them for one edition. Only
 * the municipal count is a sum; the total also counts people who are counted in two arrondissements.
 */
function sumArrondissements(all: ByKey): void {
  for (const { commune, first, count } of countedByArrondissement) {
    const parts = Array.from({ length: count }, (_, rank) => listOf(all, String(first + rank)));
    for (const { edition, source } of parts[0] ?? []) {
      const isIt = (one: PopulationEdition): boolean => one.edition === edition && one.source === source;
      if (listOf(all, commune).some(isIt)) continue;
      const counts = parts.flatMap((part) => part.find(isIt)?.municipal ?? []);
      if (counts.length !== count) continue;
      const municipal = counts.reduce((sum, inhabitants) => sum + inhabitants, 0);
      add(all, commune, { edition, municipal, total: undefined, source });
    }
  }
}

/** One line an edition: each measure of the source that is believed first among those that give it. */
function merged(
  own: Population | undefined,
  said: readonly PopulationEdition[],
): readonly PopulationEdition[] {
  const ranked = [
    ...editionsOf(own).map((one) => ({ one, rank: PACKAGE_RANK })),
    ...said.map((one) => ({ one, rank: precedence.indexOf(one.source) })),
  ].sort((a, b) => a.rank - b.rank);
  const byEdition = new Map<string, PopulationEdition>();
  for (const { one } of ranked) {
    const { edition, municipal, total, source } = one;
    const held = byEdition.get(edition);
    byEdition.set(edition, {
      edition,
      municipal: held?.municipal ?? municipal,
      total: held?.total ?? total,
      source: held?.municipal === undefined && municipal !== undefined ? source : (held?.source ?? source),
    });
  }
  return newestFirst([...byEdition.values()]);
}

const yearOf = (edition: string): number => Number(edition) || 0;

const hasBoth = (one: PopulationEdition): one is PopulationEdition & Population =>
  one.municipal !== undefined && one.total !== undefined;

/** The one of an edition newer than all others, if it gives both measures: then nothing else counts. */
function ahead(own: Population | undefined, said: readonly PopulationEdition[]): Population | undefined {
  let first: PopulationEdition | undefined;
  let year = own === undefined ? -1 : Math.max(yearOf(own.edition), yearOf(own.totalEdition ?? ''));
  for (const one of said) {
    const its = yearOf(one.edition);
    if (its < year) continue;
    first = its === year ? undefined : one;
    year = its;
  }
  return first !== undefined && hasBoth(first) ? first : undefined;
}

/** What is known of inhabitants: a hundred thousand counts are held as they came, and put in order for who asks. */
export interface Editions {
  /** @param of commune code or SIREN @param edition census year @param by source of the record */
  add(of: string, edition: string, by: string, record: PopulationRecord): void;
  /** To be called once, when all has been added. */
  complete(): void;
  /** Commune codes and SIRENs that an import speaks of. */
  subjects(): Iterable<string>;
  /** Every edition, the newest first; undefined when no import speaks of it. */
  get(of: string): readonly PopulationEdition[] | undefined;
  /** The population in force: that of the package when no import speaks of it. */
  inForce(of: string): Population | undefined;
}

/** @param seed the package, whose populations count as well */
export function heldEditions({ communes, epcis }: Pick<TerritoryData, 'communes' | 'epcis'>): Editions {
  const all: ByKey = new Map();
  const seed = (of: string): Population | undefined => (communes.get(of) ?? epcis.get(of))?.population;
  return {
    add(of, edition, by, { municipal, total }) {
      add(all, of, { edition, municipal, total, source: labels[by] ?? by });
    },
    complete: () => {
      sumArrondissements(all);
    },
    subjects: () => all.keys(),
    get: (of) => (all.has(of) ? merged(seed(of), listOf(all, of)) : undefined),
    inForce(of) {
      const own = seed(of);
      const said = listOf(all, of);
      return said.length === 0 ? own : (ahead(own, said) ?? populationInForce(merged(own, said)));
    },
  };
}
