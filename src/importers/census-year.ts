/** The exhaustive census of Mayotte, in force there until the one of 2025 is published. */
const MAYOTTE_CENSUS = '2017';
const MAYOTTE_UNTIL = 2026;

/**
 * The census year of populations in force in a year: three years before (décret 2003-485, article 1: the populations
 * authenticated at the end of 2025, in force on 1 January 2026, are those of 2023).
 *
 * @param communeCode for Mayotte, which has its own census
 */
export function censusInForce(year: number, communeCode = ''): string {
  if (communeCode.startsWith('976') && year <= MAYOTTE_UNTIL) return MAYOTTE_CENSUS;
  return String(year - 3);
}

/** INSEE publishes in the last days of December what is in force from January on. */
export const yearInForce = (asOf: string): number =>
  Number(asOf.slice(0, 4)) + (asOf.slice(5, 7) === '12' ? 1 : 0);
