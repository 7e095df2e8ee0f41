import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it, test } from 'vitest';
import { openRejects, rejectsText } from './rejects.ts';
import type { Reject } from './rejects.ts';

const folder = mkdtempSync(join(tmpdir(), 'maillon-rejects-'));
const path = join(folder, 'rejects.csv');
beforeEach(() => rmSync(path, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

const reject = (line: number, value = 'x'): Reject => ({
  line,
  kind: 'line',
  column: 'siren',
  value,
  reason: 'siren_key',
});
const lines = () =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((text) => Number.parseInt(text, 10));

describe('one reject', () => {
  test.each([
    ['123', '123'],
    ['=HYPERLINK("x")', `'=HYPERLINK("x")`],
    ['+33', `'+33`],
    ['-1', `'-1`],
    ['@x', `'@x`],
    ['a\nb\u2028c\u202Ed', 'a b c d'],
    ['é'.repeat(81), `${'é'.repeat(79)}…`],
  ])('shows %j as %j', (value, shown) => {
    expect(parse(rejectsText([reject(2, value)]))).toEqual([
      ['2', 'line', 'siren', shown, 'siren_key', expect.stringContaining('Luhn')],
    ]);
  });

  it('is one line of text, with at most 81 characters of the value, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0x10_ffff }), { maxLength: 200 }), (codes) => {
        const text = rejectsText([reject(2, String.fromCodePoint(...codes))]);
        expect(text.trimEnd()).not.toMatch(/[\n\r]/);
        expect(text.length).toBeLessThan(81 * 2 + 160);
      }),
    );
  });
});

describe('the file', () => {
  it('is deleted when nothing was wrong', async () => {
    const file = await openRejects(path);
    await file.close();
    expect(existsSync(path)).toBe(false);
  });

  it('replaces that of an import before', async () => {
    for (const line of [5, 7]) {
      const file = await openRejects(path);
      await file.add([reject(line)]);
      await file.close();
    }
    expect(lines()).toEqual([7]);
  });

  it('goes on after what the interrupted import had committed', async () => {
    const file = await openRejects(path);
    await file.add([reject(5), reject(6), reject(9), reject(12)]);
    await file.close();
    const again = await openRejects(path, { keepBefore: 9 });
    await again.add([reject(9), reject(10)]);
    await again.close();
    expect(lines()).toEqual([5, 6, 9, 10]);
  });

  it('is not written over something else', async () => {
    writeFileSync(path, 'name,e-mail\n');
    await expect(openRejects(path)).rejects.toMatchObject({ code: 'M-IMPT-010' });
    expect(readFileSync(path, 'utf8')).toBe('name,e-mail\n');
  });

  test.each([folder, join(folder, 'nowhere', 'rejects.csv')])('cannot be %s', async (where) => {
    await expect(openRejects(where)).rejects.toMatchObject({ code: 'M-IMPT-010' });
  });
});
