import { crc32 } from 'node:zlib';
import { openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import type { Inflating } from './open-file.ts';
import { refuse } from './refuse.ts';

/** What a zip may hold beside the data: never the data itself. */
const aside = /(?:^|\/)(?:__MACOSX\/|\.)|\.(?:pdf|html?|md|docx?|odt)$|readme|lisez|license|licence/i;

/** The first entries of an .xlsx and of an .ods, which are zips too. */
const spreadsheet = /^(?:xl\/workbook\.(?:xml|bin)|content\.xml)$/;

/** Before it: 1980-01-01, which is how a zip says that it has no date. */
const firstDate = new Date('2000-01-01T00:00:00Z');

/**
 * @param wanted which entry is the data, when there are several
 * @returns its name, and its date where it has one
 * @throws BrokerError M-IMPT-001 when there is not exactly one
 */
export async function zipEntryOf(
  path: string,
  wanted: RegExp | undefined,
): Promise<{ readonly fileName: string; readonly packedAt: Date | undefined }> {
  const entries = await entriesOf(path);
  const files = entries.map(({ fileName }) => fileName).filter((name) => !name.endsWith('/'));
  if (files.some((name) => spreadsheet.test(name)))
    refuse(path, 'it is a spreadsheet: save it as CSV, and import that.');
  const candidates = files.filter((name) => !aside.test(name));
  const named = wanted === undefined ? [] : candidates.filter((name) => wanted.test(name));
  const [one, ...others] = named.length > 0 ? named : candidates;
  if (one === undefined) refuse(path, 'the zip holds no data.');
  if (others.length > 0)
    refuse(
      path,
      `the zip holds ${1 + others.length} files (${[one, ...others].slice(0, 5).join(', ')}…): unpack the one you mean.`,
    );
  const entry = entries.find(({ fileName }) => fileName === one);
  // UTC where the zip says it; else the clock of whoever packed it, of which only the day counts.
  const packedAt = entry?.getLastModDate({ timezone: 'UTC' });
  return { fileName: one, packedAt: packedAt !== undefined && packedAt >= firstDate ? packedAt : undefined };
}

async function entriesOf(path: string): Promise<readonly Entry[]> {
  const zip = await opened(path);
  const found: Entry[] = [];
  try {
    for await (const entry of zip.eachEntry()) found.push(entry);
  } catch (cause) {
    refuse(path, 'its table of contents is damaged.', cause);
  }
  return found;
}

export async function unzipped(path: string, name: string): Promise<Inflating> {
  const zip = await opened(path);
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName !== name) continue;
    if (!entry.canDecodeFileData())
      refuse(path, 'its data is encrypted, or compressed in a way other than deflate.');
    const bytes = await zip.openReadStreamPromise(entry);
    return { bytes: checked(zip, entry, bytes), taken: () => entry.compressedSize };
  }
  refuse(path, `${name} is no longer in it.`);
}

/** The library checks the length; the sum (APPNOTE 4.4.7) is ours to check. */
async function* checked(zip: ZipFile, entry: Entry, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let sum = 0;
  try {
    for await (const chunk of bytes) {
      sum = crc32(chunk, sum);
      yield chunk;
    }
  } finally {
    zip.close();
  }
  if (sum !== entry.crc32) throw new Error('wrong check sum');
}

/** A zip ends with its table of contents: one that is cut short is refused here. */
const opened = (path: string): Promise<ZipFile> =>
  openPromise(path, { autoClose: false }).catch((cause: unknown) =>
    refuse(path, 'it is cut short, or not a zip.', cause),
  );
