import { refuse } from './cells.ts';
import type { CellRule } from './cells.ts';

/** Space, no-break space, narrow no-break space: what French writes between thousands. */
const THOUSANDS = /[ \u00a0\u202f]/g;

/**
 * A number of people: `0` is one (six villages of the Meuse), an empty cell is none. BANATIC writes thousands apart, and
 * spreadsheets leave `.0` behind.
 */
export const inhabitants: CellRule<number> = (text) => {
  const digits = text.replace(THOUSANDS, '').replace(/\.0$/, '');
  if (digits === '') return undefined;
  // France has 69 million inhabitants.
  return /^[0-9]{1,8}$/.test(digits) ? Number(digits) : refuse('inhabitants_malformed');
};
