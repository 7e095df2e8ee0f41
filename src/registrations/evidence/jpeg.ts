import { markupInside, pdfInside, zipInside } from './polyglot.ts';
import { flaw } from './refusal.ts';
import type { Flaw } from './refusal.ts';

const mostSegments = 100_000;

/**
 * From SOI to EOI, marker by marker (ITU-T T.81 §B.1). After it: nothing but what telephones add to a photograph, which
 * is zeros, another whole picture (CIPA DC-007, Multi-Picture Format) or Samsung's trailer.
 */
export function jpegFlaw(bytes: Buffer): Flaw | undefined {
  let at = 0;
  for (let picture = 0; picture < 5; picture += 1) {
    const end = endOfPicture(bytes, at);
    if (typeof end !== 'number') return end;
    at = end;
    const rest = bytes.subarray(at);
    const isEnd = isPadding(rest) || isSamsungTrailer(rest);
    if (isEnd) return zipInside(bytes) ?? pdfInside(bytes) ?? markupInside(bytes.toString('latin1'));
    at += rest.findIndex((byte) => byte !== 0);
    if (bytes.readUInt8(at) !== 0xff || bytes[at + 1] !== 0xd8)
      return flaw('foreign', `data after the end of the JPEG, at byte ${at}`);
  }
  return flaw('foreign', 'too many pictures in one JPEG');
}

const isPadding = (rest: Buffer): boolean =>
  rest.every((byte) => byte === 0 || byte === 0x0a || byte === 0x0d);

const isSamsungTrailer = (rest: Buffer): boolean =>
  rest.length <= 100_000 && rest.subarray(-4).toString('latin1') === 'SEFT' && rest.includes('SEFH');

/** @returns the byte after EOI */
function endOfPicture(bytes: Buffer, start: number): number | Flaw {
  if (bytes[start] !== 0xff || bytes[start + 1] !== 0xd8) return flaw('foreign', 'no JPEG at the first byte');
  let at = start + 2;
  let scans = 0;
  for (let count = 0; count < mostSegments; count += 1) {
    const marker = bytes[at + 1];
    if (marker === undefined) return flaw('damaged', 'a JPEG cut short');
    if (bytes[at] !== 0xff) return flaw('damaged', `no JPEG marker at byte ${at}`);
    // Fill bytes (§B.1.1.2).
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) return scans > 0 ? at + 2 : flaw('damaged', 'a JPEG without a picture');
    if (marker === 0xd8 || marker === 0x00) return flaw('damaged', `a wrong JPEG marker at byte ${at}`);
    if (marker === 0x01 || isRestart(marker)) {
      at += 2;
      continue;
    }
    const length = at + 4 <= bytes.length ? bytes.readUInt16BE(at + 2) : 0;
    if (length < 2 || at + 2 + length > bytes.length)
      return flaw('damaged', `a JPEG cut short at byte ${at}`);
    at += 2 + length;
    if (marker !== 0xda) continue;
    scans += 1;
    at = endOfScan(bytes, at);
  }
  return flaw('damaged', 'a JPEG of too many segments');
}

const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;

/** Entropy-coded data runs to the next marker that is neither a stuffed byte nor a restart (§B.1.1.5). */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next !== undefined && next !== 0x00 && next !== 0xff && !isRestart(next)) return at;
  }
  return bytes.length;
}
