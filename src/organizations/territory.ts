import { populationBand } from './population.ts';
import type { Population, PopulationBand } from './population.ts';
import type { TerritoryIndex } from './territory-index.ts';

/** Where an organization acts. Codes of the Code officiel géographique; `epci` is a SIREN. */
export interface Territory {
  readonly country: 'FR';
  readonly region: string | undefined;
  readonly department: string | undefined;
  readonly commune: string | undefined;
  readonly communeName: string | undefined;
  readonly epci: string | undefined;
  readonly epciName: string | undefined;
  /** Of the authority itself: undefined for anything that is neither a commune nor a grouping of communes. */
  readonly population: Population | undefined;
  /** Of the grouping that the commune belongs to, or that the organization is. */
  readonly epciPopulation: Population | undefined;
  readonly populationBand: PopulationBand | undefined;
}

export interface TerritorySubject {
  readonly siren: string;
  readonly communeCode: string | undefined;
  readonly declaredPopulation: number | undefined;
  readonly source: string;
}

const declared = (subject: TerritorySubject): Population | undefined =>
  subject.declaredPopulation === undefined
    ? undefined
    : {
        municipal: subject.declaredPopulation,
        total: undefined,
        edition: 'declared',
        source: subject.source,
      };

const bandOf = (population: Population | undefined): PopulationBand | undefined =>
  population === undefined ? undefined : populationBand(population.municipal);

/**
 * A commune or a grouping is known by its SIREN: a merged commune keeps a SIREN of its own while its code now names the
 * new commune, whose inhabitants are not its own. Everything else is where its establishment stands, and has no
 * population: an association of a small town is not a small town.
 */
export function territoryOf(subject: TerritorySubject, index: TerritoryIndex): Territory {
  const ownCommune = index.communeBySiren(subject.siren);
  const ownEpci = index.epciBySiren(subject.siren);
  const seat = subject.communeCode === undefined ? undefined : index.communeByCode(subject.communeCode);

  if (ownCommune === undefined && ownEpci !== undefined) {
    return {
      country: 'FR',
      region: seat?.region ?? ownEpci.region,
      department: seat?.department ?? ownEpci.department,
      commune: undefined,
      communeName: undefined,
      epci: ownEpci.siren,
      epciName: ownEpci.name,
      population: ownEpci.population,
      epciPopulation: ownEpci.population,
      populationBand: bandOf(ownEpci.population),
    };
  }

  const commune = ownCommune ?? seat;
  const epci = commune?.epci === undefined ? undefined : index.epciBySiren(commune.epci);
  const population = ownCommune === undefined ? declared(subject) : ownCommune.population;
  return {
    country: 'FR',
    region: commune?.region,
    department: commune?.department,
    commune: commune?.code,
    communeName: commune?.name,
    epci: epci?.siren,
    epciName: epci?.name,
    population,
    epciPopulation: ownCommune === undefined ? undefined : epci?.population,
    populationBand: bandOf(population),
  };
}
