import { asyncBufferFromFile, parquetMetadataAsync, parquetScan, parquetSchema } from 'hyparquet';
import type { DecodedArray, FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { refuse } from './refuse.ts';
import type { TableFile, TableRow } from './table-file.ts';

/** What is decompressed at once, all columns together. */
const sliceBytes = 12_000_000;
/** Nor more rows than this, and not less: a page that two slices share is decompressed twice. */
const [fewestRows, mostRows] = [10_000, 50_000];
const handful = 1_000;

/**
 * @param wanted columns to read; the others are never decompressed
 * @throws BrokerError M-IMPT-001 when the file is cut short (its table of contents is at the end), or not flat
 */
export async function openParquet(
  path: string,
  wanted: (header: readonly string[]) => readonly string[],
): Promise<TableFile> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file).catch((cause: unknown) =>
    refuse(path, 'it is cut short, or not Parquet.', cause),
  );
  const header = parquetSchema(metadata).children.map(({ element }) => element.name);
  const columns = [...wanted(header)];
  const total = Number(metadata.num_rows);
  let given = 0;

  const scan = await parquetScan({ file, metadata, columns, compressors });
  async function* rows(): AsyncGenerator<readonly TableRow[]> {
    for (const { rowStart, rowEnd } of slices(metadata, columns)) {
      const held = new Map<string, DecodedArray>();
      for (const column of columns)
        held.set(
          column,
          await scan
            .readColumn({ column, rowStart, rowEnd })
            .catch((cause: unknown) => refuse(path, `it is damaged after row ${rowStart}.`, cause)),
        );
      const byPosition = header.map((column) => held.get(column));
      for (let from = rowStart; from < rowEnd; from += handful) {
        const to = Math.min(from + handful, rowEnd);
        given = to;
        yield Array.from({ length: to - from }, (_, index) => ({
          line: from + index + 1,
          values: byPosition.map((values) => asText(values?.[from - rowStart + index])),
        }));
      }
    }
  }
  return {
    header,
    rows: rows(),
    fraction: () => (total === 0 ? 1 : given / total),
    // Nothing stays open between two slices.
    close: async () => undefined,
  };
}

/** Never across two row groups, so that one is read at a time. */
function* slices(
  { row_groups: rowGroups }: FileMetaData,
  columns: readonly string[],
): Generator<{ readonly rowStart: number; readonly rowEnd: number }> {
  let start = 0;
  for (const group of rowGroups) {
    const rows = Number(group.num_rows);
    const bytes = group.columns
      .filter(({ meta_data: meta }) => columns.includes(meta?.path_in_schema[0] ?? ''))
      .reduce((sum, { meta_data: meta }) => sum + Number(meta?.total_uncompressed_size ?? 0), 0);
    const fitting = Math.floor((sliceBytes * rows) / Math.max(bytes, 1));
    const step = Math.max(fewestRows, Math.min(fitting, mostRows));
    for (let from = start; from < start + rows; from += step)
      yield { rowStart: from, rowEnd: Math.min(from + step, start + rows) };
    start += rows;
  }
}

/** As the CSV of the same register would write it. */
function asText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      if (value instanceof Date)
        return value
          .toISOString()
          .replace(/T00:00:00\.000Z$/, '')
          .replace(/Z$/, '');
      return value === null || value === undefined ? '' : JSON.stringify(value);
  }
}
