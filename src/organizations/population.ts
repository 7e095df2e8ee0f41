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
