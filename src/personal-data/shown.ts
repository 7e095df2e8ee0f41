import { inventory } from './inventory.ts';
import type { Part } from './inventory.ts';
import type { FactName, FactValue } from './item.ts';
import type { PartRead } from './read.ts';

export interface PartShown {
  readonly part: Part;
  readonly basis: readonly string[];
  readonly items: readonly {
    readonly facts: readonly { readonly fact: FactName; readonly value: FactValue }[];
  }[];
  readonly more: boolean;
}

/** As both pages show it: the person's own, and the console's. */
export const partShown = ({ part, items, more }: PartRead): PartShown => ({
  part,
  basis: inventory[part].basis,
  items: items.map(({ facts }) => ({
    facts: facts.flatMap(([fact, value]) => (value === undefined ? [] : [{ fact, value }])),
  })),
  more,
});
