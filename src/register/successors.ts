import { sql } from 'kysely';
import type { Kysely } from 'kysely';

import { mergeStatements, readStatements, statementSchema } from '../organizations/organizations.ts';
import type { FactName, Siren, Statement } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { joined } from './merged-row.ts';

/** What counts for a duplicate, or for a unit that was merged, because of those that stand for it now. */
export interface Succession {
  readonly suspended: boolean;
  /** What operators corrected there, the nearest successor first. */
  readonly decided: Statement | undefined;
}

interface Step {
  readonly suspended: boolean;
  readonly decided: Statement | undefined;
  readonly next: Siren | undefined;
}

/** Successors of successors that are followed; a register that names more is wrong. */
const longestChain = 8;

/** Corrections that tell what the unit is; a name, a place and a number belong to one unit only. */
const inherited: ReadonlySet<string> = new Set<FactName>([
  'type',
  'legalCategory',
  'unitState',
  'publicService',
  'population',
]);

/**
 * Who acts for a duplicate acts for its successor: a suspension and the corrections of the one count for the other,
 * whether a connector followed the duplicate or an import named the successor. Approvals and qualifications do not.
 *
 * @returns by SIREN, for the rows that name a successor: one SQL statement for each step, none when no row does
 */
export async function successionsOf(
  db: Kysely<Database>,
  rows: readonly { readonly siren: string; readonly statements: string }[],
): Promise<ReadonlyMap<string, Succession>> {
  const steps = new Map<string, Step>();
  const nexts = new Map<string, Siren>();
  for (const row of rows) {
    const next = successorIn(row.statements);
    if (next !== undefined) nexts.set(row.siren, next);
  }
  let asked = new Set<Siren>(nexts.values());
  for (let times = 0; asked.size > 0 && times < longestChain; times += 1) {
    const found = await stepsAt(db, asked);
    for (const [siren, step] of found) steps.set(siren, step);
    asked = new Set([...found.values()].flatMap(({ next }) => next ?? []).filter((next) => !steps.has(next)));
  }
  return new Map([...nexts].map(([siren, next]) => [siren, along(next, steps)]));
}

async function stepsAt(db: Kysely<Database>, sirens: ReadonlySet<Siren>): Promise<Map<string, Step>> {
  const rows = await db
    .selectFrom('organization')
    .select(['siren', 'statements', 'suspended_at'])
    .where(sql<boolean>`siren = any(${[...sirens]}::text[])`)
    .execute();
  const steps = new Map<string, Step>();
  for (const { siren, statements, suspended_at } of rows) {
    if (siren === null) continue;
    const decided = readStatements(statements).operator;
    steps.set(siren, { suspended: suspended_at !== null, decided, next: successorIn(statements) });
  }
  return steps;
}

/** Most rows name none: the text tells it without being read. */
const successorIn = (statements: string): Siren | undefined =>
  statements.includes('"successor"')
    ? mergeStatements(readStatements(statements)).values.successor
    : undefined;

function along(first: Siren, steps: ReadonlyMap<string, Step>): Succession {
  const passed = new Set<string>();
  let suspended = false;
  let decided: Statement | undefined;
  let next: Siren | undefined = first;
  // A circle ends where it began.
  while (next !== undefined && !passed.has(next)) {
    passed.add(next);
    const step = steps.get(next);
    suspended ||= step?.suspended === true;
    if (step?.decided !== undefined) decided = joined(decided, step.decided);
    next = step?.next;
  }
  return { suspended, decided: decided === undefined ? undefined : inheritedOf(decided) };
}

function inheritedOf({ facts, corrections = {}, ...statement }: Statement): Statement {
  // That a successor lives brings nobody back who ceased.
  const isKept = ([fact]: readonly [string, unknown]): boolean =>
    inherited.has(fact) && !(fact === 'unitState' && facts.unitState === 'A');
  const only = (members: object): object => Object.fromEntries(Object.entries(members).filter(isKept));
  return statementSchema.parse({ ...statement, facts: only(facts), corrections: only(corrections) });
}
