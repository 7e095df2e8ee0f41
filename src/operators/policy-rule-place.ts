import type { Policy } from '../eligibility/eligibility.ts';
import type { RulePart, Ruling } from '../policies/policies.ts';
import { markOf } from './policy-rule-list.ts';

/** What a form about one rule was filled from: undefined for a new one. */
export interface FormOrigin {
  readonly part: RulePart;
  /** Of what it said then (markOf). */
  readonly mark: string;
  /** Its name then; a guard has none. */
  readonly id: string;
}

/** Where it stands in a text that has changed since. `index`: what is sent again replaces that one; undefined: it is added. */
export type FoundAgain =
  | { readonly kind: 'same'; readonly index: number | undefined }
  | { readonly kind: 'changed'; readonly index: number }
  | { readonly kind: 'gone'; readonly index: undefined };

/** A rule is the one that says the same, wherever it was moved to; else the one of its name. Pure. */
export function foundAgain(
  { part, mark, id }: FormOrigin,
  policy: Pick<Policy, 'guards' | 'rules'>,
): FoundAgain {
  if (mark === '') return { kind: 'same', index: undefined };
  const rulings: readonly Ruling[] = policy[part];
  const same = rulings.findIndex((ruling) => markOf(ruling) === mark);
  if (same >= 0) return { kind: 'same', index: same };
  const changed = rulings.findIndex((ruling) => nameOf(ruling) === id);
  return id !== '' && changed >= 0 ? { kind: 'changed', index: changed } : { kind: 'gone', index: undefined };
}

export const nameOf = (ruling: Ruling): string => ('deny' in ruling ? '' : ruling.id);
