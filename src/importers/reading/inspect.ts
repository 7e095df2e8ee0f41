import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Encoding } from '../importer.ts';
import { createEncodingFinder } from './encoding.ts';
import type { DataFile } from './open-file.ts';
import { refuse } from './refuse.ts';

/** What is known of the bytes of a file once they were all read, before any of them is believed. */
export interface Inspection {
  /** Of the file on disk, lower-case hexadecimal: what tells a resumed import that it is the same file. */
  readonly sha256: string;
  readonly encoding: Encoding;
  readonly form: 'csv' | 'json' | 'parquet';
  /** Line of the first byte that the encoding does not hold, where the operator asked for it all the same. */
  readonly brokenAt: number | undefined;
  /** Decompressed. */
  readonly byteLength: number;
}

/**
 * Reads the file to its end, decompressing it: one that is cut short or damaged is refused before anything is written.
 *
 * @param asked encoding, where the operator names one
 * @throws BrokerError M-IMPT-001 (damaged, or without content), M-IMPT-005 (letters)
 */
export async function inspect(file: DataFile, asked: Encoding | undefined): Promise<Inspection> {
  const sha256 = await sha256Of(file.path);
  if (file.kind === 'parquet')
    return {
      sha256,
      encoding: 'utf-8',
      form: 'parquet',
      brokenAt: undefined,
      byteLength: file.byteLength,
    };
  const letters = createEncodingFinder(file.path);
  let byteLength = 0;
  let first: string | undefined;
  let last: string | undefined;
  for await (const chunk of file.bytes()) {
    letters.feed(chunk);
    byteLength += chunk.length;
    first ??= /[^\s\uFEFF]/.exec(chunk.toString('utf8'))?.[0];
    last = /\S(?=\s*$)/.exec(chunk.subarray(-1024).toString('latin1'))?.[0] ?? last;
  }
  if (first === undefined) refuse(file.path, 'there is nothing in it.');
  if (first === '[' && last !== ']') refuse(file.path, 'it is cut short: the array in it does not end.');
  const { encoding, notUtf8At, zeroByte } = letters.found(asked);
  if (zeroByte) refuse(file.path, 'it is no text: it holds bytes of value zero.');
  const form = first === '[' || first === '{' ? 'json' : 'csv';
  return { sha256, encoding, form, brokenAt: encoding === 'utf-8' ? notUtf8At : undefined, byteLength };
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}
