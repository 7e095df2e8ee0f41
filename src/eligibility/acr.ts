/**
 * Authentication context class references of ProConnect (2026 norm). They combine identity, authentication and link
 * with the organization, the weakest deciding; they are only partially ordered: `eidas0-mfa` and `eidas1` are
 * incomparable.
 */
export const acrValues = ['eidas0', 'eidas0-mfa', 'eidas1', 'eidas1-mfa', 'eidas2', 'eidas3'] as const;

export type Acr = (typeof acrValues)[number];

/** For each value, what it is worth at least: 0 < 0-mfa < 1-mfa < 2 < 3 and 0 < 1 < 1-mfa. */
const covers: Readonly<Record<Acr, ReadonlySet<Acr>>> = {
  eidas0: new Set<Acr>(['eidas0']),
  'eidas0-mfa': new Set<Acr>(['eidas0', 'eidas0-mfa']),
  eidas1: new Set<Acr>(['eidas0', 'eidas1']),
  'eidas1-mfa': new Set<Acr>(['eidas0', 'eidas0-mfa', 'eidas1', 'eidas1-mfa']),
  eidas2: new Set<Acr>(['eidas0', 'eidas0-mfa', 'eidas1', 'eidas1-mfa', 'eidas2']),
  eidas3: new Set<Acr>(acrValues),
};

const byName: ReadonlyMap<string, Acr> = new Map(acrValues.map((acr) => [acr, acr]));

/** An absent or unknown value is worth the lowest level: raising it silently is the trap met in the field. */
export function toAcr(value: string | undefined): Acr {
  return (value === undefined ? undefined : byName.get(value)) ?? 'eidas0';
}

export function acrAtLeast(value: Acr, minimum: Acr): boolean {
  return covers[value].has(minimum);
}

/** Sign of the comparison, undefined for two incomparable values. */
export function compareAcr(left: Acr, right: Acr): -1 | 0 | 1 | undefined {
  if (left === right) return 0;
  if (acrAtLeast(left, right)) return 1;
  return acrAtLeast(right, left) ? -1 : undefined;
}

/** Several factors, whatever the identity. */
export function isMultiFactor(acr: Acr): boolean {
  return acrAtLeast(acr, 'eidas0-mfa');
}

/** What a level is worth with one more factor of the weakest kind; undefined when it adds nothing to what it has. */
export function withSecondFactor(acr: Acr): Acr | undefined {
  if (acr === 'eidas0') return 'eidas0-mfa';
  return acr === 'eidas1' ? 'eidas1-mfa' : undefined;
}
