import { CsvError, parse } from 'csv-parse/sync';
import type { InfoRecord } from 'csv-parse/sync';
import { BrokerError } from '../../errors/errors.ts';
import type { TableRow } from './table-file.ts';

/** A record is some hundreds of bytes: one of a megabyte is a quotation mark that nobody closed, or no table at all. */
const largestRecord = 1_000_000;
/** No letter of UTF-8 has more bytes for one unit of a text. */
const mostBytes = 3;
const [lineEnd = 0, quotationMark = 0] = Buffer.from('\n"');

/**
 * RFC 4180, with any line end. The first record is the header: it is given like the others.
 *
 * A line without quotation marks is cut at its separators: that is all the standard has to say of it (§2.4), and it costs
 * a quarter of what csv-parse takes to look at each letter. csv-parse reads the others, run by run.
 *
 * @param bytes UTF-8, without a byte order mark
 * @throws BrokerError M-IMPT-006 when a record is over 1 MB
 */
export async function* csvRows(
  bytes: AsyncIterable<Buffer>,
  where: { readonly path: string; readonly separator: string },
): AsyncGenerator<readonly TableRow[]> {
  const reader = createReader(where);
  let rest: Buffer = Buffer.alloc(0);
  let enough = 0;
  for await (const chunk of bytes) {
    const buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const { rows, used } = buffer.length < enough ? { rows: [], used: 0 } : reader.read(buffer, false);
    rest = buffer.subarray(used);
    // A record that does not end here is read anew: each time with twice as much, so that each byte is read twice or so.
    if (buffer.length >= enough) enough = 2 * rest.length;
    if (rows.length > 0) yield rows;
  }
  const { rows } = reader.read(rest, true);
  if (rows.length > 0) yield rows;
}

/** Whole records of a buffer, and how many bytes of it they are. */
interface Read {
  readonly rows: readonly TableRow[];
  readonly used: number;
}

function createReader({ path, separator }: { readonly path: string; readonly separator: string }) {
  let line = 1;
  let columns: number | undefined;

  function add(rows: TableRow[], values: readonly string[], lines: number): void {
    const first = line;
    line += lines;
    if (values.length === 1 && values[0] === '') return;
    columns ??= values.length;
    rows.push({ line: first, values, wrong: values.length === columns ? undefined : 'column_count' });
  }

  /** @returns bytes of the run that are whole records: what is left is a value with line ends that goes on after it */
  function addQuoted(rows: TableRow[], run: Buffer, isLast: boolean): number {
    let used = 0;
    let lastLine = 0;
    const onRecord = (values: string[], info: InfoRecord): null => {
      // The library counts a line end of two bytes inside quotation marks twice: what is inside is counted here.
      add(rows, values, 1 + (info.lines === lastLine + 1 ? 0 : lineEnds(values)));
      lastLine = info.lines;
      used = info.bytes;
      return null;
    };
    try {
      parse(run, {
        delimiter: separator,
        // Both may stand in one file; named, they spare the library the search for others, a fifth of its time.
        record_delimiter: ['\n', '\r\n'],
        relax_column_count: true,
        // A quotation mark inside a value that has none around it is a letter like another one.
        relax_quotes: true,
        max_record_size: largestRecord,
        on_record: onRecord,
      });
    } catch (error) {
      const isOpen = error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED';
      if (!isOpen || isLast) throw broken(error, { path, line, hasQuote: run.includes(quotationMark, used) });
      return used;
    }
    return run.length;
  }

  return {
    /** @param isLast nothing follows the buffer: its end is the end of a record */
    read(buffer: Buffer, isLast: boolean): Read {
      const rows: TableRow[] = [];
      const end = isLast ? buffer.length : buffer.lastIndexOf(lineEnd) + 1;
      let at = 0;
      while (at < end) {
        const after = afterLine(buffer, at, end);
        const text = plainLine(buffer, at, after);
        if (text !== undefined) {
          add(rows, text.split(separator), 1);
          at = after;
          continue;
        }
        let runEnd = after;
        for (let next = runEnd; next < end; runEnd = next) {
          next = afterLine(buffer, runEnd, end);
          if (plainLine(buffer, runEnd, next) !== undefined) break;
        }
        at += addQuoted(rows, buffer.subarray(at, runEnd), isLast && runEnd === end);
        if (at === runEnd) continue;
        // A value goes on after the run: as far as the buffer holds, or else in the next one.
        if (runEnd === end) break;
        at += addQuoted(rows, buffer.subarray(at, end), isLast);
        if (at < end) break;
      }
      if (end === 0 && buffer.length > largestRecord)
        throw tooLong({ path, line, hasQuote: buffer.includes(quotationMark) });
      return { rows, used: at };
    },
  };
}

/** Where the next line begins. */
function afterLine(buffer: Buffer, from: number, end: number): number {
  const at = buffer.indexOf(lineEnd, from);
  return at === -1 || at >= end ? end : at + 1;
}

/** A line without its end; undefined when it takes more than its separators to read it. */
function plainLine(buffer: Buffer, from: number, after: number): string | undefined {
  if (after - from > largestRecord / mostBytes) return undefined;
  const isEnded = buffer[after - 1] === lineEnd;
  const text = buffer.toString('utf8', from, isEnded ? after - 1 : after);
  if (text.includes('"')) return undefined;
  const inner = isEnded && text.endsWith('\r') ? text.slice(0, -1) : text;
  return inner.includes('\r') ? undefined : inner;
}

const lineEnds = (values: readonly string[]): number =>
  values.reduce((sum, value) => sum + (value.match(/\r\n|\n|\r/g)?.length ?? 0), 0);

interface BrokenAt {
  readonly path: string;
  readonly line: number;
  readonly hasQuote: boolean;
}

function broken(error: unknown, at: BrokenAt): unknown {
  if (!(error instanceof CsvError)) return error;
  if (error.code === 'CSV_MAX_RECORD_SIZE') return tooLong(at, error);
  const detail = `${at.path}: line ${at.line} opens a quotation mark that nothing closes.`;
  return new BrokerError('M-IMPT-006', { detail, cause: error });
}

function tooLong({ path, line, hasQuote }: BrokenAt, cause?: Error): BrokerError {
  const unclosed = hasQuote ? 'a quotation mark may be missing there, or ' : '';
  const detail = `${path}: line ${line} begins a record of more than 1 MB: ${unclosed}a value is far too long.`;
  return new BrokerError('M-IMPT-006', { detail, cause });
}
