import { expect, test } from 'vitest';
import { actSchema } from './act.ts';

const supply = (text: string) => actSchema.safeParse({ act: 'supply', evidence: [], text });

test('U+0000 is refused: PostgreSQL could not keep it', () => {
  expect(supply('a\u0000b').success).toBe(false);
});

test.each([
  ['turns the direction', 'reçu \u202eétnetsixe\u202c de l’État', 'reçu étnetsixe de l’État'],
  ['isolates a direction', '\u2066a\u2069 \u2067b\u2069 \u2068c\u2069', 'a b c'],
  ['shows nothing', 'sta\u00adtuts\ufeff\u200b', 'statuts'],
  ['joins pictures and letters', '👩\u200d💻 می\u200cخواهم', '👩\u200d💻 می\u200cخواهم'],
])('a mark that %s', (_what, written, kept) => {
  expect(supply(written)).toMatchObject({ success: true, data: { text: kept } });
});

test('marks alone are no text', () => {
  expect(actSchema.safeParse({ act: 'appeal', service: 'docs', text: '\u202e\u2069' }).success).toBe(false);
});
