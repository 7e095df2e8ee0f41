import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import type { Block, LetterDocument } from './document.ts';
import { letterFonts } from './glyphs.ts';
import type { Fonts } from './glyphs.ts';
import { keepingPdfs } from './kept-pdf.ts';
import { day } from './words.ts';

type Pdf = PDFKit.PDFDocument;
type Element = PDFKit.PDFStructureElement;

const margin = 62;
const sizes = { title: 15, heading: 11.5, text: 10, small: 8 } as const;
/** Points between two blocks, and above a heading. */
const gaps = { block: 7, heading: 12 } as const;

/** As people and programs end lines (Unicode, UAX 14: mandatory breaks). */
const lineEnd = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/u;
/** Wider than a page, whatever its letters: the library breaks such a word by measuring all of it for each of its lines. */
const longWord = /\S{150}(?=\S)/gu;
const breakable = (line: string): string => line.replace(longWord, '$&\u200b');

/**
 * The letter on A4 pages, tagged for screen readers after ISO 14289-1 (PDF/UA): language, title, headings, lists, reading
 * order; page numbers are artifacts. The same letter makes the same bytes, and is drawn once for those who open it.
 */
export const letterPdf = keepingPdfs(draw);

function draw(document: LetterDocument): Promise<Buffer> {
  const fonts = letterFonts();
  const { printable } = fonts;
  const written = new Date(`${document.date}T12:00:00Z`);
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top: margin, bottom: margin + 10, left: margin, right: margin },
    pdfVersion: '1.7',
    tagged: true,
    lang: 'fr-FR',
    displayTitle: true,
    bufferPages: true,
    info: {
      Title: `${document.title} (dossier ${document.reference})`,
      Author: document.sender.name,
      CreationDate: written,
      ModDate: written,
    },
  });
  pdf.registerFont('regular', fonts.regular);
  pdf.registerFont('bold', fonts.bold);

  const root = pdf.struct('Document');
  pdf.addStructure(root);
  const writer = createWriter(pdf, root, fonts);
  const { sender, recipient, signature } = document;
  writer.lines([sender.name, ...sender.lines]);
  writer.lines([recipient.name, ...recipient.lines], { indent: 250 });
  writer.lines([`Le ${day(document.date)}`, `Dossier ${document.reference}`], { first: 'regular' });
  writer.title(document.title);
  for (const block of document.blocks) writer.block(block);
  if (signature !== undefined) {
    writer.lines(
      [`${signature.givenName} ${signature.usualName}`, signature.capacity, signature.organization],
      { indent: 250, above: 18 },
    );
  }
  root.end();
  numberPages(pdf, printable(`Dossier ${document.reference}`));
  pdf.end();
  return buffer(pdf);
}

interface Writer {
  lines(
    lines: readonly string[],
    where?: { readonly indent?: number; readonly above?: number; readonly first?: 'regular' | 'bold' },
  ): void;
  title(text: string): void;
  block(block: Block): void;
}

function createWriter(pdf: Pdf, root: Element, { printable }: Fonts): Writer {
  const width = pdf.page.width - 2 * margin;

  /** Text inside one element of the structure; the whole on one page when it is short enough to. */
  function put(
    parent: Element,
    tag: string,
    text: string,
    look: { readonly font?: 'regular' | 'bold'; readonly size?: number; readonly indent?: number } = {},
  ): void {
    const { font = 'regular', size = sizes.text, indent = 0 } = look;
    const element = pdf.struct(tag, {}, () => {
      pdf.font(font).fontSize(size);
      for (const line of text.split(lineEnd)) {
        if (line.trim() === '') pdf.moveDown();
        else
          pdf.text(breakable(printable(line)), margin + indent, undefined, {
            width: width - indent,
            lineGap: 2.5,
          });
      }
    });
    parent.add(element);
    element.end();
  }

  /** Starts a page rather than leave a heading, or the first line of what follows, alone at the foot of one. */
  function keepTogether(height: number): void {
    if (pdf.y + height > pdf.page.height - pdf.page.margins.bottom) pdf.addPage();
  }

  const down = (points: number): void => {
    pdf.y += points;
  };

  function heading(text: string): void {
    down(gaps.heading - gaps.block);
    keepTogether(60);
    put(root, 'H2', text, { font: 'bold', size: sizes.heading });
    down(gaps.block - 2);
  }

  function list(items: readonly string[]): void {
    const whole = pdf.struct('L');
    root.add(whole);
    for (const item of items) {
      keepTogether(30);
      const line = pdf.struct('LI');
      whole.add(line);
      const top = pdf.y;
      put(line, 'Lbl', '•', { indent: 6 });
      pdf.y = top;
      put(line, 'LBody', item, { indent: 18 });
      line.end();
      down(2);
    }
    whole.end();
    down(gaps.block - 2);
  }

  function facts(all: readonly { readonly name: string; readonly value: string }[]): void {
    for (const { name, value } of all) {
      keepTogether(16);
      put(root, 'P', `${name}\u00a0: ${value}`, { indent: 6 });
      down(1);
    }
    down(gaps.block - 1);
  }

  return {
    lines(lines, { indent = 0, above = 0, first = 'bold' } = {}) {
      down(above);
      keepTogether(lines.length * 16);
      lines.forEach((line, index) => put(root, 'P', line, { indent, font: index === 0 ? first : 'regular' }));
      down(2 * gaps.block);
    },
    title(text) {
      put(root, 'H1', text, { font: 'bold', size: sizes.title });
      down(gaps.block);
    },
    block(block) {
      switch (block.kind) {
        case 'heading':
          heading(block.text);
          break;
        case 'list':
          list(block.items);
          break;
        case 'facts':
          facts(block.facts);
          break;
        case 'paragraph':
          keepTogether(30);
          put(root, 'P', block.text);
          down(gaps.block);
      }
    },
  };
}

/** « Dossier D-26-7K3QXWPB — page 1 sur 2 », outside the reading order. */
function numberPages(pdf: Pdf, label: string): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let index = 0; index < count; index += 1) {
    pdf.switchToPage(start + index);
    // The foot is inside the margin: written there, text would begin a page.
    pdf.page.margins.bottom = 0;
    pdf.markContent('Artifact', { type: 'Pagination' });
    pdf
      .font('regular')
      .fontSize(sizes.small)
      .text(`${label} — page ${index + 1} sur ${count}`, margin, pdf.page.height - margin + 10, {
        width: pdf.page.width - 2 * margin,
        align: 'center',
        lineBreak: false,
      });
    pdf.endMarkedContent();
  }
}
