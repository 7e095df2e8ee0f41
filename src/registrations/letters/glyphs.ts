import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create } from 'fontkit';
import type { Font } from 'fontkit';

/**
 * DejaVu Sans Condensed, embedded: Latin with all its accents, Greek, Cyrillic, Armenian, Georgian. The fonts that every
 * PDF reader has end with the letters of Western Europe: « Łukasz » would lose his first letter.
 */
const find = createRequire(import.meta.url).resolve;
const load = (name: string): Buffer => readFileSync(find(`dejavu-fonts-ttf/ttf/${name}.ttf`));

export interface Fonts {
  readonly regular: Buffer;
  readonly bold: Buffer;
  /** What the fonts cannot show becomes its number, `[U+4E2D]`: seen by the reader, never a hole nor another letter. */
  readonly printable: (text: string) => string;
}

let kept: Fonts | undefined;

/** Read on first use: a process that makes no letter spares the memory. */
export function letterFonts(): Fonts {
  kept ??= read();
  return kept;
}

function read(): Fonts {
  const regular = load('DejaVuSansCondensed');
  const bold = load('DejaVuSansCondensed-Bold');
  const fonts = [regular, bold].map(single);
  const shown = (character: string): boolean => {
    const code = character.codePointAt(0) ?? 0;
    return writtenAsTheyCome.test(character) && fonts.every((font) => font.hasGlyphForCodePoint(code));
  };
  return {
    regular,
    bold,
    printable: (text) =>
      Array.from(text, (character) => (shown(character) ? character : `[U+${codeOf(character)}]`)).join(''),
  };
}

/** Scripts that are laid out one letter after the other, from left to right: others would come out in disorder. */
const writtenAsTheyCome =
  /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Common}\p{Script=Inherited}]/u;

const codeOf = (character: string): string =>
  (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');

function single(file: Buffer): Font {
  const font = create(file);
  if ('fonts' in font) throw new TypeError('a collection of fonts, not one');
  return font;
}
