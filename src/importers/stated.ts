import { factNames } from '../organizations/organizations.ts';
import type { FactName, StatedFacts } from '../organizations/organizations.ts';

/** Facts of which each may turn out not to be said. */
export type MaybeStated = { readonly [F in FactName]?: StatedFacts[F] | undefined };

/** What is said, without what is not: a fact that a source does not speak of is absent. */
export function stated(maybe: MaybeStated): StatedFacts {
  const facts: { -readonly [F in FactName]?: StatedFacts[F] } = {};
  for (const fact of factNames) put(facts, fact, maybe[fact]);
  return facts;
}

function put<F extends FactName>(
  facts: { -readonly [K in FactName]?: StatedFacts[K] },
  fact: F,
  value: StatedFacts[F],
): void {
  if (value !== undefined) facts[fact] = value;
}
