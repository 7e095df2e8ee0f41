import { isCommuneCode, isSiren } from './identifiers.ts';
import type { CommuneCode, Siren } from './identifiers.ts';
import { departmentByCode } from './territory-divisions.ts';
import { heldEditions } from './territory-editions.ts';
import type { Editions, PopulationRecord } from './territory-editions.ts';
import { groupingsOf } from './territory-groupings.ts';
import type { Commune, TerritoryData } from './territory-index.ts';
import { SEED_DATE } from './territory-seed.ts';

export interface CommuneRecord {
  readonly name: string;
  readonly kind: 'commune' | 'arrondissement' | 'delegated' | 'associated';
  readonly department?: string | undefined;
  readonly region?: string | undefined;
  readonly siren?: string | undefined;
  /** Of what is no current commune: the commune it is part of. */
  readonly current?: string | undefined;
}

export interface GroupingRecord {
  readonly name: string;
  /** BANATIC `nature_juridique`; `EPCI` where the source does not say which. */
  readonly nature: string;
  readonly department?: string | undefined;
}

export interface GroupingMemberRecord {
  readonly name: string;
  readonly siren?: string | undefined;
  /** INSEE code; absent when the member is no commune. */
  readonly commune?: string | undefined;
}

/** One record of the register, with who says it and as of when (ISO date). */
export interface Imported<T> {
  readonly key: string;
  readonly source: string;
  readonly asOf: string;
  readonly record: T;
}

export interface ImportedTerritories {
  readonly communes: readonly Imported<CommuneRecord>[];
  readonly populations: readonly Imported<PopulationRecord>[];
  readonly groupings: readonly Imported<GroupingRecord>[];
  /** Key: SIREN of the grouping, slash, code of the commune. */
  readonly members: readonly Imported<GroupingMemberRecord>[];
}

/** À fiscalité propre: a commune belongs to one at most. Syndicats and the territories of the Grand Paris are not. */
const ownTaxation: ReadonlySet<string> = new Set(['CC', 'CA', 'CU', 'METRO', 'MET69', 'EPCI']);

/** Which register is believed first on the map itself: INSEE for what a commune is, DGCL for who belongs to what. */
const precedence = ['cog', 'banatic', 'dpnt'];
const rankOf = (source: string): number => {
  const rank = precedence.indexOf(source);
  return rank === -1 ? precedence.length : rank;
};

/** Who says something, and as of when: one object for all that a file says. */
interface Origin {
  readonly source: string;
  readonly asOf: string;
  readonly rank: number;
}

/** The newest counts; of the same day, that of the register believed first. */
const isNewer = (one: Origin, than: Origin | undefined): boolean =>
  than === undefined || one.asOf > than.asOf || (one.asOf === than.asOf && one.rank < than.rank);

/** The register believed first counts, whatever its day; of one register, the newest. */
const isRather = (one: Origin, than: Origin | undefined): boolean =>
  than === undefined || one.rank < than.rank || (one.rank === than.rank && one.asOf > than.asOf);

/** Consecutive records mostly are of one file. */
function originKeeper(): (source: string, asOf: string) => Origin {
  let last: Origin = { source: '', asOf: '', rank: rankOf('') };
  return (source, asOf) => {
    if (last.source !== source || last.asOf !== asOf) last = { source, asOf, rank: rankOf(source) };
    return last;
  };
}

/** What a register says of a commune, less what the package says as well. */
type Told = Partial<CommuneRecord> & Pick<CommuneRecord, 'kind'>;

/** Of most communes, most files say what the package says: one object for all of these. */
const asInPackage: Told = { kind: 'commune' };

const told = (record: CommuneRecord, seed: Commune | undefined): Told =>
  record.kind === 'commune' &&
  record.name === seed?.name &&
  (record.department ?? seed.department) === seed.department &&
  (record.region ?? seed.region) === seed.region
    ? asInPackage
    : record;

/** What counts so far of what was said of one code. */
interface Said {
  /** By the register believed first, of any kind. */
  is: Told | undefined;
  isBy: Origin | undefined;
  /** By the register believed first among those that say that it is a commune. */
  commune: Told | undefined;
  communeBy: Origin | undefined;
  siren: string | undefined;
  sirenBy: Origin | undefined;
  epci: Siren | undefined;
  epciBy: Origin | undefined;
  /** A grouping names it as a member. */
  named: boolean;
}

const sirenIn = (text: string | undefined): Siren | undefined =>
  text !== undefined && isSiren(text) ? text : undefined;

const departmentIn = (code: string): string => code.slice(0, /^9[78]/.test(code) ? 3 : 2);

/** So many communes at a time: a few milliseconds. */
const STEP = 2_000;

/** A map in the making. Takes one record after the other and keeps of it only what may count. */
export interface TerritoryMerge {
  readonly commune: (one: Imported<CommuneRecord>) => void;
  readonly grouping: (one: Imported<GroupingRecord>) => void;
  /** After all groupings and all communes. Key: SIREN of the grouping, slash, code of the commune. */
  readonly member: (one: Imported<GroupingMemberRecord>) => void;
  /** Key: commune code or SIREN, slash, census year. */
  readonly population: (one: Imported<PopulationRecord>) => void;
  /** The new map, in steps of a few milliseconds: who serves others goes back to them at each. To be run once. */
  readonly finish: () => Generator<undefined, TerritoryData>;
}

/**
 * The package, corrected fact by fact by what was imported since: what a commune is and which have merged (COG), who
 * belongs to what (BANATIC), who has how many inhabitants (INSEE first). Imports that are older than the package change
 * nothing, except populations, whose own edition decides. Silence is not a fact: a commune that a file does not name
 * stays what it was.
 *
 * The package itself is never changed. The same objects where nothing changed.
 */
export function territoryMerge(seed: TerritoryData): TerritoryMerge {
  const originOf = originKeeper();
  const said = new Map<string, Said>();
  const groupings = new Map<string, { readonly record: GroupingRecord; readonly by: Origin }>();
  const editions = heldEditions(seed);

  function saidOf(code: string): Said {
    const held = said.get(code);
    if (held !== undefined) return held;
    const none: Said = {
      is: undefined,
      isBy: undefined,
      commune: undefined,
      communeBy: undefined,
      siren: undefined,
      sirenBy: undefined,
      epci: undefined,
      epciBy: undefined,
      named: false,
    };
    said.set(code, none);
    return none;
  }

  function withOwnTaxation(siren: string): Siren | undefined {
    const known = seed.epcis.get(siren);
    if (known !== undefined) return known.siren;
    return ownTaxation.has(groupings.get(siren)?.record.nature ?? '') ? sirenIn(siren) : undefined;
  }

  return {
    commune({ key, source, asOf, record }) {
      // Older than the package: nothing new. So below.
      if (asOf < SEED_DATE) return;
      const by = originOf(source, asOf);
      const of = saidOf(key);
      const what = told(record, seed.communes.get(key));
      if (isRather(by, of.isBy)) [of.is, of.isBy] = [what, by];
      if (what.kind === 'commune' && isRather(by, of.communeBy)) [of.commune, of.communeBy] = [what, by];
      if (record.siren !== undefined && isNewer(by, of.sirenBy)) [of.siren, of.sirenBy] = [record.siren, by];
    },
    grouping({ key, source, asOf, record }) {
      if (asOf < SEED_DATE) return;
      const by = originOf(source, asOf);
      if (isRather(by, groupings.get(key)?.by)) groupings.set(key, { record, by });
    },
    member({ key, source, asOf, record: { commune, siren } }) {
      if (asOf < SEED_DATE || commune === undefined) return;
      const by = originOf(source, asOf);
      const of = saidOf(commune);
      if (siren !== undefined) {
        of.named = true;
        if (isNewer(by, of.sirenBy)) [of.siren, of.sirenBy] = [siren, by];
      }
      if (!isNewer(by, of.epciBy)) return;
      const grouping = withOwnTaxation(key.slice(0, 9));
      if (grouping !== undefined) [of.epci, of.epciBy] = [grouping, by];
    },
    population({ key, source, record }) {
      const slash = key.indexOf('/');
      editions.add(key.slice(0, slash), key.slice(slash + 1), source, record);
    },
    *finish() {
      editions.complete();
      const communes = new Map(seed.communes);
      const aliases = new Map(seed.aliases);
      let done = 0;
      for (const [code, of] of said) {
        done += 1;
        if (done % STEP === 0) yield;
        const current = of.is?.kind === 'commune' ? undefined : of.is?.current;
        if (current !== undefined && current !== code && isCommuneCode(current)) {
          aliases.set(code, current);
          communes.delete(code);
          continue;
        }
        // Memberships make no commune: the code may be an arrondissement, a merged one, one that nobody knows.
        if (!isCommuneCode(code) || (of.is === undefined && !communes.has(code))) continue;
        const commune = renewed(code, seed.communes.get(code), of, editions);
        if (commune !== undefined) communes.set(code, commune);
      }
      for (const code of editions.subjects()) {
        if (said.has(code) || !isCommuneCode(code)) continue;
        done += 1;
        if (done % STEP === 0) yield;
        // Nor do populations.
        const commune = communes.get(code);
        if (commune !== undefined) communes.set(code, { ...commune, population: editions.inForce(code) });
      }
      yield;
      const named = new Map<string, GroupingRecord>();
      for (const [siren, { record }] of groupings) {
        if (ownTaxation.has(record.nature)) named.set(siren, record);
      }
      return { communes, aliases, epcis: groupingsOf(seed, communes, named, editions), editions };
    },
  };
}

/** One commune with what was imported of it; the same object when nothing was. */
function renewed(
  code: CommuneCode,
  seed: Commune | undefined,
  said: Said,
  editions: Editions,
): Commune | undefined {
  const { is, commune, siren, epci, named } = said;
  const population = editions.inForce(code);
  if (is?.kind !== 'commune' && !named && epci === undefined && population === seed?.population) return seed;
  const department = commune?.department ?? seed?.department ?? departmentIn(code);
  const name = commune?.name ?? seed?.name;
  if (name === undefined) return undefined;
  const now: Commune = {
    code,
    name,
    department,
    region: commune?.region ?? seed?.region ?? departmentByCode(department)?.region ?? department,
    siren: sirenIn(siren) ?? seed?.siren,
    epci: epci ?? seed?.epci,
    population,
  };
  return seed !== undefined && isSame(now, seed) ? seed : now;
}

const isSame = (one: Commune, other: Commune): boolean =>
  one.population === other.population &&
  one.name === other.name &&
  one.siren === other.siren &&
  one.epci === other.epci &&
  one.department === other.department &&
  one.region === other.region;

/** All at once, of records that are at hand. Pure. */
export function withImports(seed: TerritoryData, imported: ImportedTerritories): TerritoryData {
  const merge = territoryMerge(seed);
  for (const one of imported.communes) merge.commune(one);
  for (const one of imported.groupings) merge.grouping(one);
  for (const one of imported.members) merge.member(one);
  for (const one of imported.populations) merge.population(one);
  const steps = merge.finish();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
