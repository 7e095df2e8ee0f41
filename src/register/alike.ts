import type { FactsRead } from '../eligibility/eligibility.ts';
import { sources } from '../organizations/organizations.ts';
import type { PublicServiceExceptions, TerritoryIndex } from '../organizations/organizations.ts';

/** What is read of an establishment and its legal unit to tell whether it is like one that was met already. */
export interface Outline {
  readonly siren: string;
  readonly siret: string;
  readonly state: string;
  readonly commune_code: string | null;
  readonly naf: string | null;
  readonly legal_category: string | null;
  readonly unit_state: string;
  readonly created_on: string | null;
  readonly declared_population: number | null;
  readonly qualifications: string;
  readonly is_suspended: boolean;
  readonly statements: string;
}

/** Facts of statements that no predicate reads. One that is not named here tells organizations apart, read or not. */
const unread: ReadonlySet<string> = new Set([
  'name',
  'acronym',
  'website',
  'contactEmail',
  'parent',
  'headOffice',
  'rna',
  'sizeBand',
  // Of the establishment: the column says them. What an operator corrected is not told here at all.
  'naf',
  'naf25',
  'commune',
  'diffusion',
]);

const places = ['org.department', 'org.region', 'org.commune', 'org.population', 'org.epci.population'];

/** Looked at only as far as it tells organizations apart: one of each kind is then read, and checked, as a whole. */
interface Sketch {
  readonly source: string;
  readonly asOf: string;
  readonly fetchedAt: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/**
 * A text that is the same for two organizations only if every policy that reads these facts decides alike on both.
 * Undefined where that takes more than this row: an operator's correction, a successor.
 */
export function createLikeness(
  { predicates, texts }: FactsRead,
  {
    territories,
    exceptions,
  }: { readonly territories: TerritoryIndex; readonly exceptions: PublicServiceExceptions },
): (row: Outline) => string | undefined {
  const reads = (name: string): boolean => predicates.has(name);
  const readsPlace = places.some(reads);
  const readsPopulation = reads('org.population') || reads('org.epci.population');
  const { excluded, lolf, whitelist } = exceptions;
  const listed: ReadonlySet<string> = new Set([...excluded, ...lolf, ...whitelist]);

  function place({ siren, commune_code: code }: Outline): readonly unknown[] {
    if (!readsPlace) return [];
    const isAuthority =
      territories.communeBySiren(siren) !== undefined || territories.epciBySiren(siren) !== undefined;
    const seat = code === null ? undefined : territories.communeByCode(code);
    return [
      // Known to the map by its own number: nobody is like it.
      isAuthority ? siren : '',
      reads('org.commune') || isAuthority ? code : '',
      reads('org.department') ? seat?.department : '',
      reads('org.region') ? seat?.region : '',
      readsPopulation && [
        seat !== undefined,
        seat?.epci !== undefined && territories.epciBySiren(seat.epci) !== undefined,
      ],
    ];
  }

  return (row) => {
    const said = factsOf(row, reads('org.age_days'));
    if (said === undefined) return undefined;
    return JSON.stringify([
      said,
      row.state,
      row.is_suspended,
      row.qualifications,
      row.declared_population,
      reads('org.naf') ? row.naf : '',
      listed.has(row.siren) || texts.has(row.siren) ? row.siren : '',
      texts.has(row.siret) ? row.siret : '',
      ...place(row),
    ]);
  };
}

/** What is stated, the newest first (whom merge-rules.ts believes depends on nothing else of dates). */
function factsOf(row: Outline, readsAge: boolean): unknown {
  if (row.statements === '{}') return [row.legal_category, row.unit_state, readsAge ? row.created_on : ''];
  const sketches = sketchesIn(row.statements);
  if (sketches === undefined) return undefined;
  const told: unknown[] = [];
  for (const { source, facts } of sketches) {
    if (source === 'operator') return undefined;
    told.push(source);
    for (const fact of Object.keys(facts)) {
      if (fact === 'successor') return undefined;
      if (unread.has(fact) || (fact === 'createdOn' && !readsAge)) continue;
      // That there was a dissolution counts, not its day.
      told.push(fact, fact === 'dissolvedOn' ? true : facts[fact]);
    }
  }
  return told;
}

/** Undefined for what no version wrote: whoever reads the row as a whole says so. */
function sketchesIn(text: string): readonly Sketch[] | undefined {
  const statements = recordIn(text);
  if (statements === undefined) return undefined;
  const sketches: Sketch[] = [];
  for (const source of Object.keys(statements)) {
    const statement = statements[source];
    if (!isRecord(statement)) return undefined;
    const { facts, asOf, fetchedAt = '' } = statement;
    if (!isRecord(facts) || typeof asOf !== 'string' || typeof fetchedAt !== 'string') return undefined;
    sketches.push({ source, asOf, fetchedAt, facts });
  }
  return sketches.length < 2 ? sketches : sketches.sort(newestFirst);
}

const rank = new Map<string, number>(sources.map((source, index) => [source, index]));

/** As merge.ts does: by day, then by what was fetched last, then in the order of `sources`. */
const newestFirst = (one: Sketch, other: Sketch): number =>
  compareTexts(other.asOf, one.asOf) ||
  compareTexts(other.fetchedAt, one.fetchedAt) ||
  (rank.get(one.source) ?? 0) - (rank.get(other.source) ?? 0);

function recordIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** By hand: a schema costs more than all the rest, and what is believed is checked by one. */
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const compareTexts = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1);
