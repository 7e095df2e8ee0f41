import type { Origins } from './merge.ts';
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
  /** Where the two above come from: what an operator corrected comes before the maps. */
  readonly origins: Pick<Origins, 'commune' | 'population'>;
}

function declared({ declaredPopulation, source }: TerritorySubject): Population | undefined {
  if (declaredPopulation === undefined) return undefined;
  return { municipal: declaredPopulation, total: undefined, edition: 'declared', source };
}

/** Named by who corrected it, and the day. One number: it is the municipal population, the total is not known. */
function corrected({ declaredPopulation, origins }: TerritorySubject): Population | undefined {
  const { population: origin } = origins;
  if (declaredPopulation === undefined || origin?.source !== 'operator') return undefined;
  const { correction, asOf, label } = origin;
  return {
    municipal: declaredPopulation,
    total: undefined,
    edition: correction?.at.slice(0, 10) ?? asOf,
    source: correction === undefined ? label : `correction, ${correction.author.organization}`,
  };
}

const bandOf = (population: Population | undefined): PopulationBand | undefined =>
  population === undefined ? undefined : populationBand(population.municipal);

/**
 * A commune or a grouping is known by its SIREN: a merged commune keeps a SIREN of its own while its code now names the
 * new commune, whose inhabitants are not its own. Everything else is where its establishment stands, and has no
 * population: an association of a small town is not a small town. What an operator corrected comes first.
 */
export function territoryOf(subject: TerritorySubject, index: TerritoryIndex): Territory {
  const ownCommune = index.communeBySiren(subject.siren);
  const ownEpci = index.epciBySiren(subject.siren);
  const seat = subject.communeCode === undefined ? undefined : index.communeByCode(subject.communeCode);

  const isCorrected = subject.origins.commune?.source === 'operator';

  if (ownCommune === undefined && ownEpci !== undefined) {
    const population = corrected(subject) ?? ownEpci.population;
    return {
      country: 'FR',
      region: seat?.region ?? ownEpci.region,
      department: seat?.department ?? ownEpci.department,
      commune: undefined,
      communeName: undefined,
      epci: ownEpci.siren,
      epciName: ownEpci.name,
      population,
      epciPopulation: population,
      populationBand: bandOf(population),
    };
  }

  const commune = isCorrected ? seat : (ownCommune ?? seat);
  const epci = commune?.epci === undefined ? undefined : index.epciBySiren(commune.epci);
  const population =
    corrected(subject) ?? (ownCommune === undefined ? declared(subject) : ownCommune.population);
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
