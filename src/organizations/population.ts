/** Inhabitants of a commune or of a grouping of communes. Zero is a number (six villages of the Meuse); absent is not. */
export interface Population {
  /** Population municipale: the measure of every threshold unless a policy says `totale`. */
  readonly municipal: number;
  readonly total: number | undefined;
  /** Census year of `municipal` (INSEE, populations de référence), or `declared`, or `undated`. */
  readonly edition: string;
  /** Census year of `total`, when it is not that of `municipal`: the two may then not be subtracted or compared. */
  readonly totalEdition?: string;
  readonly source: string;
}

/** The bands of the Intercommunalités de France barometer, made to meet without gap or overlap. */
export const populationBands = ['under_50000', '50000_99999', '100000_199999', '200000_and_over'] as const;
export type PopulationBand = (typeof populationBands)[number];

/** Band of a number of inhabitants (municipal). */
export function populationBand(inhabitants: number): PopulationBand {
  if (inhabitants < 50_000) return 'under_50000';
  if (inhabitants < 100_000) return '50000_99999';
  if (inhabitants < 200_000) return '100000_199999';
  return '200000_and_over';
}

/** One census year, as one source gives it. */
export interface PopulationEdition {
  /** Census year, or `undated`, which is older than any year. */
  readonly edition: string;
  readonly municipal: number | undefined;
  readonly total: number | undefined;
  readonly source: string;
}

/** `undated` is no year. */
const yearOf = (edition: string): number => Number(edition) || 0;

export const newestFirst = (editions: readonly PopulationEdition[]): readonly PopulationEdition[] =>
  editions.length < 2
    ? editions
    : editions.toSorted((one, other) => yearOf(other.edition) - yearOf(one.edition));

/** The editions that a population is made of. */
export function editionsOf(population: Population | undefined): readonly PopulationEdition[] {
  if (population === undefined) return [];
  const { municipal, total, edition, totalEdition, source } = population;
  if (totalEdition === undefined) return [{ edition, municipal, total, source }];
  return newestFirst([
    { edition, municipal, total: undefined, source },
    { edition: totalEdition, municipal: undefined, total, source },
  ]);
}

/**
 * The population in force: each measure of its newest edition, which it names. A total without its municipal count is
 * no population: thresholds are about the latter.
 *
 * @param editions the newest first
 */
export function populationInForce(editions: readonly PopulationEdition[]): Population | undefined {
  const counted = editions.find(({ municipal }) => municipal !== undefined);
  if (counted?.municipal === undefined) return undefined;
  const { edition, municipal, source } = counted;
  const totalled = editions.find(({ total }) => total !== undefined);
  const population = { municipal, total: totalled?.total, edition, source };
  return totalled === undefined || totalled.edition === edition
    ? population
    : { ...population, totalEdition: totalled.edition };
}
