import type { CommuneCode, Siren } from './identifiers.ts';
import { editionsOf } from './population.ts';
import type { Population, PopulationEdition } from './population.ts';
import { seedTerritories } from './territory-seed.ts';

export interface Commune {
  readonly code: CommuneCode;
  readonly name: string;
  readonly department: string;
  readonly region: string;
  /** Overseas collectivities have none. */
  readonly siren: Siren | undefined;
  readonly epci: Siren | undefined;
  /** Of the newest edition; the others are `populations(code)`. */
  readonly population: Population | undefined;
}

/** Établissement public de coopération intercommunale à fiscalité propre. */
export interface Epci {
  readonly siren: Siren;
  readonly name: string;
  /** Undefined when its members lie in several départements. */
  readonly department: string | undefined;
  readonly region: string | undefined;
  /** Of the newest edition. Undefined for one that is known by its members only. */
  readonly population: Population | undefined;
}

export interface TerritoryIndex {
  /**
   * Also by the code of a municipal arrondissement, or of a delegated or associated commune. Codes that have been
   * withdrawn are not followed: those of Corsica before 1976 or of the département of the Seine mean nothing today.
   */
  communeByCode(code: string): Commune | undefined;
  communeBySiren(siren: string): Commune | undefined;
  epciBySiren(siren: string): Epci | undefined;
  communes(): Iterable<Commune>;
  epcis(): Iterable<Epci>;
  /** Every edition held of a commune (by code) or of a grouping (by SIREN), the newest first. */
  populations(of: string): readonly PopulationEdition[];
}

/** What an index is made of. */
export interface TerritoryData {
  /** By code: current ones. */
  readonly communes: ReadonlyMap<string, Commune>;
  /** Codes that lead to a current commune: arrondissements, delegated and associated communes. */
  readonly aliases: ReadonlyMap<string, CommuneCode>;
  readonly epcis: ReadonlyMap<string, Epci>;
  /** By commune code or SIREN, where more is held than the population in force shows. */
  readonly editions: { get(of: string): readonly PopulationEdition[] | undefined };
}

export function indexOf({ communes, aliases, epcis, editions }: TerritoryData): TerritoryIndex {
  const bySiren = new Map<string, Commune>();
  for (const commune of communes.values()) {
    if (commune.siren !== undefined) bySiren.set(commune.siren, commune);
  }
  return {
    // A current code always means itself, also where a delegated commune has kept the same one.
    communeByCode: (code) => communes.get(code) ?? communes.get(aliases.get(code) ?? ''),
    communeBySiren: (siren) => bySiren.get(siren),
    epciBySiren: (siren) => epcis.get(siren),
    communes: () => communes.values(),
    epcis: () => epcis.values(),
    populations: (of) =>
      editions.get(of) ?? editionsOf(communes.get(of)?.population ?? epcis.get(of)?.population),
  };
}

let loaded: TerritoryIndex | undefined;

/** What the bundled package says, without any import. */
export function loadTerritories(): TerritoryIndex {
  loaded ??= indexOf(seedTerritories());
  return loaded;
}
