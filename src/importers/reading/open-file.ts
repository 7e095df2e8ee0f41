import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BrokerError } from '../../errors/errors.ts';
import { refuse } from './refuse.ts';
import { unzipped, zipEntryOf } from './zip.ts';

/** One file as registers publish them. Text is never whole in memory. */
export interface DataFile {
  /** As given. */
  readonly path: string;
  /** Without folders; of the entry inside a zip. */
  readonly name: string;
  readonly kind: 'plain' | 'gzip' | 'zip' | 'parquet';
  /** On disk. */
  readonly byteLength: number;
  readonly modifiedAt: Date;
  /** What a zip says of the data in it; undefined without a zip, or when the zip does not say. */
  readonly packedAt?: Date | undefined;
  /** Decompressed, from the beginning, at each call. */
  readonly bytes: () => AsyncIterable<Buffer>;
}

const chunkSize = 256 * 1024;
/** Registers compress 10 to 30 times. More than this, past the first bytes, is made to exhaust the reader. */
const mostInflated = 250;
const inflatedFreely = 64 * 1024 * 1024;

/**
 * @param options.zipEntry which entry is the data, in a zip with several
 * @throws BrokerError M-IMPT-001 when it is absent, a folder, empty, of another kind, or a zip without one data entry
 */
export async function openDataFile(
  path: string,
  { zipEntry }: { readonly zipEntry?: RegExp | undefined } = {},
): Promise<DataFile> {
  const found = await stat(path).catch((cause: unknown) => refuse(path, 'there is no such file.', cause));
  if (found.isDirectory()) refuse(path, 'it is a folder.');
  if (!found.isFile()) refuse(path, 'it is not a plain file: it is read twice.');
  if (found.size === 0) refuse(path, 'it is empty.');
  const kind = kindOf(await firstBytes(path));
  const common = { path, kind, byteLength: found.size, modifiedAt: found.mtime };
  const name = basename(path);
  switch (kind) {
    case 'zip': {
      const entry = await zipEntryOf(path, zipEntry);
      const { fileName, packedAt } = entry;
      const bytes = (): AsyncIterable<Buffer> => bounded(path, unzipped(path, fileName));
      return { ...common, name: basename(fileName), packedAt, bytes };
    }
    case 'gzip':
      return { ...common, name: name.replace(/\.gz$/i, ''), bytes: () => bounded(path, gunzipped(path)) };
    case 'plain':
    case 'parquet':
      return { ...common, name, bytes: () => createReadStream(path, { highWaterMark: chunkSize }) };
  }
}

function kindOf(start: Buffer): DataFile['kind'] {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  if (start.subarray(0, 2).toString('latin1') === 'PK') return 'zip';
  return start.toString('latin1') === 'PAR1' ? 'parquet' : 'plain';
}

async function firstBytes(path: string): Promise<Buffer> {
  const handle = await open(path).catch((cause: unknown) => refuse(path, 'it may not be read.', cause));
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

export interface Inflating {
  readonly bytes: AsyncIterable<Buffer>;
  /** Compressed bytes taken so far. */
  readonly taken: () => number;
}

function gunzipped(path: string): Inflating {
  const file = createReadStream(path, { highWaterMark: chunkSize });
  const gunzip = createGunzip({ chunkSize });
  // Each end of the pipe ends the other: an error of either is thrown to whoever reads.
  pipeline(file, gunzip, () => undefined);
  return { bytes: gunzip, taken: () => file.bytesRead };
}

async function* bounded(path: string, source: Inflating | Promise<Inflating>): AsyncGenerator<Buffer> {
  const { bytes, taken } = await source;
  let given = 0;
  try {
    for await (const chunk of bytes) {
      given += chunk.length;
      if (given > inflatedFreely && given > taken() * mostInflated)
        refuse(path, `it unpacks to more than ${mostInflated} times its size.`);
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof BrokerError) throw cause;
    refuse(
      path,
      `it is cut short or damaged (${cause instanceof Error ? cause.message : String(cause)}).`,
      cause,
    );
  }
}
