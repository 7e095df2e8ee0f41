import { csvRows } from './csv.ts';
import { asUtf8 } from './encoding.ts';
import type { Inspection } from './inspect.ts';
import { jsonEntries } from './json.ts';
import type { JsonEntry } from './json.ts';
import type { DataFile } from './open-file.ts';
import { openParquet } from './parquet.ts';
import { refuse } from './refuse.ts';
import type { TableFile, TableRow } from './table-file.ts';

export interface TableOptions {
  readonly separator: string;
  /** Which columns of the header will be read. */
  readonly wanted: (header: readonly string[]) => readonly string[];
}

/** @throws BrokerError M-IMPT-001 when there is no header */
export async function openTable(
  file: DataFile,
  inspection: Inspection,
  { separator, wanted }: TableOptions,
): Promise<TableFile> {
  if (inspection.form === 'parquet') return openParquet(file.path, wanted);
  let read = 0;
  const bytes = asUtf8(
    counted(file.bytes(), (length) => (read += length)),
    inspection.encoding,
  );
  return inspection.form === 'csv'
    ? withFraction(csvRows(bytes, { path: file.path, separator }), csvTable)
    : withFraction(jsonEntries(bytes, file.path), jsonTable);

  async function withFraction<Part>(
    parts: AsyncGenerator<Part>,
    table: (parts: AsyncGenerator<Part>) => Promise<HeaderAndRows | undefined>,
  ): Promise<TableFile> {
    const close = async (): Promise<void> => {
      await parts.return(undefined);
    };
    const found = await table(parts);
    if (found === undefined) refuse(file.path, 'it is neither a table, nor JSON objects.');
    return { ...found, fraction: () => read / inspection.byteLength, close };
  }
}

interface HeaderAndRows {
  readonly header: readonly string[];
  readonly rows: AsyncIterable<readonly TableRow[]>;
}

async function csvTable(source: AsyncGenerator<readonly TableRow[]>): Promise<HeaderAndRows | undefined> {
  const first = await source.next();
  const [header, ...others] = first.done === true ? [] : first.value;
  if (header === undefined) return undefined;
  return { header: header.values.map((name) => name.trim()), rows: preceded(others, source) };
}

/** The names of the first entries stand for a header: an entry may leave out what it does not know. */
async function jsonTable(source: AsyncGenerator<readonly JsonEntry[]>): Promise<HeaderAndRows | undefined> {
  const first = await source.next();
  const entries = first.done === true ? [] : first.value;
  const header = [...new Set(entries.flatMap((entry) => [...(entry?.keys() ?? [])]))];
  if (header.length === 0) return undefined;
  async function* rows(): AsyncGenerator<readonly TableRow[]> {
    let line = 0;
    for await (const some of preceded(entries, source))
      yield some.map((entry) => {
        line += 1;
        return {
          line,
          values: header.map((name) => entry?.get(name) ?? ''),
          wrong: entry === undefined ? 'not_an_object' : undefined,
        };
      });
  }
  return { header, rows: rows() };
}

async function* preceded<T>(
  first: readonly T[],
  rest: AsyncIterable<readonly T[]>,
): AsyncGenerator<readonly T[]> {
  if (first.length > 0) yield first;
  yield* rest;
}

async function* counted(bytes: AsyncIterable<Buffer>, add: (length: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    add(chunk.length);
    yield chunk;
  }
}
