import { CsvError, parse } from 'csv-parse';
import type { InfoRecord } from 'csv-parse';
import { BrokerError } from '../../errors/errors.ts';
import type { TableRow } from './table-file.ts';

/** A record is some hundreds of bytes: one of a megabyte is a quotation mark that nobody closed, or no table at all. */
const largestRecord = 1_000_000;
const [quotationMark = 0] = Buffer.from('"');

/**
 * RFC 4180, with any line end. The first record is the header: it is given like the others.
 *
 * csv-parse is fed chunk by chunk and hands records over by `on_record`: a third quicker than its stream of records.
 *
 * @param bytes UTF-8, without a byte order mark
 * @throws BrokerError M-IMPT-006 when a record is over 1 MB
 */
export async function* csvRows(
  bytes: AsyncIterable<Buffer>,
  { path, separator }: { readonly path: string; readonly separator: string },
): AsyncGenerator<readonly TableRow[]> {
  let rows: TableRow[] = [];
  let line = 1;
  let lastLine = 0;
  let columns: number | undefined;
  // Since the chunk in which the record under way begins.
  let hasQuote = false;
  const onRecord = (values: string[], info: InfoRecord): null => {
    const first = line;
    // The library counts a line end of two bytes inside quotation marks twice: what is inside is counted here.
    line += 1 + (info.lines === lastLine + 1 ? 0 : lineEnds(values));
    lastLine = info.lines;
    if (values.length === 1 && values[0] === '') return null;
    columns ??= values.length;
    rows.push({ line: first, values, wrong: values.length === columns ? undefined : 'column_count' });
    return null;
  };
  const parser = parse({
    delimiter: separator,
    // Both may stand in one file; named, they spare the library the search for others, a fifth of its time.
    record_delimiter: ['\n', '\r\n'],
    relax_column_count: true,
    // A quotation mark inside a value that has none around it is a letter like another one.
    relax_quotes: true,
    max_record_size: largestRecord,
    on_record: onRecord,
  });
  // Each failure comes back through the callback of the write that caused it.
  parser.on('error', () => undefined);
  const step = (feed: (done: (error?: Error | null) => void) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      feed((error) => {
        if (error instanceof Error) reject(broken(error, { path, line, hasQuote }));
        else resolve();
      });
    });
  const taken = (): readonly TableRow[] => {
    const full = rows;
    rows = [];
    return full;
  };
  for await (const chunk of bytes) {
    const quoted = chunk.includes(quotationMark);
    hasQuote ||= quoted;
    await step((done) => parser.write(chunk, done));
    if (rows.length === 0) continue;
    hasQuote = quoted;
    yield taken();
  }
  await step((done) => parser.end(done));
  if (rows.length > 0) yield taken();
}

const lineEnds = (values: readonly string[]): number =>
  values.reduce((sum, value) => sum + (value.match(/\r\n|\n|\r/g)?.length ?? 0), 0);

function broken(
  error: Error,
  { path, line, hasQuote }: { readonly path: string; readonly line: number; readonly hasQuote: boolean },
): Error {
  if (!(error instanceof CsvError)) return error;
  const unclosed = hasQuote ? 'a quotation mark may be missing there, or ' : '';
  const why =
    error.code === 'CSV_MAX_RECORD_SIZE'
      ? `begins a record of more than 1 MB: ${unclosed}a value is far too long`
      : 'opens a quotation mark that nothing closes';
  return new BrokerError('M-IMPT-006', { detail: `${path}: line ${line} ${why}.`, cause: error });
}
