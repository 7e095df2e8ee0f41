import { BrokerError } from '../../errors/errors.ts';
import type { Importer } from '../importer.ts';

/** How the header of a file differs from the register's, and where each column stands. */
export interface HeaderCheck {
  /** Position by column, as `columns` names it (`ptot_<year>`). */
  readonly positions: ReadonlyMap<string, number>;
  /** Digits that stand for `<year>`, by column. */
  readonly years: ReadonlyMap<string, string>;
  readonly missing: readonly string[];
  /** The register has no such column, as far as we know: not read. */
  readonly extra: readonly string[];
  readonly duplicated: readonly string[];
  readonly otherOrder: boolean;
}

const year = '<year>';

export function checkHeader(header: readonly string[], { columns }: Pick<Importer, 'columns'>): HeaderCheck {
  const named = header.map((name) => columns.find((column) => matches(column, name)));
  const positions = new Map<string, number>();
  const years = new Map<string, string>();
  const duplicated = new Set<string>();
  named.forEach((column, position) => {
    if (column === undefined) return;
    if (positions.has(column)) duplicated.add(column);
    positions.set(column, position);
    if (column.includes(year)) years.set(column, yearIn(header[position] ?? '', column));
  });
  const expected = columns.filter((column) => positions.has(column));
  const found = named.filter((column) => column !== undefined);
  return {
    positions,
    years,
    missing: columns.filter((column) => !positions.has(column)),
    extra: header.filter((_, position) => named[position] === undefined),
    duplicated: [...duplicated],
    otherOrder: duplicated.size === 0 && expected.some((column, index) => column !== found[index]),
  };
}

/** The names, as the file writes them, of what the importer reads. */
export function neededNames(header: readonly string[], importer: Importer): readonly string[] {
  const { positions } = checkHeader(header, importer);
  return needed(importer).flatMap((column) => header[positions.get(column) ?? -1] ?? []);
}

const needed = ({ required, optional = [] }: Importer): readonly string[] => [...required, ...optional];

/**
 * @throws BrokerError M-IMPT-002 when a column that is needed is missing or stands twice
 */
export function assertUsable(
  check: HeaderCheck,
  {
    path,
    header,
    importer,
    separator,
    others = [],
  }: {
    readonly path: string;
    readonly header: readonly string[];
    readonly importer: Importer;
    readonly separator: string;
    /** Whose file it may be instead. */
    readonly others?: readonly Importer[];
  },
): void {
  const missing = importer.required.filter((column) => check.missing.includes(column));
  const twice = check.duplicated.filter((column) => needed(importer).includes(column));
  const problems = [
    ...(missing.length === 0 ? [] : [`missing: ${missing.join(', ')}`]),
    ...(twice.length === 0 ? [] : [`twice: ${twice.join(', ')}`]),
  ];
  if (problems.length === 0) return;
  const all = [...problems, ...(check.extra.length === 0 ? [] : [`not known: ${listed(check.extra)}`])].join(
    '; ',
  );
  const owner = ownerOf(header, separator, others);
  if (owner !== undefined && owner !== importer.name)
    throw new BrokerError('M-IMPT-002', {
      detail: `${path} is a file for "maillon import ${owner}", not for ${importer.name}.`,
    });
  const other = otherSeparator(header, separator);
  const advice =
    other === undefined ? '' : ` The values seem to be separated by "${other}": try --separator "${other}".`;
  throw new BrokerError('M-IMPT-002', { detail: `${path}, as ${importer.name}: ${all}.${advice}` });
}

/** One line of the report. */
export function headerText(check: HeaderCheck): string {
  const differences = [
    ...(check.missing.length === 0 ? [] : [`missing, not needed: ${listed(check.missing)}`]),
    ...(check.extra.length === 0 ? [] : [`not known, not read: ${listed(check.extra)}`]),
    ...(check.duplicated.length === 0 ? [] : [`twice, not read: ${listed(check.duplicated)}`]),
    ...(check.otherOrder ? ['in another order than the register gives'] : []),
  ];
  const count = `${check.positions.size} columns`;
  return differences.length === 0
    ? `${count}, as the register gives them`
    : `${count}; ${differences.join('; ')}`;
}

const listed = (names: readonly string[]): string =>
  names
    .slice(0, 12)
    .map((name) => name.slice(0, 80).replaceAll(/\p{Cc}/gu, ' '))
    .join(', ') + (names.length > 12 ? ` and ${names.length - 12} more` : '');

function matches(column: string, name: string): boolean {
  const [before = '', after] = column.split(year);
  if (after === undefined) return column === name;
  return name.startsWith(before) && name.endsWith(after) && /^[0-9]{4}$/.test(yearIn(name, column));
}

function yearIn(name: string, column: string): string {
  const [before = '', after = ''] = column.split(year);
  return name.slice(before.length, name.length - after.length);
}

/** Fewer columns than these are in many a table: a name, a number. */
const tellingColumns = 3;

/** The importer that reads such a header: of several, the one that knows most of its columns. */
function ownerOf(
  header: readonly string[],
  separator: string,
  importers: readonly Importer[],
): string | undefined {
  const other = otherSeparator(header, separator);
  const names = other === undefined ? header : (header[0] ?? '').split(other);
  const checked = importers
    .map((importer) => ({ importer, check: checkHeader(names, importer) }))
    .filter(({ importer, check }) => importer.required.every((column) => check.positions.has(column)))
    .toSorted((a, b) => b.check.positions.size - a.check.positions.size);
  const [best] = checked;
  return best === undefined || best.check.positions.size < tellingColumns ? undefined : best.importer.name;
}

/** The whole header in one column is what a wrong separator looks like. */
function otherSeparator(header: readonly string[], separator: string): string | undefined {
  if (header.length > 1) return undefined;
  return [',', ';', '\t', '|'].find((one) => one !== separator && header[0]?.includes(one) === true);
}
