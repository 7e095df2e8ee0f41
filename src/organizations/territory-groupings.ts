import { isSiren } from './identifiers.ts';
import type { Editions } from './territory-editions.ts';
import type { GroupingRecord } from './territory-imports.ts';
import type { Commune, Epci, TerritoryData } from './territory-index.ts';

interface Place {
  department: string | undefined;
  region: string | undefined;
}

/** Where the communes of each grouping lie; undefined when they lie in several. */
function placesOf(communes: ReadonlyMap<string, Commune>): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const { epci, department, region } of communes.values()) {
    if (epci === undefined) continue;
    const place = places.get(epci);
    if (place === undefined) {
      places.set(epci, { department, region });
      continue;
    }
    if (place.department !== department) place.department = undefined;
    if (place.region !== region) place.region = undefined;
  }
  return places;
}

/**
 * The groupings that communes belong to: those of the package and those that were imported.
 *
 * @param communes with what was imported of them
 * @param named by SIREN, with own taxation
 */
export function groupingsOf(
  seed: TerritoryData,
  communes: ReadonlyMap<string, Commune>,
  named: ReadonlyMap<string, GroupingRecord>,
  editions: Editions,
): ReadonlyMap<string, Epci> {
  const places = placesOf(communes);
  const epcis = new Map<string, Epci>();
  for (const siren of new Set([...seed.epcis.keys(), ...named.keys()])) {
    const place = places.get(siren);
    const name = named.get(siren)?.name ?? seed.epcis.get(siren)?.name;
    // All its communes have moved on: it has been dissolved or merged.
    if (place === undefined || name === undefined || !isSiren(siren)) continue;
    const { department, region } = place;
    epcis.set(siren, { siren, name, department, region, population: editions.inForce(siren) });
  }
  return epcis;
}
