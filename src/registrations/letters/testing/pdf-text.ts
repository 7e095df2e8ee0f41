import { inflateSync } from 'node:zlib';

/** What a PDF of pdfkit says, read out of its bytes: no reader installed on the machine is asked, so no test is skipped. */
export interface PdfReading {
  /** Text of each page in the order of its content, spaces of line breaks included. */
  readonly pages: readonly string[];
  /** Types of the elements of the structure, in the order they were written: Document, H1, P, L… */
  readonly tags: readonly string[];
  /** The objects outside streams, as text. */
  readonly objects: string;
}

interface PdfObject {
  readonly head: string;
  readonly stream: string | undefined;
}

export function readPdf(bytes: Buffer): PdfReading {
  const objects = objectsOf(bytes);
  const at = (id: string | undefined): PdfObject | undefined =>
    id === undefined ? undefined : objects.get(id);
  const all = [...objects.values()].map(({ head }) => head);
  const pages = [...objects.values()]
    .filter(({ head }) => /\/Type \/Page\b/u.test(head))
    .map(({ head }) => {
      const resources = at(/\/Resources (\d+) 0 R/u.exec(head)?.[1])?.head ?? head;
      const fonts = new Map(
        [...resources.matchAll(/\/(F\d+) (\d+) 0 R/gu)].map(([, name = '', id]) => [
          name,
          characterMap(at(/\/ToUnicode (\d+) 0 R/u.exec(at(id)?.head ?? '')?.[1])?.stream ?? ''),
        ]),
      );
      return pageText(at(/\/Contents (\d+) 0 R/u.exec(head)?.[1])?.stream ?? '', fonts);
    });
  return {
    pages,
    tags: all.flatMap((head) => /\/S \/(\w+)/u.exec(head)?.[1] ?? []),
    objects: all.join('\n'),
  };
}

function objectsOf(bytes: Buffer): ReadonlyMap<string, PdfObject> {
  const text = bytes.toString('latin1');
  const found = new Map<string, PdfObject>();
  for (const match of text.matchAll(/(?:^|\n)(\d+) 0 obj\n/gu)) {
    const start = match.index + match[0].length;
    const body = text.slice(start, text.indexOf('\nendobj', start));
    const streamAt = body.indexOf('\nstream\n');
    const head = streamAt < 0 ? body : body.slice(0, streamAt);
    const length = Number(/\/Length (\d+)/u.exec(head)?.[1] ?? '0');
    const from = start + streamAt + '\nstream\n'.length;
    const raw = bytes.subarray(from, from + length);
    const stream =
      streamAt < 0 ? undefined : (head.includes('/FlateDecode') ? inflateSync(raw) : raw).toString('latin1');
    found.set(match[1] ?? '', { head, stream });
  }
  return found;
}

/** The ToUnicode map (ISO 32000-1 §9.10.3): glyph numbers of four digits to text. */
function characterMap(cmap: string): ReadonlyMap<number, string> {
  const map = new Map<number, string>();
  for (const [, first = '', , list = ''] of cmap.matchAll(/<([\da-f]{4})> <([\da-f]{4})> \[([^\]]*)\]/giu)) {
    [...list.matchAll(/<([\da-f ]*)>/giu)].forEach(([, hex = ''], index) => {
      const units = (hex.replaceAll(' ', '').match(/.{4}/gu) ?? []).map((unit) => Number.parseInt(unit, 16));
      map.set(Number.parseInt(first, 16) + index, String.fromCharCode(...units));
    });
  }
  return map;
}

function pageText(content: string, fonts: ReadonlyMap<string, ReadonlyMap<number, string>>): string {
  let font: ReadonlyMap<number, string> = new Map();
  const said: string[] = [];
  for (const [, name, shown] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/gu)) {
    if (name !== undefined) font = fonts.get(name) ?? new Map();
    for (const [, hex = ''] of (shown ?? '').matchAll(/<([\da-f]+)>/giu)) {
      for (const glyph of hex.match(/.{4}/gu) ?? [])
        said.push(font.get(Number.parseInt(glyph, 16)) ?? '\ufffd');
    }
    if (shown !== undefined) said.push(' ');
  }
  return said.join('').replace(/\s+/gu, ' ').trim();
}
