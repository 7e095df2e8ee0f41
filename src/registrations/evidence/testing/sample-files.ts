import { Buffer } from 'node:buffer';
import { crc32, deflateRawSync, deflateSync } from 'node:zlib';

/** Files made by hand, byte by byte: small, whole, and open to be broken. */
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

export interface PdfParts {
  /** Further objects, as they stand in the file. */
  readonly objects?: string;
  readonly catalog?: string;
  readonly trailer?: string;
  readonly after?: string;
  /** Grows to this size, by a comment. */
  readonly size?: number;
}

export function pdf({ objects = '', catalog = '', trailer = '', after = '\n', size }: PdfParts = {}): Buffer {
  const start = `%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R ${catalog}>>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n${objects}`;
  const end = (at: number): string =>
    `xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R /Size 4 ${trailer}>>\nstartxref\n${at}\n%%EOF${after}`;
  const padded = size === undefined ? start : grown(start, size - end(size - 200).length);
  return latin1(padded + end(size === undefined ? padded.length : size - 200));
}

const grown = (text: string, size: number): string => `${text}%${'x'.repeat(size - text.length - 2)}\n`;

/** Most objects of a modern PDF are packed in such a stream. */
export function objectStream(content: string, filter = '/FlateDecode'): string {
  const packed = deflateSync(latin1(content)).toString('latin1');
  return `9 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter ${filter} /Length ${packed.length} >>\nstream\n${packed}\nendstream\nendobj\n`;
}

export function chunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([latin1(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

const ihdr = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
export const pngSignature = latin1('\x89PNG\r\n\x1a\n');

/** One black pixel. */
export const png = (...beside: readonly Buffer[]): Buffer =>
  Buffer.concat([
    pngSignature,
    chunk('IHDR', ihdr),
    ...beside,
    chunk('IDAT', deflateSync(Buffer.from([0, 0]))),
    chunk('IEND'),
  ]);

/** A marker and its segment; the shape of a JPEG, whatever the picture. */
export function segment(marker: number, data: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

export const jpeg = (...beside: readonly Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, latin1('JFIF\0\x01\x01\0\0\x01\0\x01\0\0')),
    ...beside,
    segment(0xc0, Buffer.from([8, 0, 1, 0, 1, 1, 1, 0x11, 0])),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    // A stuffed byte and a restart: neither ends the picture.
    Buffer.from([0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56, 0xff, 0xd9]),
  ]);

export interface ZipEntry {
  readonly name: string;
  readonly data: Buffer | string;
  readonly stored?: boolean;
  /** What the zip says that it unpacks to. */
  readonly declared?: number;
  readonly flags?: number;
}

export function zip(entries: readonly ZipEntry[], comment = ''): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, data, stored = false, declared, flags = 0 } of entries) {
    const plain = Buffer.from(data);
    const packed = stored ? plain : deflateRawSync(plain);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt16LE(0x5d77, 8);
    common.writeUInt32LE(crc32(plain), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(declared ?? plain.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([latin1('PK\x03\x04'), common, latin1(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([latin1('PK\x01\x02'), Buffer.from([20, 0]), common, tail, latin1(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  end.writeUInt16LE(comment.length, 16);
  return Buffer.concat([...locals, directory, latin1('PK\x05\x06'), end, latin1(comment)]);
}

const odtType = 'application/vnd.oasis.opendocument.text';
const namespaces =
  'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"';

export const odtEntries = (
  { content = '<office:body/>', manifest = '' } = {},
  ...beside: readonly ZipEntry[]
): ZipEntry[] => [
  { name: 'mimetype', data: odtType, stored: true },
  {
    name: 'content.xml',
    data: `<office:document-content ${namespaces}>${content}</office:document-content>`,
  },
  ...beside,
  { name: 'META-INF/manifest.xml', data: `<manifest:manifest ${namespaces}>${manifest}</manifest:manifest>` },
];

export const odt = (...given: Parameters<typeof odtEntries>): Buffer => zip(odtEntries(...given));

export const docx = (): Buffer =>
  zip([
    {
      name: '[Content_Types].xml',
      data: '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    },
    { name: '_rels/.rels', data: '<Relationships/>' },
    { name: 'word/document.xml', data: '<w:document/>' },
  ]);
