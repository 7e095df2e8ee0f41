import { crc32 } from 'node:zlib';
import { markupInside, pdfInside, zipInside } from './polyglot.ts';
import { flaw } from './refusal.ts';
import type { Flaw } from './refusal.ts';

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const mostChunks = 100_000;

/** From the signature to IEND, chunk by chunk, and nothing after (PNG, third edition, §5). */
export function pngFlaw(bytes: Buffer): Flaw | undefined {
  if (!bytes.subarray(0, 8).equals(signature)) return flaw('foreign', 'no PNG signature at the first byte');
  let at = 8;
  let data = 0;
  for (let count = 0; count < mostChunks; count += 1) {
    if (at + 12 > bytes.length) return flaw('damaged', `a PNG cut short at byte ${at}`);
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const end = at + 12 + length;
    if (end > bytes.length || !/^[A-Za-z]{4}$/u.test(type))
      return flaw('damaged', `no PNG chunk at byte ${at}`);
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4))
      return flaw('damaged', `a wrong sum in the PNG chunk at byte ${at}`);
    if ((count === 0) !== (type === 'IHDR') || (type === 'IHDR' && length !== 13))
      return flaw('damaged', 'a PNG whose header is not first');
    if (type === 'IDAT') data += 1;
    // Text for people: no page, no program (compressed text is not read: nobody else reads it either).
    if (/^(?:tEXt|iTXt)$/u.test(type)) {
      const hidden = markupInside(bytes.toString('latin1', at + 8, end - 4));
      if (hidden !== undefined) return hidden;
    }
    at = end;
    if (type !== 'IEND') continue;
    if (data === 0) return flaw('damaged', 'a PNG without a picture');
    if (at !== bytes.length) return flaw('foreign', `data after the end of the PNG, at byte ${at}`);
    return zipInside(bytes) ?? pdfInside(bytes);
  }
  return flaw('damaged', 'a PNG of too many chunks');
}
