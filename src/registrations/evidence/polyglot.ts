import { flaw } from './refusal.ts';
import type { Flaw } from './refusal.ts';

/** How far from the end a zip reader looks for its table of contents: 22 bytes and the longest comment (APPNOTE 4.3.16). */
const zipTail = 65_557;
const zipEnd = Buffer.from('PK\x05\x06', 'latin1');

/** How far a PDF reader looks for its header (ISO 32000-1, note on implementation limits). */
const pdfHead = 1024;

/** What a browser or a server would run, in any letter case. Long enough never to stand in an image by chance. */
const markup = /<(?:script[\s>/]|!doctype\s+html|html[\s>]|iframe[\s>]|\?php\s)/iu;

/** A second format inside the first: a zip (a program in Java is one: GIFAR) read from its end. */
export const zipInside = (bytes: Buffer): Flaw | undefined =>
  bytes.subarray(-zipTail).includes(zipEnd) ? flaw('foreign', 'a zip ends in it') : undefined;

/** A PDF that does not start at the first byte. */
export const pdfInside = (bytes: Buffer): Flaw | undefined =>
  bytes.subarray(0, pdfHead + 5).includes('%PDF-') ? flaw('foreign', 'a PDF starts in it') : undefined;

/** A page or a program, hidden in a comment or in metadata. */
export const markupInside = (text: string): Flaw | undefined =>
  markup.test(text) ? flaw('foreign', 'HTML or a program in it') : undefined;
