import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { csvRows } from './csv.ts';
import type { TableRow } from './table-file.ts';

async function rowsOf(text: string, { separator = ';', chunk = 7 } = {}): Promise<readonly TableRow[]> {
  const bytes = Buffer.from(text);
  const parts = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, index) =>
    bytes.subarray(index * chunk, (index + 1) * chunk),
  );
  const found: TableRow[] = [];
  for await (const some of csvRows(Readable.from(parts), { path: 'f.csv', separator })) found.push(...some);
  return found;
}

const lines = async (text: string) => (await rowsOf(text)).map(({ line, values }) => [line, ...values]);

describe('lines are told apart, and numbered as an editor does', () => {
  test.each<[string, string, (string | number)[][]]>([
    [
      'line feeds',
      'a;b\n1;2\n3;4\n',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
        [3, '3', '4'],
      ],
    ],
    [
      'carriage returns too, and no last line end',
      'a;b\r\n1;2\r\n3;4',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
        [3, '3', '4'],
      ],
    ],
    [
      'both in one file',
      'a;b\r\n1;2\n3;4\r\n',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
        [3, '3', '4'],
      ],
    ],
    [
      'empty lines count, and say nothing',
      'a;b\n\n1;2\n\n\n3;4\n',
      [
        [1, 'a', 'b'],
        [3, '1', '2'],
        [6, '3', '4'],
      ],
    ],
    [
      'a value over three lines',
      'a;b\n"x\ny\nz";2\n3;4\n',
      [
        [1, 'a', 'b'],
        [2, 'x\ny\nz', '2'],
        [5, '3', '4'],
      ],
    ],
    [
      'the same with carriage returns',
      'a;b\r\n"x\r\ny";2\r\n3;4\r\n',
      [
        [1, 'a', 'b'],
        [2, 'x\r\ny', '2'],
        [4, '3', '4'],
      ],
    ],
    [
      'quotation marks doubled',
      'a;b\n"l""Étoile";""\n',
      [
        [1, 'a', 'b'],
        [2, 'l"Étoile', ''],
      ],
    ],
    [
      'a quotation mark inside a bare value',
      'a;b\nles "amis";2\n',
      [
        [1, 'a', 'b'],
        [2, 'les "amis"', '2'],
      ],
    ],
    [
      'separators inside quotation marks',
      'a;b\n"x;y";2\n',
      [
        [1, 'a', 'b'],
        [2, 'x;y', '2'],
      ],
    ],
  ])('%s', async (_name, text, expected) => {
    expect(await lines(text)).toEqual(expected);
  });

  it('whatever the values, where they are cut into chunks, and the line numbers of each', async () => {
    const value = fc
      .oneof(fc.string(), fc.stringMatching(/^[";,\n a]{0,8}$/))
      .map((text) => text.replaceAll('\r', ''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(value, value, fc.constant('end')), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 9 }),
        async (records, chunk) => {
          const found = await rowsOf(stringify(records, { delimiter: ';' }), { chunk });
          expect(found.map(({ values }) => values)).toEqual(records);
          let line = 1;
          for (const [index, record] of records.entries()) {
            expect(found[index]?.line).toBe(line);
            line += 1 + record.join('').split('\n').length - 1;
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('what breaks', () => {
  it('a line with too few or too many columns is told, and the next ones are read', async () => {
    const found = await rowsOf('a;b\n1\n1;2;3\n4;5\n');
    expect(found.map(({ line, wrong }) => [line, wrong])).toEqual([
      [1, undefined],
      [2, 'column_count'],
      [3, 'column_count'],
      [4, undefined],
    ]);
  });

  it('a quotation mark that nobody closes ends the reading, with its line', async () => {
    await expect(rowsOf('a;b\n1;2\n"3;4\n5;6\n')).rejects.toMatchObject({
      code: 'M-IMPT-006',
      detail: 'f.csv: line 3 opens a quotation mark that nothing closes.',
    });
  });

  it('and does not swallow more than a megabyte before', async () => {
    const text = `a;b\n"x;${'y'.repeat(1000)}\n`.padEnd(1_200_000, 'z;z\n');
    await expect(rowsOf(text, { chunk: 65_536 })).rejects.toMatchObject({
      code: 'M-IMPT-006',
      detail:
        'f.csv: line 2 begins a record of more than 1 MB: a quotation mark may be missing there, or a value is far too long.',
    });
  });

  it('and blames no quotation mark where the file has none', async () => {
    const text = `a;b\n1;2\n3;${'y'.repeat(3_000_000)}\n`;
    await expect(rowsOf(text, { chunk: 65_536 })).rejects.toMatchObject({
      code: 'M-IMPT-006',
      detail: 'f.csv: line 3 begins a record of more than 1 MB: a value is far too long.',
    });
  });
});
