/** Deeper than any federation that exists: departmental, regional, national, European. */
const DEEPEST = 10;

export interface ParentChain {
  /** From the nearest parent up. */
  readonly parents: readonly string[];
  /** Why it stops short: it comes back to one already met, or there is no end in sight. */
  readonly brokenBy?: 'cycle' | 'too_deep';
}

/**
 * The federations above an organization.
 *
 * @param parentOf the fact `parent` of an organization, by identifier; undefined when it has none
 */
export function parentChain(start: string, parentOf: (id: string) => string | undefined): ParentChain {
  const parents: string[] = [];
  const met = new Set([start]);
  for (let next = parentOf(start); next !== undefined; next = parentOf(next)) {
    if (met.has(next)) return { parents, brokenBy: 'cycle' };
    if (parents.length === DEEPEST) return { parents, brokenBy: 'too_deep' };
    met.add(next);
    parents.push(next);
  }
  return { parents };
}
