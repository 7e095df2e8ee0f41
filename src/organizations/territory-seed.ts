import { z } from 'zod';

import { isCommuneCode, isSiren } from './identifiers.ts';
import type { CommuneCode, Siren } from './identifiers.ts';
import type { Population } from './population.ts';
import type { Commune, Epci, TerritoryData } from './territory-index.ts';
import { isCount, isFields } from './territory-json.ts';
import { PACKAGE, packageEntries } from './territory-package.ts';

/** Communes and groupings of the bundled package are those of that day. */
export const SEED_DATE = '2026-01-01';

/*
 * The package mixes two editions (checked against the regional totals that INSEE publishes): communes carry the 2023
 * population (Bretagne 3 449 370), groupings and their members the 2022 one (3 421 284 without the islands). Mayotte
 * has the census of 2017 in both. A commune therefore has a municipal population of 2023 and a total one of 2022.
 */
const COMMUNE_EDITION = '2023';
const EPCI_EDITION = '2022';
const MAYOTTE = { region: '06', edition: '2017' } as const;
const COMMUNE_SOURCE = `INSEE, populations de référence, par ${PACKAGE} 6.0.0`;
const EPCI_SOURCE = `DGCL, liste des EPCI 2026, par ${PACKAGE} 6.0.0`;

const sirenSchema = z.custom<Siren>((value) => typeof value === 'string' && isSiren(value), 'SIREN');
const codeSchema = z.custom<CommuneCode>(
  (value) => typeof value === 'string' && isCommuneCode(value),
  'commune',
);
const inhabitantsSchema = z.int().nonnegative();

const communeSchema = z.object({
  code: codeSchema,
  nom: z.string(),
  type: z.enum(['commune-actuelle', 'commune-deleguee', 'commune-associee', 'arrondissement-municipal']),
  zone: z.enum(['metro', 'drom', 'com']),
  departement: z.string(),
  region: z.string(),
  siren: sirenSchema.optional(),
  population: inhabitantsSchema.optional(),
  commune: codeSchema.optional(),
  chefLieu: codeSchema.optional(),
});

const epciSchema = z.object({
  code: sirenSchema,
  nom: z.string(),
  populationTotale: inhabitantsSchema,
  populationMunicipale: inhabitantsSchema,
  membres: z.array(z.object({ code: codeSchema, populationTotale: inhabitantsSchema })),
});

type CommuneEntry = Readonly<z.infer<typeof communeSchema>>;
type EpciEntry = Readonly<z.infer<typeof epciSchema>>;

/*
 * A tenth of the cost of the schemas, at every start, for 38 000 entries of a file that is bundled: what they let
 * through, the schemas do as well.
 */
const types: ReadonlySet<unknown> = new Set(communeSchema.shape.type.options);
const zones: ReadonlySet<unknown> = new Set(communeSchema.shape.zone.options);
const isSirenCode = (value: unknown): value is Siren => typeof value === 'string' && isSiren(value);
const isCode = (value: unknown): value is CommuneCode => typeof value === 'string' && isCommuneCode(value);

const isCommuneEntry = (entry: unknown): entry is CommuneEntry =>
  isFields(entry) &&
  isCode(entry['code']) &&
  typeof entry['nom'] === 'string' &&
  types.has(entry['type']) &&
  zones.has(entry['zone']) &&
  typeof entry['departement'] === 'string' &&
  typeof entry['region'] === 'string' &&
  (entry['siren'] === undefined || isSirenCode(entry['siren'])) &&
  (entry['population'] === undefined || isCount(entry['population'])) &&
  (entry['commune'] === undefined || isCode(entry['commune'])) &&
  (entry['chefLieu'] === undefined || isCode(entry['chefLieu']));

const isEpciEntry = (entry: unknown): entry is EpciEntry =>
  isFields(entry) &&
  isSirenCode(entry['code']) &&
  typeof entry['nom'] === 'string' &&
  isCount(entry['populationTotale']) &&
  isCount(entry['populationMunicipale']) &&
  Array.isArray(entry['membres']) &&
  entry['membres'].every(
    (member) => isFields(member) && isCode(member['code']) && isCount(member['populationTotale']),
  );

interface Membership {
  readonly epci: Siren;
  readonly total: number;
}

function communeEdition(entry: CommuneEntry): string {
  if (entry.region === MAYOTTE.region) return MAYOTTE.edition;
  return entry.zone === 'com' ? 'undated' : COMMUNE_EDITION;
}

function communePopulation(entry: CommuneEntry, membership: Membership | undefined): Population | undefined {
  if (entry.population === undefined) return undefined;
  const edition = communeEdition(entry);
  const population = {
    municipal: entry.population,
    total: membership?.total,
    edition,
    source: COMMUNE_SOURCE,
  };
  return membership === undefined || edition !== COMMUNE_EDITION
    ? population
    : { ...population, totalEdition: EPCI_EDITION };
}

function communeOf(entry: CommuneEntry, membership: Membership | undefined): Commune {
  return {
    code: entry.code,
    name: entry.nom,
    department: entry.departement,
    region: entry.region,
    siren: entry.siren,
    epci: membership?.epci,
    population: communePopulation(entry, membership),
  };
}

/** The one value that all share; undefined when they differ. */
function shared(values: readonly (string | undefined)[]): string | undefined {
  const [first, ...others] = new Set(values);
  return others.length === 0 ? first : undefined;
}

function epciOf(entry: EpciEntry, communes: ReadonlyMap<string, Commune>): Epci {
  const members = entry.membres.map(({ code }) => communes.get(code));
  const region = shared(members.map((commune) => commune?.region));
  return {
    siren: entry.code,
    name: entry.nom,
    department: shared(members.map((commune) => commune?.department)),
    region,
    population: {
      municipal: entry.populationMunicipale,
      total: entry.populationTotale,
      edition: region === MAYOTTE.region ? MAYOTTE.edition : EPCI_EDITION,
      source: EPCI_SOURCE,
    },
  };
}

function build(communeEntries: Iterable<CommuneEntry>, epciEntries: readonly EpciEntry[]): TerritoryData {
  const memberships = new Map<string, Membership>();
  for (const { code: epci, membres } of epciEntries) {
    for (const { code, populationTotale } of membres)
      memberships.set(code, { epci, total: populationTotale });
  }
  const communes = new Map<string, Commune>();
  const aliases = new Map<string, CommuneCode>();
  for (const entry of communeEntries) {
    // `commune` of a municipal arrondissement, `chefLieu` of a delegated or associated commune.
    const current = entry.commune ?? entry.chefLieu;
    if (current !== undefined) aliases.set(entry.code, current);
    if (entry.type !== 'commune-actuelle') continue;
    communes.set(entry.code, communeOf(entry, memberships.get(entry.code)));
  }
  const epcis = new Map<string, Epci>(epciEntries.map((entry) => [entry.code, epciOf(entry, communes)]));
  return { communes, aliases, epcis, editions: new Map() };
}

let read: TerritoryData | undefined;

/** Reads the package once per process, at the first call; keeps compact maps only. */
export function seedTerritories(): TerritoryData {
  read ??= build(packageEntries('communes', communeSchema, isCommuneEntry), [
    ...packageEntries('epci', epciSchema, isEpciEntry),
  ]);
  return read;
}
