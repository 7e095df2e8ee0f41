import { stringify } from 'csv-stringify/sync';
import { ownColumns } from '../importers/importers.ts';
import type { Cells } from './read-list.ts';

interface Rejected {
  readonly line: number;
  readonly cells: Cells;
  /** In words. */
  readonly why: string;
}

/** The columns of a list as we write them, before those of our own form; what follows is passed over when it is sent again. */
const columns = [
  { key: 'Identifiant', header: 'Identifiant' },
  { key: 'Nom', header: 'Nom' },
  { key: 'Courriel', header: 'Courriel' },
  { key: 'Date de fin', header: 'Date de fin' },
] as const;
/** By the header, so that no column of our own form has the same key. */
const cellsOf = ({ identifier, name, email, endsOn }: Cells) => ({
  Identifiant: identifier,
  Nom: name,
  Courriel: email,
  'Date de fin': endsOn,
});

/**
 * The lines that were left out, in the columns in which they came, with why: to mend, and to send again. Never run by a
 * spreadsheet: what it would take for a formula is quoted as text (OWASP, CSV injection).
 */
export function rejectsCsv(rejected: readonly Rejected[]): string {
  const own = ownColumns.filter((column) => rejected.some(({ cells }) => cells.own?.[column] !== undefined));
  return stringify(
    rejected.map(({ line, cells: { own: described, ...cells }, why }) => ({
      ...described,
      ...cellsOf(cells),
      line,
      why,
    })),
    {
      header: true,
      columns: [
        ...columns,
        ...own.map((column) => ({ key: column, header: column })),
        { key: 'line', header: 'Ligne' },
        { key: 'why', header: 'À corriger' },
      ],
      delimiter: ';',
      bom: true,
      record_delimiter: 'windows',
      escape_formulas: true,
    },
  );
}

/** What describes an organization that no register holds; a line of another one leaves them empty. */
const described = [
  'siret',
  'legal_category',
  'head_office',
  'establishment_state',
  'commune',
  'local_register',
] as const;

/** A list to fill in: with the mark that makes spreadsheets read UTF-8. The numbers of the examples are nobody's: left in, they are lines to mend. */
export const listTemplate = {
  name: 'lot-organisations.csv',
  mediaType: 'text/csv; charset=utf-8',
  text: [
    `\ufeff${[...columns.map(({ header }) => header), ...described].join(';')}`,
    '000000018;Exemple à remplacer : association fictive;contact@association.example;31/12/2028;;;;;;',
    '000000026;Exemple à remplacer : association absente des registres;;;00000002600001;9260;oui;A;57463;AM-METZ-1-1',
    '',
  ].join('\r\n'),
} as const;
