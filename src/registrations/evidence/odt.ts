import { fromBufferPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { markupInside, pdfInside } from './polyglot.ts';
import { flaw } from './refusal.ts';
import type { Flaw } from './refusal.ts';

export const odtMediaType = 'application/vnd.oasis.opendocument.text';

/** Bytes once unpacked; `xml`: of the parts that are read, together. */
const most = { entries: 1_000, unpacked: 100_000_000, xml: 4_000_000 } as const;
/** Macros, dialogs, and objects of other programs (a folder `Object 1/` is a chart or a formula: those are documents). */
const activeEntry =
  /^(?:Basic|Scripts|Dialogs)(?:\/|$)|^Object [^/]*$|\.(?:exe|dll|js|vbs|jar|sh|bat|cmd|ps1|py)$/iu;
/** Calls of macros, and links that read another document when this one is opened. */
const activeXml =
  /vnd\.sun\.star\.script:|<script:event-listener|macro:\/\/|<[a-z]+:dde-(?:source|connection-decl)/iu;
const xmlRead = new Set(['content.xml', 'styles.xml', 'META-INF/manifest.xml']);

/**
 * A zip whose first entry names its kind (OpenDocument 1.3 part 2 §3.3), with nothing before, between names that are used
 * once, or after; no macro, no program; bounded before and while it is unpacked.
 */
export async function odtFlaw(bytes: Buffer): Promise<Flaw | undefined> {
  const wrongHead = headFlaw(bytes);
  if (wrongHead !== undefined) return wrongHead;
  // The record of the end is the end: no comment, nothing after.
  if (bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1') !== bytes.length - 22)
    return flaw(
      bytes.includes('PK\x05\x06', 0, 'latin1') ? 'foreign' : 'damaged',
      'no end of zip at the end',
    );
  let zip: ZipFile;
  try {
    zip = await fromBufferPromise(bytes, { validateEntrySizes: true });
  } catch {
    // What the library says names entries, and a log names nothing of what people send.
    return flaw('damaged', 'no zip');
  }
  try {
    return await entriesFlaw(zip);
  } catch {
    return flaw('damaged', 'a damaged zip');
  }
}

function headFlaw(bytes: Buffer): Flaw | undefined {
  const stated = Buffer.from(`mimetype${odtMediaType}`, 'latin1');
  const isFirst =
    bytes.length > 100 &&
    bytes.readUInt32LE(0) === 0x0403_4b50 &&
    bytes.readUInt16LE(8) === 0 &&
    bytes.readUInt32LE(22) === odtMediaType.length &&
    bytes.readUInt16LE(26) === 'mimetype'.length &&
    bytes.readUInt16LE(28) === 0 &&
    bytes.subarray(30, 30 + stated.length).equals(stated);
  return isFirst ? pdfInside(bytes) : flaw('not_accepted', 'a zip that does not start as OpenDocument text');
}

async function entriesFlaw(zip: ZipFile): Promise<Flaw | undefined> {
  if (zip.entryCount > most.entries) return flaw('damaged', `${zip.entryCount} entries in the zip`);
  const names = new Set<string>();
  let unpacked = 0;
  let xml = 0;
  for await (const entry of zip.eachEntry()) {
    const { fileName, uncompressedSize } = entry;
    unpacked += uncompressedSize;
    if (names.has(fileName)) return flaw('foreign', 'two entries of one name');
    names.add(fileName);
    if (unpacked > most.unpacked) return flaw('damaged', `a zip that unpacks to over ${most.unpacked} bytes`);
    if (activeEntry.test(fileName))
      return flaw('active', 'an OpenDocument file with a macro, a program or an object');
    if (entry.isEncrypted()) return flaw('encrypted', 'an encrypted entry');
    if (!xmlRead.has(fileName)) continue;
    xml += uncompressedSize;
    if (xml > most.xml) return flaw('damaged', `texts of over ${most.xml} bytes`);
    const wrong = xmlFlaw(fileName, await xmlOf(zip, entry));
    if (wrong !== undefined) return wrong;
  }
  const missing = ['content.xml', 'META-INF/manifest.xml'].find((name) => !names.has(name));
  return missing === undefined ? undefined : flaw('damaged', `an OpenDocument file without ${missing}`);
}

async function xmlOf(zip: ZipFile, entry: Entry): Promise<string> {
  const chunks: Buffer[] = [];
  const bytes: AsyncIterable<Buffer> = await zip.openReadStreamPromise(entry);
  // The library stops at the size that the entry declares.
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function xmlFlaw(name: string, xml: string): Flaw | undefined {
  if (name === 'META-INF/manifest.xml')
    return /<[a-z]+:encryption-data/iu.test(xml)
      ? flaw('encrypted', 'an encrypted OpenDocument file')
      : undefined;
  if (activeXml.test(xml)) return flaw('active', `${name} calls a macro or another document`);
  // Entities that grow: OpenDocument declares no document type.
  if (/<!(?:DOCTYPE|ENTITY)/iu.test(xml)) return flaw('active', `${name} declares a document type`);
  return markupInside(xml);
}
