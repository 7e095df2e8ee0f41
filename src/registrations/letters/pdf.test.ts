import { describe, expect, test } from 'vitest';
import { composeLetter } from './compose.ts';
import type { Block } from './document.ts';
import { letterPdf } from './pdf.ts';
import { readPdf } from './testing/pdf-text.ts';
import { kinds, sample } from './testing/samples.ts';

/** Lines end where the page does, some after a hyphen: letters are compared, not spaces. */
const flat = (text: string): string => text.replace(/\s+/gu, '');
const wordsOf = (block: Block): readonly string[] => {
  if (block.kind === 'list') return block.items;
  return block.kind === 'facts' ? block.facts.map(({ name, value }) => `${name} : ${value}`) : [block.text];
};

describe('a letter in PDF', () => {
  test.each(kinds)('%s: every word of every block, in order, and the signature', async (kind) => {
    const document = composeLetter(kind, sample(kind));
    const { pages } = readPdf(await letterPdf(document));
    const text = flat(pages.map((page) => page.replace(/Dossier \S+ — page \d+ sur \d+$/u, '')).join(' '));
    const { signature } = document;
    let from = 0;
    for (const words of [
      document.sender.name,
      document.recipient.name,
      ...document.recipient.lines,
      document.title,
      ...document.blocks.flatMap(wordsOf),
      ...(signature === undefined
        ? []
        : [`${signature.givenName} ${signature.usualName}`, signature.capacity]),
    ]) {
      const at = text.indexOf(flat(words), from);
      expect(at, `« ${words} » after ${text.slice(from, from + 80)}`).toBeGreaterThanOrEqual(0);
      from = at;
    }
    expect(text).not.toContain('\ufffd');
  });

  test('is tagged, French, entitled: headings, paragraphs and lists for who listens to it', async () => {
    const { tags, objects, pages } = readPdf(await letterPdf(composeLetter('receipt', sample('receipt'))));
    expect(objects).toContain('/Lang (fr-FR)');
    expect(objects).toMatch(/\/MarkInfo|\/Marked true/u);
    expect(objects).toContain('/DisplayDocTitle true');
    for (const tag of ['Document', 'H1', 'H2', 'P', 'L', 'LI', 'Lbl', 'LBody']) expect(tags).toContain(tag);
    expect(tags.filter((tag) => tag === 'H1')).toHaveLength(1);
    expect(pages).toHaveLength(2);
    expect(pages[1]).toContain('Dossier D-26-7K3QXWPB — page 2 sur 2');
  });

  test('runs nothing and embeds its fonts', async () => {
    const { objects } = readPdf(await letterPdf(composeLetter('receipt', sample('receipt'))));
    expect(objects).not.toMatch(/\/(?:JavaScript|JS|Launch|OpenAction|EmbeddedFile|URI)\b/u);
    expect(objects.match(/\/FontFile2 /gu)).toHaveLength(2);
    expect(objects).not.toContain('/Helvetica');
  });

  test('the same letter makes the same bytes', async () => {
    const document = composeLetter('refusal', sample('refusal'));
    expect((await letterPdf(document)).equals(await letterPdf(document))).toBe(true);
  });

  test('names of all of Europe are printed; what the fonts lack is shown by number, never dropped', async () => {
    const name = 'Stowarzyszenie Łódź, Δήμος Αθηναίων, Київ, Çeşme œuvre « 12 € » l’été, 中文, 🎉, שלום';
    const document = composeLetter('refusal', sample('refusal', { organization: { name } }));
    const [page = ''] = readPdf(await letterPdf(document)).pages;
    expect(flat(page)).toContain(
      flat(
        'Stowarzyszenie Łódź, Δήμος Αθηναίων, Київ, Çeşme œuvre « 12 € » l’été, [U+4E2D][U+6587], [U+1F389], [U+05E9][U+05DC][U+05D5][U+05DD]',
      ),
    );
  });

  test('a reason of ten thousand characters, and a word without a space, run over pages', async () => {
    const reason = {
      motive: 'Un motif.',
      text: `${'mot '.repeat(2400)}\n\n${'x'.repeat(400)}`,
      rule: 'une règle',
    };
    const { pages } = readPdf(await letterPdf(composeLetter('refusal', sample('refusal', { reason }))));
    expect(pages.length).toBeGreaterThan(3);
    expect(pages.join(' ').match(/\bmot\b/gu)).toHaveLength(2400);
    expect(pages.join('').replace(/[^x]/gu, '').length).toBeGreaterThanOrEqual(400);
  });

  test('lines end where the author ended them', async () => {
    const text = 'Premier.\nDeuxième.\r\n\r\nTroisième.\u2028Quatrième.';
    const reason = { motive: 'Un motif.', text, rule: 'une règle' };
    const { pages } = readPdf(await letterPdf(composeLetter('refusal', sample('refusal', { reason }))));
    expect(pages.join(' ')).not.toContain('[U+');
    expect(flat(pages.join(' '))).toContain('Premier.Deuxième.Troisième.Quatrième.');
  });

  test.each([
    ['of four thousand lines', 'a\n'.repeat(4_000)],
    ['of one word of ten thousand letters', 'a'.repeat(10_000)],
    ['of one word that the fonts lack', '中'.repeat(10_000)],
  ])('a reason %s takes a moment: it took minutes, in which nobody else was served', async (_name, text) => {
    const reason = { motive: 'Un motif.', text, rule: 'une règle' };
    const document = composeLetter('refusal', sample('refusal', { reason }));
    const before = process.cpuUsage();
    await letterPdf(document);
    // Of this process alone, in microseconds.
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
  });
});
