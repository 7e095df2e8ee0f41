import { disagreements, doubts } from './conflicts.ts';
import type { Spoken } from './conflicts.ts';
import { inOrder } from './data-quality.ts';
import type { DataQualityFlag } from './data-quality.ts';
import { isInsee, isTakenBack, rankOf } from './merge-rules.ts';
import { isOfLot, sourceLabel } from './source-label.ts';
import { factNames, sources } from './statement.ts';
import type { Correction, FactName, Source, StatedFacts, Statements } from './statement.ts';

/** Where one fact comes from. */
export interface FactOrigin {
  readonly source: Source;
  /** How the source is named to people; French. */
  readonly label: string;
  /** ISO date of the source. */
  readonly asOf: string;
  /** Import that brought it (register_import). */
  readonly importId?: number;
  /** When a connector fetched it, ISO date and time: the copy ages from there. */
  readonly fetchedAt?: string;
  /** Why and by whom an operator corrected it. */
  readonly correction?: Correction;
}

export type Origins = Readonly<Partial<Record<FactName, FactOrigin>>>;

/** The truth made of all statements: each value is one of those stated, and its origin the statement that holds it. */
export interface MergedFacts {
  readonly values: StatedFacts;
  readonly origins: Origins;
  /** Each once, in the order of the screens. */
  readonly flags: readonly DataQualityFlag[];
}

/** Facts by which an organization would be recognized: kept back as soon as INSEE's newest word is not to publish. */
const maskable: ReadonlySet<FactName> = new Set(['name', 'acronym', 'commune']);

/** What a line of a lot says of an organization that no register held counts as long as none speaks of it. */
const afterAll = Number.MAX_SAFE_INTEGER;

type Values = { -readonly [F in FactName]?: StatedFacts[F] };

/**
 * One truth, by the table of merge-rules.ts. Pure: the order in which statements arrived plays no part, and merging the
 * same statements again gives the same.
 */
export function mergeStatements(statements: Statements): MergedFacts {
  const spoken = newestFirst(statements);
  const isMasked = spoken.find(speaksOfDiffusion)?.statement.facts.diffusion === 'P';
  const newestOfInsee = spoken.find(({ source }) => isInsee(source))?.source;
  const values: Values = {};
  const origins: Partial<Record<FactName, FactOrigin>> = {};
  const ranks = new Map<FactName, number>();
  for (const { source, statement } of spoken) {
    const { facts, corrections } = statement;
    const origin = originOf({ source, statement });
    const keepsBack = isMasked && isInsee(source);
    for (const fact of factNames) {
      if (facts[fact] === undefined || (keepsBack && maskable.has(fact))) continue;
      if (isTakenBack(fact, source, newestOfInsee)) continue;
      const rank = isOfLot(source, statement.label) ? afterAll : rankOf(fact, source);
      // Equal only inside the INSEE family, where the one met first is the newest.
      if (rank >= (ranks.get(fact) ?? Infinity)) continue;
      ranks.set(fact, rank);
      take(values, fact, facts[fact]);
      const correction = corrections?.[fact];
      origins[fact] = correction === undefined ? origin : { ...origin, correction };
    }
  }
  return {
    values,
    origins,
    flags: inOrder([...doubts(values), ...disagreements(spoken, statements, values)]),
  };
}

/** A when no source speaks of it: a register that lists an organization and says nothing else holds it for alive. */
export const unitStateOf = ({ unitState, dissolvedOn }: StatedFacts): 'A' | 'C' =>
  unitState ?? (dissolvedOn === undefined ? 'A' : 'C');

function take<F extends FactName>(values: Values, fact: F, value: Values[F]): void {
  values[fact] = value;
}

/** Same day: what was fetched last, then the order of `sources`. */
function newestFirst(statements: Statements): Spoken[] {
  const spoken: Spoken[] = [];
  for (const source of sources) {
    const statement = statements[source];
    if (statement !== undefined) spoken.push({ source, statement });
  }
  return spoken.sort(
    ({ statement: a }, { statement: b }) =>
      descending(a.asOf, b.asOf) || descending(a.fetchedAt ?? '', b.fetchedAt ?? ''),
  );
}

const descending = (a: string, b: string): number => (a === b ? 0 : a < b ? 1 : -1);

const speaksOfDiffusion = ({ source, statement }: Spoken): boolean =>
  isInsee(source) && statement.facts.diffusion !== undefined;

function originOf({ source, statement: { asOf, importId, fetchedAt, label } }: Spoken): FactOrigin {
  return {
    source,
    label: label ?? sourceLabel(source),
    asOf,
    ...(importId !== undefined && { importId }),
    ...(fetchedAt !== undefined && { fetchedAt }),
  };
}
