import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { markupInside, zipInside } from './polyglot.ts';
import { flaw } from './refusal.ts';
import type { Flaw } from './refusal.ts';

const inflated = promisify(inflate);

/** A reader looks for the end within the last kilobyte (ISO 32000-1 §7.5.5). */
const tail = 1024;
const head = 1024;
const most = {
  /** Bytes that object streams may unpack to, in all: statutes of 300 pages take a quarter of it. */
  unpacked: 4_000_000,
  /** Object streams: word processors put a hundred objects into each. */
  objectStreams: 5_000,
} as const;
/** How far before the word `stream` its dictionary may start. */
const dictionaryBytes = 2_000;

/**
 * A name as any of its spellings: each letter may be its number, `/J#61vaScript` (ISO 32000-1 §7.3.5). One native search
 * of the whole text reads them all: nothing is decoded, and no name costs a call, however many there are.
 */
const spelled = (name: string): string =>
  Array.from(name, (letter) => {
    const hex = letter.charCodeAt(0).toString(16);
    return `(?:${letter}|#${hex.replace(/[a-f]/gu, (digit) => `[${digit}${digit.toUpperCase()}]`)})`;
  }).join('');
const anyOf = (...names: readonly string[]): RegExp =>
  new RegExp(`/(${names.map(spelled).join('|')})(?![0-9A-Za-z#_.-])`, 'u');

const encrypted = anyOf('Encrypt');
/** Names of the parts of a PDF that act, or that carry another file (ISO 32000-1 §12.6.4, §7.11.4, §13). */
const active = anyOf(
  'JavaScript',
  'Launch',
  'EmbeddedFile',
  'EmbeddedFiles',
  'RichMedia',
  'SubmitForm',
  'ImportData',
  'Movie',
  'Sound',
  'Rendition',
);
/** Short enough to stand in a picture by chance: looked for outside of streams only. */
const short = anyOf('3D', 'XFA');
const objectStream = spelled('ObjStm');

/**
 * A plain look, not a reader of PDF: the header is at the first byte, the file ends where it says, nobody locked it, and
 * nothing in it acts by itself. Names written in another spelling (`/J#61vaScript`) and those packed in object streams are
 * read too; a script hidden in a stream packed in an unusual way is not found. Hence the pieces are only ever sent as
 * downloads, never shown by us. An `/OpenAction` that opens on a page is fine: most word processors write one.
 */
export async function pdfFlaw(bytes: Buffer): Promise<Flaw | undefined> {
  const text = bytes.toString('latin1');
  if (!/^%PDF-[12]\.[0-9]/u.test(text)) return flaw('foreign', 'no PDF header at the first byte');
  const end = text.slice(-tail);
  const last = end.lastIndexOf('%%EOF');
  if (last < 0) return flaw('damaged', 'no end of PDF in the last kilobyte');
  if (!/^[\s\0]*$/u.test(end.slice(last + 5))) return flaw('foreign', 'data after the end of the PDF');
  const start = /startxref\s+([0-9]{1,10})\s+$/u.exec(end.slice(0, last))?.[1];
  if (start === undefined || Number(start) >= bytes.length)
    return flaw('damaged', 'its end leads to no table of contents');
  const foreign = zipInside(bytes) ?? markupInside(text.slice(0, head));
  if (foreign !== undefined) return foreign;
  // The cheapest first; a packed text is unpacked last.
  const named = nameFlaw(text) ?? (short.test(text) ? shortNameFlaw(withoutStreams(text)) : undefined);
  if (named !== undefined) return named;
  const unpacked = await objectStreams(bytes, text);
  return typeof unpacked === 'string' ? (nameFlaw(unpacked) ?? shortNameFlaw(unpacked)) : unpacked;
}

function nameFlaw(text: string): Flaw | undefined {
  if (encrypted.test(text)) return flaw('encrypted', 'an encrypted PDF');
  return activeFlaw(active.exec(text));
}

const shortNameFlaw = (text: string): Flaw | undefined => activeFlaw(short.exec(text));

const activeFlaw = (found: RegExpExecArray | null): Flaw | undefined =>
  found === null ? undefined : flaw('active', `a PDF with /${found[1] ?? ''}`);

function withoutStreams(text: string): string {
  const kept: string[] = [];
  let from = 0;
  for (;;) {
    const start = text.indexOf('stream', from);
    const end = start < 0 ? -1 : text.indexOf('endstream', start + 6);
    if (end < 0) break;
    kept.push(text.slice(from, start));
    from = end + 9;
  }
  return [...kept, text.slice(from)].join(' ');
}

/** Since PDF 1.5 most objects are packed in streams of type ObjStm (ISO 32000-1 §7.5.7). */
async function objectStreams(bytes: Buffer, text: string): Promise<string | Flaw> {
  const parts: string[] = [];
  let room: number = most.unpacked;
  // Each step goes on after the stream it has read: the whole file is walked once, whatever it holds.
  const next = new RegExp(`/${objectStream}`, 'gu');
  let done = 0;
  for (let found = next.exec(text); found !== null; found = next.exec(text)) {
    if (parts.length >= most.objectStreams) return flaw('damaged', 'a PDF of too many object streams');
    const keyword = text.indexOf('stream', found.index);
    const end = keyword < 0 ? -1 : text.indexOf('endstream', keyword + 6);
    if (end < 0) return flaw('damaged', 'an object stream without an end');
    const from = Math.max(done, found.index - dictionaryBytes);
    const part = await unpackedStream(bytes, text, { from, keyword, end }, room);
    if (typeof part !== 'string') return part;
    room -= part.length;
    if (room < 0) return flaw('damaged', `a PDF that unpacks to over ${most.unpacked} bytes`);
    parts.push(part);
    done = end;
    next.lastIndex = end;
  }
  return parts.join('\n');
}

async function unpackedStream(
  bytes: Buffer,
  text: string,
  { from, keyword, end }: { readonly from: number; readonly keyword: number; readonly end: number },
  room: number,
): Promise<string | Flaw> {
  const before = text.slice(Math.max(from, keyword - 2 * dictionaryBytes), keyword).trimEnd();
  const dictionary = before.slice(Math.max(0, before.lastIndexOf(' obj')));
  const unusual = flaw('damaged', 'an object stream packed in an unusual way');
  // Nobody writes the names of such a dictionary in numbers, but to hide how it is packed.
  if (dictionary.includes('#')) return unusual;
  const first = keyword + (text.startsWith('\r\n', keyword + 6) ? 8 : 7);
  if (!dictionary.includes('/Filter')) return text.slice(first, end);
  if (!/\/Filter\s*(?:\[\s*)?\/FlateDecode\s*(?:\]|\/|>)/u.test(dictionary)) return unusual;
  try {
    const part = await inflated(bytes.subarray(first, end), { maxOutputLength: Math.max(room, 1) });
    return part.toString('latin1');
  } catch {
    return flaw('damaged', 'an object stream that does not unpack, or to too much');
  }
}
