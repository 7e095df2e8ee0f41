import type { Importer, Item, Reading, Row, Wrong } from './importer.ts';
import type { WrongReason } from './wrong-reasons.ts';

/** What a rule answers for a cell that is wrong. */
export class Refusal {
  readonly reason: WrongReason;
  constructor(reason: WrongReason) {
    this.reason = reason;
  }
}

export const refuse = (reason: WrongReason): Refusal => new Refusal(reason);

/**
 * Reads one cell.
 *
 * @param text without the spaces around it; '' when the source says nothing, or masks it
 * @returns undefined when the source says nothing
 */
export type CellRule<Value> = (text: string) => Value | Refusal | undefined;

/**
 * The cells of one line, read by rules. A wrong value of an essential column refuses the line, for the first reason that
 * is found; a wrong value of another column is left out, and named beside what the line says.
 */
export interface Cells {
  /** Without the spaces around it; '' when it is empty or masked. */
  text(column: string): string;
  /** @returns undefined as well when the cell is wrong, which `reading` then says */
  read<Value>(column: string, rule: CellRule<Value>): Value | undefined;
  /** For what only several cells together show, and for what the line lacks: refuses it, whatever the column. */
  refuse(column: string, reason: WrongReason): void;
  /** What the line says, unless it is refused. */
  reading(items: readonly Item[]): Reading;
}

/** What INSEE puts in place of what it may not show (statut de diffusion P). */
const MASKED = '[ND]';

/** @param importer.essential the columns whose wrong values refuse the line */
export function cellsOf(row: Row, { essential }: Pick<Importer, 'essential'>): Cells {
  let wrong: Wrong | undefined;
  let wrongValues: Wrong[] | undefined;
  const text = (column: string): string => {
    const trimmed = row.get(column).trim();
    return trimmed === MASKED ? '' : trimmed;
  };
  const refuseLine = (column: string, reason: WrongReason): void => {
    wrong ??= { column, value: row.get(column), reason };
  };
  return {
    text,
    read: (column, rule) => {
      const value = rule(text(column));
      if (!(value instanceof Refusal)) return value;
      if (essential.includes(column)) refuseLine(column, value.reason);
      else (wrongValues ??= []).push({ column, value: row.get(column), reason: value.reason });
      return undefined;
    },
    refuse: refuseLine,
    reading: (items) => {
      if (wrong !== undefined) return { wrong };
      return wrongValues === undefined ? { items } : { items, wrongValues };
    },
  };
}
