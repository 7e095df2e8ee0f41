import { Readable } from 'node:stream';
import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';
import { csvRows, ownColumns } from '../importers/importers.ts';
import type { OwnColumn } from '../importers/importers.ts';
import { listText } from '../registrations/registrations.ts';
import { limits } from './rules.ts';

/** Columns of a list, by the name of the field; the first name of each is the one that we write. */
export const columns = {
  identifier: ['Identifiant', 'SIREN ou RNA', 'Numéro'],
  name: ['Nom', 'Nom de l’organisation', 'Dénomination', 'Organisation', 'Raison sociale'],
  email: ['Courriel', 'Adresse électronique', 'E-mail', 'Mail', 'Contact'],
  endsOn: ['Date de fin', 'Fin', 'Jusqu’au'],
} as const;
type Field = keyof typeof columns;
const fields = Object.keys(columns).filter((name): name is Field => name in columns);
/** Of our own form, these name the organization, in whatever letters; each may stand alone for `Identifiant`. */
const numbers = ['siren', 'siret', 'rna', 'local_register'] as const satisfies readonly OwnColumn[];

/** As they were typed: what they mean is judged each time the lot is read. */
export const cellsSchema = z.object({
  identifier: z.string(),
  name: z.string(),
  email: z.string(),
  endsOn: z.string(),
  /** What stands in columns of our own form (docs/importing.md): for organizations that no register holds. */
  own: z.partialRecord(z.enum(ownColumns), z.string()).optional(),
  /** The line has not as many cells as the header. */
  broken: z.boolean().optional(),
});
export type Cells = z.output<typeof cellsSchema>;

export interface TypedLine {
  /** In the file, from 1: the header is the first. */
  readonly line: number;
  readonly cells: Cells;
}

/** A cell is a number, a name, an address or a day: longer than this it is none. */
const longestCell = 300;
/** What is too long for the register is refused as such: it is not made shorter first. */
const longestOwn = 1_000;

/** Why a file is no list: the words are in the locales. */
export const listProblems = [
  'too_large',
  'no_text',
  'empty',
  'nobody',
  'too_many_lines',
  'too_many_columns',
  'column_twice',
  'no_identifier',
  'open_quote',
] as const;
export type ListProblem = (typeof listProblems)[number];

export type ListRead =
  | { readonly kind: 'list'; readonly lines: readonly TypedLine[] }
  | { readonly kind: 'refused'; readonly problem: ListProblem };

const refused = (problem: ListProblem): ListRead => ({ kind: 'refused', problem });

/** The list as it was sent: `;`, `,` or tabs, UTF-8 or what older spreadsheets write, any line end, quotes. */
export async function readList(bytes: Buffer): Promise<ListRead> {
  if (bytes.length > limits.bytes) return refused('too_large');
  const text = listText(bytes).replace(/^\ufeff/u, '');
  // Tables of a spreadsheet program, images and UTF-16 hold these; lists that people type do not.
  if (/[^\P{Cc}\t\n\r\u0080-\u009f]/u.test(text)) return refused('no_text');
  const start = text.search(/\S/u);
  if (start === -1) return refused('empty');
  const [first = ''] = text.slice(start).split(/[\r\n]/u, 1);
  const separator = separatorOf(first);
  // Before a million cells are made of it.
  if (first.split(separator).length > limits.columns) return refused('too_many_columns');
  const rows = await table(text, separator);
  if (rows === undefined) return refused('open_quote');
  const [header, ...others] = rows;
  if (header === undefined) return refused('empty');
  const positions = positionsOf(header.values);
  if (typeof positions === 'string') return refused(positions);
  const lines = others.map(({ line, values }) => {
    const at = (position: number | undefined): string => tidy(values[position ?? -1] ?? '');
    const cell = (field: Field): string =>
      at(positions.fields.get(field)).slice(0, longestCell).toWellFormed();
    const own = [...positions.own]
      .map(([column, position]) => [column, at(position).slice(0, longestOwn).toWellFormed()] as const)
      .filter(([, text]) => text !== '');
    const typed = new Map(own);
    const number = numbers.map((column) => typed.get(column)).find((text) => text !== undefined);
    // A quotation mark too many moves the cells of its line: what stands under a column is then something else.
    const broken = values.slice(header.values.length).some((one) => one.trim() !== '');
    return {
      line,
      cells: {
        identifier: cell('identifier') || (number ?? ''),
        name: cell('name') || (typed.get('name') ?? '').slice(0, longestCell),
        email: cell('email'),
        endsOn: cell('endsOn'),
        ...(positions.isOwn && own.length > 0 && { own: Object.fromEntries(own) }),
        ...(broken && { broken }),
      },
    };
  });
  if (lines.length === 0) return refused('nobody');
  return lines.length > limits.lines ? refused('too_many_lines') : { kind: 'list', lines };
}

interface Row {
  readonly line: number;
  readonly values: readonly string[];
}

/** Rows that hold something. Undefined when a quotation mark is never closed. */
async function table(text: string, separator: string): Promise<readonly Row[] | undefined> {
  // The reading knows two line ends; the one of old Macintoshes is a third.
  const bytes = Readable.from([Buffer.from(text.replaceAll(/\r(?!\n)/gu, '\n'))]);
  const rows: Row[] = [];
  try {
    for await (const some of csvRows(bytes, { path: 'list', separator }))
      for (const { line, values } of some) {
        // Header and lines: of what is too long, one line more than may be there is read.
        if (rows.length > limits.lines + 1) return rows;
        if (values.some((value) => value.trim() !== '')) rows.push({ line, values });
      }
  } catch (error) {
    if (error instanceof BrokerError && error.code === 'M-IMPT-006') return undefined;
    throw error;
  }
  return rows;
}

/** The one that stands most often in the header; a list of one column has none. */
function separatorOf(header: string): string {
  const times = (separator: string): number => header.split(separator).length;
  return [';', ',', '\t'].toSorted((one, other) => times(other) - times(one))[0] ?? ';';
}

/** Putting accents in order is quadratic in a run of them: a column that we know has a short name. */
const plain = (name: string): string =>
  (name.length > longestCell ? '' : name)
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase();

interface Positions {
  readonly fields: ReadonlyMap<Field, number>;
  readonly own: ReadonlyMap<OwnColumn, number>;
  /** Whether it holds more of our own form than the number of each organization. */
  readonly isOwn: boolean;
}

const ownColumnOf = (name: string): OwnColumn | undefined =>
  numbers.find((column) => plain(column) === plain(name)) ??
  ownColumns.find((column) => column === name.trim());

function positionsOf(header: readonly string[]): Positions | ListProblem {
  const positions = new Map<Field, number>();
  const own = new Map<OwnColumn, number>();
  for (const [position, name] of header.entries()) {
    const column = ownColumnOf(name);
    const field = fields.find((one) => columns[one].some((known) => plain(known) === plain(name)));
    if ((column !== undefined && own.has(column)) || (field !== undefined && positions.has(field)))
      return 'column_twice';
    if (column !== undefined) own.set(column, position);
    else if (field !== undefined) positions.set(field, position);
  }
  const named = numbers.filter((column) => own.has(column));
  const [, , vague] = columns.identifier;
  // Beside another number, « Numéro » is that of something else.
  if (named.length > 0 && header.some((name) => plain(name) === plain(vague))) return 'column_twice';
  const count = named.length + (positions.has('identifier') ? 1 : 0);
  if (count === 0) return 'no_identifier';
  return { fields: positions, own, isOwn: count > 1 || own.size > named.length };
}

/** Marks that show nothing are left out: they would make a name read otherwise than it is kept. */
function tidy(cell: string): string {
  const seen = cell
    .toWellFormed()
    .replace(/(?![\u200c\u200d])[\p{Cf}\p{Cc}]+/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  return seen.length > 2 * longestOwn ? seen : seen.normalize('NFC');
}
