import type { FoundOrganization } from '../register/register.ts';
import type { Known, LineReason } from './judge.ts';
import { newcomerOf } from './newcomer.ts';
import type { Newcomer } from './newcomer.ts';
import { numbersOf, sirensOf } from './own-cells.ts';
import type { Cells } from './read-list.ts';

/** Whom a line is about: somebody that the register holds, somebody that it may enter, or nobody. */
export interface Whom {
  readonly organization?: FoundOrganization | undefined;
  /** It is not in the register yet. */
  readonly newcomer?: Newcomer | undefined;
  readonly reason?: LineReason | undefined;
  readonly about?: string | undefined;
}

/**
 * What the register holds goes before what a line says. Every number of the line leads to the same organization, or nobody
 * knows which one is meant.
 */
export function whomOf(cells: Cells, known: Pick<Known, 'organizations' | 'communeOf'>): Whom {
  const numbers = numbersOf(cells);
  const found = new Map(
    numbers.flatMap((number) => known.organizations.get(number) ?? []).map((one) => [one.id, one]),
  );
  const [organization, ...others] = found.values();
  if (organization === undefined) {
    const read = newcomerOf(cells, known.communeOf);
    if ('reason' in read) return read;
    const { newcomer } = read;
    return numbers.every((number) => newcomer.numbers.includes(number))
      ? { newcomer, organization: newcomer.organization }
      : { reason: 'identifiers_differ' };
  }
  const isOneNumber = numbers.length === 1;
  if (others.length > 0) return { organization, reason: isOneNumber ? 'several' : 'identifiers_differ' };
  const { siren } = organization;
  if (siren !== undefined && sirensOf(cells).some((one) => one !== siren))
    return { organization, reason: 'identifiers_differ' };
  return { organization };
}
