import { isCommuneCode } from '../organizations/organizations.ts';
import type { Commune, TerritoryIndex } from '../organizations/organizations.ts';
import { wordsOf } from './search-words.ts';

/** A commune as a person names it. */
export type FoundCommune =
  | { readonly kind: 'one'; readonly commune: Commune }
  /** Four communes are called Saint-Denis: the person chooses. At most twenty, the most populated first. */
  | { readonly kind: 'several'; readonly communes: readonly Commune[] }
  | { readonly kind: 'unknown' };

const MOST_COMMUNES = 20;

/** Built once for each map: thirty-five thousand names. */
const named = new WeakMap<TerritoryIndex, ReadonlyMap<string, readonly Commune[]>>();

function communesByName(territories: TerritoryIndex): ReadonlyMap<string, readonly Commune[]> {
  const known = named.get(territories);
  if (known !== undefined) return known;
  const byName = new Map<string, Commune[]>();
  for (const commune of territories.communes()) {
    const name = communeName(commune.name);
    const same = byName.get(name);
    if (same === undefined) byName.set(name, [commune]);
    else same.push(commune);
  }
  named.set(territories, byName);
  return byName;
}

/** `St-Denis` and `Saint Denis` are one name; so are `La Roche` and `Roche (La)`, of which the article is left out. */
function communeName(text: string): string {
  const words = wordsOf(text).map((word) => (word === 'st' ? 'saint' : word === 'ste' ? 'sainte' : word));
  const telling = words.filter((word) => !['le', 'la', 'les', 'l'].includes(word));
  return (telling.length === 0 ? words : telling).join(' ');
}

/**
 * By its INSEE code, or by its name, whole or begun. A postcode is none: it stands for several communes.
 *
 * @param department only the communes of this one, where given
 */
export function findCommune(typed: string, territories: TerritoryIndex, department?: string): FoundCommune {
  const code = typed.trim().toUpperCase();
  if (isCommuneCode(code)) {
    const commune = territories.communeByCode(code);
    return commune === undefined ? { kind: 'unknown' } : { kind: 'one', commune };
  }
  const name = communeName(typed);
  if (name === '') return { kind: 'unknown' };
  const here = (commune: Commune): boolean => department === undefined || commune.department === department;
  const byName = communesByName(territories);
  const same = (byName.get(name) ?? []).filter(here);
  const found =
    same.length > 0 || name.length < 3
      ? same
      : [...byName].flatMap(([known, communes]) => (known.startsWith(name) ? communes.filter(here) : []));
  const [first, ...others] = found;
  if (first === undefined) return { kind: 'unknown' };
  if (others.length === 0) return { kind: 'one', commune: first };
  const inhabitants = (commune: Commune): number => commune.population?.municipal ?? 0;
  return {
    kind: 'several',
    communes: found
      .toSorted((a, b) => inhabitants(b) - inhabitants(a) || a.code.localeCompare(b.code))
      .slice(0, MOST_COMMUNES),
  };
}

/** `1`, `01`, `2a`, `971`: the code of a département, or undefined. */
export function readDepartment(typed: string, territories: TerritoryIndex): string | undefined {
  const code = typed.trim().toUpperCase().padStart(2, '0');
  if (!/^(?:[0-9]{2}|2[AB]|9[78][0-9])$/.test(code)) return undefined;
  for (const commune of territories.communes()) if (commune.department === code) return code;
  return undefined;
}

/** Registers place an organization of Paris, Lyon or Marseille in its arrondissement, or in the commune. */
const arrondissements: ReadonlyMap<string, readonly [first: number, last: number]> = new Map([
  ['75056', [75_101, 75_120]],
  ['69123', [69_381, 69_389]],
  ['13055', [13_201, 13_216]],
]);

/** The codes under which an organization of the commune may be placed. */
export function placesOfCommune({ code }: Commune): readonly string[] {
  const [first, last] = arrondissements.get(code) ?? [0, -1];
  return [code, ...Array.from({ length: last - first + 1 }, (_, at) => String(first + at))];
}
