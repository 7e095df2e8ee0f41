import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat, truncate } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { stringify } from 'csv-stringify/sync';
import { BrokerError } from '../../errors/errors.ts';
import { wrongReasons } from '../wrong-reasons.ts';
import type { WrongReason } from '../wrong-reasons.ts';

/** What the operator has to know of a line of the file. */
export interface Reject {
  readonly line: number;
  /** `line`: it was not imported. `value`: it was, without this value. */
  readonly kind: 'line' | 'value';
  /** '' when it is the line as a whole. */
  readonly column: string;
  readonly value: string;
  readonly reason: WrongReason;
}

export interface RejectsFile {
  /** In the order of the lines; written to the disk before the answer. */
  add(rejects: readonly Reject[]): Promise<void>;
  /** Those kept from an interrupted import included. */
  count(): number;
  /** A file without a reject is deleted. */
  close(): Promise<void>;
}

const header = ['line', 'kind', 'column', 'value', 'reason', 'explanation'];
const headerLine = `${header.join(',')}\n`;
const longestValue = 80;

/**
 * Opens the rejects file before anything is imported. What another import left there is replaced.
 *
 * @param options.keepBefore lines from here on are read again: what the interrupted import wrote of them goes
 * @throws BrokerError M-IMPT-010 when it cannot be written, or holds something else than rejects
 */
export async function openRejects(
  path: string,
  { keepBefore }: { readonly keepBefore?: number | undefined } = {},
): Promise<RejectsFile> {
  const before = await sizeOf(path);
  let kept = 0;
  if (before !== undefined) {
    const held = await readHeld(path, keepBefore ?? 0);
    kept = held.count;
    await truncate(path, kept === 0 ? 0 : held.bytes).catch((cause: unknown) => refuse(path, cause));
  }
  const file = createWriteStream(path, { flags: 'a' });
  await once(file, 'open').catch((cause: unknown) => refuse(path, cause));
  const write = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      file.write(text, (error) => {
        if (error) reject(new BrokerError('M-IMPT-010', { detail: path, cause: error }));
        else resolve();
      });
    });
  // A failure comes back through the callback of the write.
  file.on('error', () => undefined);
  let count = kept;
  if (count === 0) await write(headerLine);
  return {
    async add(rejects) {
      if (rejects.length === 0) return;
      count += rejects.length;
      await write(rejectsText(rejects));
    },
    count: () => count,
    async close() {
      await new Promise((resolve) => file.end(resolve));
      if (count === 0) await rm(path, { force: true });
    },
  };
}

/** One line of text for one reject. A spreadsheet runs nothing of it (OWASP, CSV injection). */
export const rejectsText = (rejects: readonly Reject[]): string =>
  stringify(
    rejects.map(({ line, kind, column, value, reason }) => [
      line,
      kind,
      shown(column),
      shown(value),
      reason,
      wrongReasons[reason],
    ]),
    { escape_formulas: true },
  );

/** Never a whole line, and never much of a value: it may speak of a person. */
function shown(value: string): string {
  const plain = value.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, ' ');
  return plain.length <= longestValue ? plain : `${plain.slice(0, longestValue - 1).toWellFormed()}…`;
}

async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.size === 0) return undefined;
  if (!found.isFile()) throw new BrokerError('M-IMPT-010', { detail: `${path} is not a file.` });
  return found.size;
}

/** How much of the file speaks of lines before `line`. Each reject is one line of text, in the order of the lines. */
async function readHeld(
  path: string,
  line: number,
): Promise<{ readonly bytes: number; readonly count: number }> {
  let bytes = headerLine.length;
  let count = -1;
  const stream = createReadStream(path);
  try {
    for await (const text of createInterface({ input: stream })) {
      if (count === -1 && `${text}\n` !== headerLine)
        throw new BrokerError('M-IMPT-010', {
          detail: `${path} holds something else than rejects: it is left alone.`,
        });
      count += 1;
      if (count === 0) continue;
      if (!(Number.parseInt(text, 10) < line)) return { bytes, count: count - 1 };
      bytes += Buffer.byteLength(text) + 1;
    }
  } finally {
    stream.destroy();
  }
  return { bytes, count: Math.max(count, 0) };
}

function refuse(path: string, cause: unknown): never {
  throw new BrokerError('M-IMPT-010', {
    detail: `${path}: ${cause instanceof Error ? cause.message : String(cause)}.`,
    cause,
  });
}
