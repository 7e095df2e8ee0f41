import { readOwnLine } from '../importers/importers.ts';
import type { OwnCells, OwnColumn, WrongReason } from '../importers/importers.ts';
import { identify, isSiren } from '../organizations/organizations.ts';
import type { StatedFacts } from '../organizations/organizations.ts';
import type { LineReason } from './judge.ts';
import type { Cells } from './read-list.ts';

/** Columns that say which organization a line is about, and nothing of it. */
const identifying: readonly OwnColumn[] = ['siren', 'siret', 'rna', 'local_register'];

/** What a line names, as the registers keep it: a SIREN, an RNA number, an entry in the register of a court. */
export function numberOf(identifier: string): { readonly number: string } | { readonly reason: LineReason } {
  const typed = identifier.trim();
  if (typed === '') return { reason: 'identifier_missing' };
  if (typed.startsWith('AM-')) return { number: typed };
  const found = identify(identifier);
  switch (found.kind) {
    case 'siren':
    case 'siret':
    case 'vat':
      return { number: found.siren };
    case 'rna':
      return { number: found.rna };
    case 'invalid':
      return { reason: found.reason === 'luhn' ? 'identifier_key' : 'identifier_malformed' };
  }
}

/** Every number of a line that is one, the first is that of its identifier. */
export const numbersOf = ({ identifier, own }: Cells): readonly string[] => [
  ...new Set(
    [identifier, ...identifying.map((column) => own?.[column] ?? '')].flatMap((typed) => {
      const read = numberOf(typed);
      return 'number' in read ? [read.number] : [];
    }),
  ),
];

/** The SIRENs among them: two are those of two organizations. */
export const sirensOf = (cells: Cells): readonly string[] => numbersOf(cells).filter(isSiren);

/** Whether a line says what an organization is, beside which one. */
export const describes = ({ own = {} }: Cells): boolean =>
  Object.entries(own).some(
    ([column, text]) => text !== '' && column !== 'name' && !identifying.some((one) => one === column),
  );

/** The line in the columns of our own form: a number typed as `Identifiant` is that of the column that it belongs to. */
export function ownCellsOf({ identifier, name, own }: Cells): OwnCells {
  const found = identify(identifier);
  const number: OwnCells =
    found.kind === 'siret'
      ? { siret: found.siret }
      : found.kind === 'siren' || found.kind === 'vat'
        ? { siren: found.siren }
        : found.kind === 'rna'
          ? { rna: found.rna }
          : identifier.startsWith('AM-')
            ? { local_register: identifier }
            : {};
  return { ...number, ...(name !== '' && { name }), ...own };
}

/**
 * What enters the register of a line: neither that the organization is open, nor that it serves the public. It is there as
 * long as no register says otherwise, and those who say otherwise say it without a word of ours against them.
 */
export const enteredCellsOf = (cells: Cells): OwnCells =>
  without(ownCellsOf(cells), ['state', 'public', 'facets']);

/** For the record, that keeps what it is told: a mailbox may be somebody's. */
export const withoutMailbox = (cells: OwnCells): OwnCells => without(cells, ['contact_email']);

const without = (cells: OwnCells, columns: readonly OwnColumn[]): OwnCells =>
  Object.fromEntries(Object.entries(cells).filter(([name]) => columns.every((one) => one !== name)));

/** Why a line of our own form cannot be used: a column and what is wrong with it, or what it is about. */
export type OwnProblem = { readonly reason: LineReason; readonly about?: string | undefined };

/** A cell and what is wrong with it, in one text that can be kept. */
export const cellProblem = (column: string, reason: WrongReason): string => `${column} ${reason}`;

export interface OwnRead {
  readonly facts: StatedFacts;
  readonly numbers: {
    readonly siren: string | undefined;
    readonly rna: string | undefined;
    readonly localRegister: string | undefined;
  };
  readonly establishment: { readonly siret: string; readonly state: 'A' | 'F' } | undefined;
  /** Cells that are wrong and that the line goes without. */
  readonly unread: readonly string[];
}

/** One reading of these columns, that of `maillon import organizations`. */
export function readOwn(cells: OwnCells): OwnRead | OwnProblem {
  const reading = readOwnLine(cells);
  // Sole traders, and groupings of natural persons.
  if ('leftOut' in reading) return { reason: 'natural_person' };
  if ('wrong' in reading)
    return { reason: 'cell_wrong', about: cellProblem(reading.wrong.column, reading.wrong.reason) };
  const organization = reading.items.find((item) => item.kind === 'organization')?.record;
  const establishment = reading.items.find((item) => item.kind === 'establishment')?.record;
  // A line about another site than the head office says nothing of its organization.
  if (organization === undefined) return { reason: 'not_head_office' };
  const { siren, rna, localRegister, facts } = organization;
  return {
    facts,
    numbers: { siren, rna, localRegister },
    establishment,
    unread: (reading.wrongValues ?? []).map(({ column, reason }) => cellProblem(column, reason)),
  };
}
