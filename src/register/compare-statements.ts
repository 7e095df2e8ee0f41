import { factNames } from '../organizations/organizations.ts';
import type { FactName, Source, StatedFacts, Statement } from '../organizations/organizations.ts';
import type { Applying } from './applying.ts';

export type Comparison =
  | { readonly is: 'older'; readonly than: string }
  /** `statement` when its date or label has to be written again. */
  | { readonly is: 'same'; readonly statement: Statement | undefined }
  | { readonly is: 'changed'; readonly statement: Statement };

type Writable = { -readonly [F in FactName]?: StatedFacts[F] };

function copyFact<F extends FactName>(from: Pick<StatedFacts, F>, fact: F, to: Pick<Writable, F>): void {
  if (from[fact] !== undefined) to[fact] = from[fact];
}

/** Facts in the order of the list, without those absent: equal facts are equal texts. */
export function inListOrder(facts: StatedFacts): StatedFacts {
  const ordered: Writable = {};
  for (const fact of factNames) copyFact(facts, fact, ordered);
  return ordered;
}

export const sameFacts = (left: StatedFacts, right: StatedFacts): boolean =>
  JSON.stringify(inListOrder(left)) === JSON.stringify(inListOrder(right));

/** People correct themselves, whatever the date; of a register the newest word counts. */
const isPersons = (source: Source): boolean => source === 'configuration' || source === 'operator';

/**
 * What becomes of a statement, given what the same source said before.
 *
 * Equal facts are no change and leave no history, but their date moves forward: a fact confirmed yesterday is not two
 * years old, and an import older than the confirmation must be refused. What the date and the import were before stays
 * in `confirms`, for an undo. The same facts of the same date are not written at all.
 */
export function compareStatements(
  held: Statement | undefined,
  facts: StatedFacts,
  applying: Applying & { readonly undone: ReadonlySet<number> },
): Comparison {
  const { source, asOf, fetchedAt, label, undone } = applying;
  if (held === undefined) return { is: 'changed', statement: statementOf(facts, applying) };
  const isTakenBack = held.importId !== undefined && undone.has(held.importId);
  if (!isPersons(source) && !isTakenBack && isOlder(held, applying)) return { is: 'older', than: held.asOf };
  if (!sameFacts(held.facts, facts) || held.label !== label)
    return { is: 'changed', statement: statementOf(facts, applying) };
  if (!isTakenBack && held.asOf === asOf && held.fetchedAt === fetchedAt)
    return { is: 'same', statement: undefined };
  return { is: 'same', statement: confirmed(held, applying) };
}

function isOlder(held: Statement, { asOf, fetchedAt }: Applying): boolean {
  if (asOf !== held.asOf) return asOf < held.asOf;
  return fetchedAt !== undefined && held.fetchedAt !== undefined && fetchedAt < held.fetchedAt;
}

export function statementOf(facts: StatedFacts, applying: Applying): Statement {
  const { asOf, importId, fetchedAt, label } = applying;
  return {
    facts: inListOrder(facts),
    asOf,
    ...(importId !== undefined && { importId }),
    ...(fetchedAt !== undefined && { fetchedAt }),
    ...(label !== undefined && { label }),
  };
}

function confirmed(held: Statement, applying: Applying): Statement {
  const again = statementOf(held.facts, applying);
  const { importId } = applying;
  if (importId === undefined) return again;
  if (importId === held.importId)
    return held.confirms === undefined ? again : { ...again, confirms: held.confirms };
  const before = {
    asOf: held.asOf,
    ...(held.importId !== undefined && { importId: held.importId }),
  };
  const first = held.confirms?.at(-1);
  return { ...again, confirms: first === undefined ? [before] : [before, first] };
}
