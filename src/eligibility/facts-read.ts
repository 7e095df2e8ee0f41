import { compilePolicy } from './compiled-policy.ts';
import type { Policy } from './policy.ts';

/** All that policies can look at: whatever else differs between two organizations, they decide alike on both. */
export interface FactsRead {
  /** Names of predicates: `org.population`, `approval.docs`. */
  readonly predicates: ReadonlySet<string>;
  /** Every text that the documents hold: a number that is none of them is like every other. */
  readonly texts: ReadonlySet<string>;
}

export function factsRead(policies: readonly Policy[]): FactsRead {
  const tests = policies.flatMap((policy) => {
    const { guards, rules } = compilePolicy(policy);
    return [...guards, ...rules].flatMap(({ condition }) => condition.predicates);
  });
  return {
    predicates: new Set(tests.map(({ name }) => name)),
    texts: new Set(tests.flatMap(({ expected }) => textsIn(expected))),
  };
}

function textsIn(expected: unknown): readonly string[] {
  if (typeof expected === 'string') return [expected];
  if (typeof expected !== 'object' || expected === null) return [];
  return Object.values(expected).flatMap(textsIn);
}
