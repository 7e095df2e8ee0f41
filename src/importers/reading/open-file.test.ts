import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { ZipFile } from 'yazl';
import type { Options } from 'yazl';
import { inspect } from './inspect.ts';
import { openDataFile } from './open-file.ts';
import { openTable } from './open-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'maillon-files-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const csv = 'siren,name\n130025265,DINUM\n214401093,Élan\n';

async function zip(
  name: string,
  entries: Readonly<Record<string, string>>,
  options: Partial<Options> = {},
): Promise<void> {
  const made = new ZipFile();
  for (const [entry, text] of Object.entries(entries)) made.addBuffer(Buffer.from(text), entry, options);
  made.end();
  await pipeline(made.outputStream, createWriteStream(at(name)));
}

/** Cuts, or changes one byte in the middle. */
function damaged(name: string, from: string, how: 'cut' | 'changed'): void {
  const bytes = readFileSync(at(from));
  if (how === 'changed') bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
  writeFileSync(at(name), how === 'cut' ? bytes.subarray(0, bytes.length - 30) : bytes);
}

async function tableOf(name: string, zipEntry?: RegExp) {
  const file = await openDataFile(at(name), { zipEntry });
  const inspection = await inspect(file, undefined);
  const table = await openTable(file, inspection, { separator: ',', wanted: (header) => header });
  const rows: (readonly string[])[] = [];
  for await (const some of table.rows)
    rows.push(...some.map(({ line, values }) => [String(line), ...values]));
  await table.close();
  expect(table.fraction()).toBe(1);
  return { name: file.name, form: inspection.form, header: table.header, rows };
}

const long = `siren,name\n${Array.from({ length: 5_000 }, (_, n) => `${n},${Math.imul(n, 2_654_435_761)}`).join('\n')}\n`;

beforeAll(async () => {
  writeFileSync(at('plain.csv'), csv);
  writeFileSync(at('packed.csv.gz'), gzipSync(csv));
  writeFileSync(
    at('list.json'),
    '[{"siren":"130025265","name":"DINUM"},{"siren":"214401093","name":"Élan"}]',
  );
  writeFileSync(at('list.json.gz'), gzipSync(readFileSync(at('list.json'))));
  await zip('packed.zip', {
    'stock.csv': csv,
    'lisez-moi.txt': 'x',
    '__MACOSX/stock.csv': 'x',
    'notice.pdf': 'x',
  });
  await zip('several.zip', { 'donnees_communes.csv': csv, 'donnees_cantons.csv': 'x' });
  parquetWriteFile({
    filename: at('stock.parquet'),
    columnData: [
      { name: 'siren', data: ['130025265', '214401093'], type: 'STRING' },
      { name: 'name', data: ['DINUM', 'Élan'], type: 'STRING' },
    ],
  });
  writeFileSync(at('long.csv.gz'), gzipSync(long));
  await zip('long.zip', { 'long.csv': long });
});

describe('one table, whatever it is packed in', () => {
  test.each<[string, string, string, [number, number], RegExp?]>([
    ['plain.csv', 'plain.csv', 'csv', [2, 3]],
    ['packed.csv.gz', 'packed.csv', 'csv', [2, 3]],
    ['packed.zip', 'stock.csv', 'csv', [2, 3]],
    ['several.zip', 'donnees_communes.csv', 'csv', [2, 3], /communes/],
    ['list.json', 'list.json', 'json', [1, 2]],
    ['list.json.gz', 'list.json', 'json', [1, 2]],
    ['stock.parquet', 'stock.parquet', 'parquet', [1, 2]],
  ])('%s', async (given, name, form, [first, second], zipEntry) => {
    expect(await tableOf(given, zipEntry)).toEqual({
      name,
      form,
      header: ['siren', 'name'],
      rows: [
        [String(first), '130025265', 'DINUM'],
        [String(second), '214401093', 'Élan'],
      ],
    });
  });

  it('of a zip with the date of the data in it, where it has one', async () => {
    const dateOf = async (mtime: Date) => {
      await zip('dated.zip', { 'stock.csv': csv }, { mtime });
      return (await openDataFile(at('dated.zip'))).packedAt?.toISOString().slice(0, 10);
    };
    expect(await dateOf(new Date('2026-11-01T12:00:00Z'))).toBe('2026-11-01');
    expect(await dateOf(new Date('1980-01-01T12:00:00Z'))).toBeUndefined();
    expect((await openDataFile(at('plain.csv'))).packedAt).toBeUndefined();
  });

  it('Parquet by slices, over several row groups, with values as a CSV would write them', async () => {
    const size = 60_000;
    const numbers = Array.from({ length: size }, (_, n) => n);
    parquetWriteFile({
      filename: at('large.parquet'),
      rowGroupSize: 55_000,
      columnData: [
        { name: 'text', data: numbers.map(String), type: 'STRING' },
        { name: 'number', data: numbers.map((n) => (n % 7 === 0 ? null : n)), type: 'INT32', nullable: true },
        { name: 'long', data: numbers.map(BigInt), type: 'INT64' },
        { name: 'flag', data: numbers.map((n) => n % 2 === 0), type: 'BOOLEAN' },
        { name: 'day', data: numbers.map(() => new Date('2015-03-01T00:00:00Z')), type: 'TIMESTAMP' },
      ],
    });
    const { rows } = await tableOf('large.parquet');
    expect(rows).toHaveLength(size);
    for (const n of [0, 999, 1_000, 49_999, 50_000, 54_999, 55_000, 59_999])
      expect(rows[n]).toEqual([
        String(n + 1),
        String(n),
        n % 7 === 0 ? '' : String(n),
        String(n),
        String(n % 2 === 0),
        '2015-03-01',
      ]);
  });
});

describe('what is refused before anything is written', () => {
  beforeAll(async () => {
    writeFileSync(at('empty.csv'), '');
    writeFileSync(at('blank.csv'), '\uFEFF \n\n');
    writeFileSync(at('binary.csv'), Buffer.from('siren,name\n1,\0\n'));
    writeFileSync(at('object.json'), '[]');
    writeFileSync(at('cut.json'), '[{"siren":"1"},');
    mkdirSync(at('folder'));
    await zip('workbook.xlsx', { '[Content_Types].xml': 'x', 'xl/workbook.xml': 'x' });
    await zip('sheet.ods', { mimetype: 'x', 'content.xml': 'x' });
    await zip('none.zip', { 'readme.md': 'x' });
    for (const how of ['cut', 'changed'] as const) {
      damaged(`${how}.csv.gz`, 'long.csv.gz', how);
      damaged(`${how}.zip`, 'long.zip', how);
      damaged(`${how}.parquet`, 'stock.parquet', 'cut');
    }
    // 128 MB of one letter: a thousand times smaller once packed.
    writeFileSync(at('bomb.csv.gz'), gzipSync(Buffer.alloc(128 * 1024 * 1024, 0x61)));
  });

  test.each([
    ['absent.csv', 'there is no such file.'],
    ['folder', 'it is a folder.'],
    ['empty.csv', 'it is empty.'],
    ['blank.csv', 'there is nothing in it.'],
    ['binary.csv', 'it is no text: it holds bytes of value zero.'],
    ['object.json', 'it is neither a table, nor JSON objects.'],
    ['cut.json', 'it is cut short: the array in it does not end.'],
    ['none.zip', 'the zip holds no data.'],
    ['workbook.xlsx', 'it is a spreadsheet: save it as CSV, and import that.'],
    ['sheet.ods', 'it is a spreadsheet: save it as CSV, and import that.'],
    [
      'several.zip',
      'the zip holds 2 files (donnees_communes.csv, donnees_cantons.csv…): unpack the one you mean.',
    ],
    ['cut.csv.gz', 'it is cut short or damaged (unexpected end of file).'],
    ['changed.csv.gz', 'it is cut short or damaged ('],
    ['cut.zip', 'it is cut short, or not a zip.'],
    ['changed.zip', 'it is cut short or damaged ('],
    ['cut.parquet', 'it is cut short, or not Parquet.'],
    ['bomb.csv.gz', 'it unpacks to more than 250 times its size.'],
  ])('%s: %s', async (name, why) => {
    await expect(tableOf(name)).rejects.toThrow(`M-IMPT-001: ${at(name)}: ${why}`);
  });
});
