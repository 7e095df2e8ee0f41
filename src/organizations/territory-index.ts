import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { z } from 'zod';

import { isCommuneCode, isSiren } from './identifiers.ts';
import type { CommuneCode, Siren } from './identifiers.ts';
import type { Population } from './population.ts';

export interface Commune {
  readonly code: CommuneCode;
  readonly name: string;
  readonly department: string;
  readonly region: string;
  /** Overseas collectivities have none. */
  readonly siren: Siren | undefined;
  readonly epci: Siren | undefined;
  readonly population: Population | undefined;
}

/** Établissement public de coopération intercommunale à fiscalité propre. */
export interface Epci {
  readonly siren: Siren;
  readonly name: string;
  /** Undefined when its members lie in several départements. */
  readonly department: string | undefined;
  readonly region: string | undefined;
  readonly population: Population;
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
}

/*
 * The package mixes two editions (checked against the regional totals that INSEE publishes): communes carry the 2023
 * population (Bretagne 3 449 370), groupings and their members the 2022 one (3 421 284 without the islands). Mayotte
 * has the census of 2017 in both. A commune therefore has a municipal population of 2023 and a total one of 2022.
 */
const COMMUNE_EDITION = '2023';
const EPCI_EDITION = '2022';
const MAYOTTE = { region: '06', edition: '2017' } as const;
const PACKAGE = '@etalab/decoupage-administratif';
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

type CommuneEntry = z.infer<typeof communeSchema>;
type EpciEntry = z.infer<typeof epciSchema>;

interface Membership {
  readonly epci: Siren;
  readonly total: number;
}

const COMMA = 0x2c;

/** The files hold one object a line: parsed and dropped one by one, 12 MB of JSON never stand in memory as objects. */
function* entries<T>(file: string, schema: z.ZodType<T>): Generator<T> {
  const path = createRequire(import.meta.url).resolve(`${PACKAGE}/data/${file}.json`);
  const bytes = readFileSync(path);
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf('\n', start);
    const end = newline === -1 ? bytes.length : newline;
    const line = bytes.toString('utf8', start, bytes.at(end - 1) === COMMA ? end - 1 : end);
    start = end + 1;
    if (line === '' || line === '[' || line === ']') continue;
    const parsed: unknown = JSON.parse(line);
    yield schema.parse(parsed);
  }
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

function build(communeEntries: Iterable<CommuneEntry>, epciEntries: readonly EpciEntry[]): TerritoryIndex {
  const memberships = new Map<string, Membership>();
  for (const { code: epci, membres } of epciEntries) {
    for (const { code, populationTotale } of membres)
      memberships.set(code, { epci, total: populationTotale });
  }

  const byCode = new Map<string, Commune>();
  const bySiren = new Map<string, Commune>();
  const aliases = new Map<string, CommuneCode>();
  for (const entry of communeEntries) {
    // `commune` of a municipal arrondissement, `chefLieu` of a delegated or associated commune.
    const current = entry.commune ?? entry.chefLieu;
    if (current !== undefined) aliases.set(entry.code, current);
    if (entry.type !== 'commune-actuelle') continue;
    const commune = communeOf(entry, memberships.get(entry.code));
    byCode.set(commune.code, commune);
    if (commune.siren !== undefined) bySiren.set(commune.siren, commune);
  }
  const epcis = new Map<string, Epci>(epciEntries.map((entry) => [entry.code, epciOf(entry, byCode)]));

  return {
    // A current code always means itself, also where a delegated commune has kept the same one.
    communeByCode: (code) => byCode.get(code) ?? byCode.get(aliases.get(code) ?? ''),
    communeBySiren: (siren) => bySiren.get(siren),
    epciBySiren: (siren) => epcis.get(siren),
    communes: () => byCode.values(),
    epcis: () => epcis.values(),
  };
}

let loaded: TerritoryIndex | undefined;

/** Reads the package once per process, at the first call; keeps compact maps only. */
export function loadTerritories(): TerritoryIndex {
  loaded ??= build(entries('communes', communeSchema), [...entries('epci', epciSchema)]);
  return loaded;
}
