import { longestText, tidy } from '../organizations/organizations.ts';
import { refuse } from './cells.ts';
import type { CellRule } from './cells.ts';

export { tidy };

export const optionalText: CellRule<string> = (text) => {
  const tidied = tidy(text);
  if (tidied === '') return undefined;
  return tidied.length <= longestText ? tidied : refuse('too_long');
};

/** How a spreadsheet recognizes a formula (OWASP, CSV injection); TAB and CR are gone after `tidy`. */
const FORMULA = /^[=+\-@]/;

/** For files that people write. A register's `@venir` is a name; what we publish of it is made harmless on the way out. */
export const handwrittenText: CellRule<string> = (text) => {
  const read = optionalText(text);
  return typeof read === 'string' && FORMULA.test(read) ? refuse('formula') : read;
};
