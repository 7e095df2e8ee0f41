import { z } from 'zod';
import { BrokerError } from '../../errors/errors.ts';

const largestEntry = 1_000_000;
const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = Buffer.from('"\\{}[]');

/** What may stand outside of objects. */
const between = new Set(Buffer.from('[], \t\r\n'));

const entrySchema = z.record(z.string(), z.unknown());

/** The members of an object as text; undefined when the entry is not an object. */
export type JsonEntry = ReadonlyMap<string, string> | undefined;

/**
 * An array of objects, or objects one a line, never whole in memory: only where each object begins and ends is looked
 * for here, and `JSON.parse` reads it.
 *
 * @param bytes UTF-8, without a byte order mark
 * @throws BrokerError M-IMPT-006 when the file ends inside an object, or an object is over 1 MB
 */
export async function* jsonEntries(
  bytes: AsyncIterable<Buffer>,
  path: string,
): AsyncGenerator<readonly JsonEntry[]> {
  let depth = 0;
  let inText = false;
  let escaped = false;
  let held: Buffer[] = [];
  let heldLength = 0;
  let count = 0;
  const broken = (what: string): never => {
    throw new BrokerError('M-IMPT-006', { detail: `${path}: entry ${count + 1} ${what}.` });
  };
  for await (const chunk of bytes) {
    const found: JsonEntry[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inText = false;
      } else if (depth === 0 && byte !== openBrace) {
        if (byte === undefined || !between.has(byte)) broken('is not an object');
      } else if (byte === quote) inText = true;
      else if (byte === openBrace || byte === openBracket) {
        if (depth === 0) from = at;
        depth += 1;
      } else if (byte === closeBrace || byte === closeBracket) {
        depth -= 1;
        if (depth !== 0) continue;
        found.push(entryOf(Buffer.concat([...held, chunk.subarray(from, at + 1)])));
        count += 1;
        held = [];
        heldLength = 0;
      }
    }
    if (depth > 0) {
      held.push(Buffer.from(chunk.subarray(from)));
      heldLength += chunk.length - from;
      if (heldLength > largestEntry) broken('is over 1 MB');
    }
    if (found.length > 0) yield found;
  }
  if (depth > 0 || inText) broken('is cut short by the end of the file');
}

function entryOf(text: Buffer): JsonEntry {
  const parsed = entrySchema.safeParse(parseJson(text.toString('utf8')));
  if (!parsed.success) return undefined;
  return new Map(Object.entries(parsed.data).map(([name, value]) => [name, asText(value)]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
