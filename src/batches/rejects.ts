import { stringify } from 'csv-stringify/sync';
import type { Cells } from './read-list.ts';

interface Rejected {
  readonly line: number;
  readonly cells: Cells;
  /** In words. */
  readonly why: string;
}

/** The columns of a list as we write them; those after the fourth are passed over when it is sent again. */
const columns = [
  { key: 'identifier', header: 'Identifiant' },
  { key: 'name', header: 'Nom' },
  { key: 'email', header: 'Courriel' },
  { key: 'endsOn', header: 'Date de fin' },
] as const;

/**
 * The lines that were left out, in the columns in which they came, with why: to mend, and to send again. Never run by a
 * spreadsheet: what it would take for a formula is quoted as text (OWASP, CSV injection).
 */
export const rejectsCsv = (rejected: readonly Rejected[]): string =>
  stringify(
    rejected.map(({ line, cells, why }) => ({ ...cells, line, why })),
    {
      header: true,
      columns: [...columns, { key: 'line', header: 'Ligne' }, { key: 'why', header: 'À corriger' }],
      delimiter: ';',
      bom: true,
      record_delimiter: 'windows',
      escape_formulas: true,
    },
  );

/** A list to fill in: with the mark that makes spreadsheets read UTF-8. The number of the example is nobody's: left in, it is a line to mend. */
export const listTemplate = {
  name: 'lot-organisations.csv',
  mediaType: 'text/csv; charset=utf-8',
  text: [
    `\ufeff${columns.map(({ header }) => header).join(';')}`,
    '000000018;Exemple à remplacer : association fictive;contact@association.example;31/12/2028',
    '',
  ].join('\r\n'),
} as const;
