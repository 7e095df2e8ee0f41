import { isAscii, isUtf8 } from 'node:buffer';
import { BrokerError } from '../../errors/errors.ts';
import type { Encoding } from '../importer.ts';

/** Byte order marks. */
const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);
const utf16Marks = ['fffe', 'feff'];

/** How the letters of a file are written, told from all its bytes before anything is written. */
export interface EncodingFound {
  readonly encoding: Encoding;
  /** Line of the first byte that UTF-8 cannot hold. */
  readonly notUtf8At: number | undefined;
  readonly zeroByte: boolean;
}

/**
 * Feed it the whole file, chunk by chunk. The first letter beyond ASCII tells UTF-8 from Windows-1252 (which holds
 * Latin-1); a file that goes on otherwise is neither.
 */
export function createEncodingFinder(path: string) {
  let begun = false;
  let line = 1;
  let seen: Encoding | undefined;
  let notUtf8At: number | undefined;
  let zeroByte = false;
  /** A letter cut in two by the end of a chunk. */
  let rest: Buffer = Buffer.alloc(0);

  const examine = (bytes: Buffer): void => {
    zeroByte ||= bytes.includes(0);
    if (notUtf8At !== undefined) return;
    if (!isAscii(bytes)) seen ??= firstLetterIsUtf8(bytes) ? 'utf-8' : 'windows-1252';
    if (!isUtf8(bytes)) notUtf8At = line + linesBeforeWrong(bytes);
    else line += newlines(bytes);
  };

  return {
    feed(chunk: Buffer): void {
      if (!begun && utf16Marks.includes(chunk.subarray(0, 2).toString('hex')))
        throw new BrokerError('M-IMPT-005', { detail: `${path} is UTF-16: save it as UTF-8.` });
      if (!begun && chunk.subarray(0, 3).equals(utf8Mark)) seen = 'utf-8';
      begun = true;
      const whole = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const end = whole.length - unfinished(whole);
      examine(whole.subarray(0, end));
      rest = Buffer.from(whole.subarray(end));
    },
    /**
     * @param asked by the operator: believed, and lines with bytes that are not of it are refused one by one
     * @throws BrokerError M-IMPT-005 when it begins as UTF-8 and does not go on so
     */
    found(asked: Encoding | undefined): EncodingFound {
      if (rest.length > 0) examine(rest);
      const encoding = asked ?? seen ?? 'utf-8';
      if (asked === undefined && encoding === 'utf-8' && notUtf8At !== undefined)
        throw new BrokerError('M-IMPT-005', {
          detail:
            `${path} is UTF-8 up to line ${notUtf8At}, which is not. ` +
            '--encoding utf-8 refuses such lines one by one; --encoding windows-1252 reads the whole file so.',
        });
      return { encoding, notUtf8At, zeroByte };
    },
  };
}

/** The bytes as UTF-8, without a byte order mark. */
export async function* asUtf8(bytes: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  const decoder = encoding === 'utf-8' ? undefined : new TextDecoder('windows-1252');
  let begun = false;
  for await (const chunk of bytes) {
    if (decoder === undefined) {
      // Chunks are 64 kB and more: the mark is never cut, except in files of less than three bytes.
      yield !begun && chunk.subarray(0, 3).equals(utf8Mark) ? chunk.subarray(3) : chunk;
    } else yield Buffer.from(decoder.decode(chunk, { stream: true }));
    begun = true;
  }
}

/** How many bytes at the end begin a letter that the next chunk ends: 0 to 3 (RFC 3629 §3). */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < letterLength(byte) ? back : 0;
  }
  return 0;
}

/** From its first byte (RFC 3629 §3). */
const letterLength = (byte: number): number => (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2);

function firstLetterIsUtf8(bytes: Buffer): boolean {
  const at = bytes.findIndex((byte) => byte >= 0x80);
  return isUtf8(bytes.subarray(at, at + letterLength(bytes[at] ?? 0)));
}

function linesBeforeWrong(bytes: Buffer): number {
  let lines = 0;
  for (let from = 0, to = bytes.indexOf(10); to !== -1; from = to + 1, to = bytes.indexOf(10, from)) {
    if (!isUtf8(bytes.subarray(from, to))) break;
    lines += 1;
  }
  return lines;
}

function newlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
