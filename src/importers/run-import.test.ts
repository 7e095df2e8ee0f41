import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { parseSiret } from '../organizations/organizations.ts';
import { listImports } from './import-records.ts';
import type { Importer } from './importer.ts';
import { domains } from './testing/domains-importer.ts';
import { openImportBench } from './testing/import-bench.ts';
import type { ImportBench } from './testing/import-bench.ts';

const folder = mkdtempSync(join(tmpdir(), 'maillon-run-import-'));
let bench: ImportBench;
beforeAll(async () => {
  bench = await openImportBench();
}, 120_000);
afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => bench.clear());

const siret = '13002526500013';
const line = (n: number, origin = 'x') => `d${n}.example;${siret};${origin};Jeanne Personne`;
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

function file(
  lines: readonly string[],
  name = 'domains_2026-11-01.csv',
  header = 'domain;siret;origin;person',
): string {
  const path = join(folder, name);
  writeFileSync(path, `${[header, ...lines].join('\n')}\n`);
  return path;
}

const records = async () =>
  (await bench.db.selectFrom('register_record').selectAll().orderBy('key').execute()).map(
    ({ key, record, source_date, import_id }) => ({ key, record, source_date, import_id }),
  );

describe('an import', () => {
  it('writes what the file says, and tells what became of each line', async () => {
    const path = file([line(1), 'nowhere;1;x;y', line(2), 'out.example;1;x;y', 'd3.example;1']);
    const { report, rejects, text } = await bench.run(domains, path);
    expect(report).toMatchObject({ lines: 5, tally: { new: 2, changed: 0, same: 0, wrong: 2, leftOut: 1 } });
    expect(rejects.split('\n')).toEqual([
      'line,kind,column,value,reason,explanation',
      '3,line,domain,nowhere,email_domain_malformed,Not a domain name like mairie-exemple.fr.',
      '6,line,,2 columns,column_count,The line has not as many columns as the header.',
      '',
    ]);
    expect(text).toBe(
      [
        'Source    email-domains: domains, for this test',
        'File      domains_2026-11-01.csv, 160 bytes, CSV, UTF-8, separator ";"',
        'As of     2026-11-01 (from the name of the file)',
        'Header    4 columns, as the register gives them',
        'Lines     5 read, 2 wrong, 1 left out',
        'Records   2 new, 0 changed, 0 same',
        'Values    0 wrong and left out, of lines that were kept',
        'Wrong     1 column_count: The line has not as many columns as the header.',
        'Wrong     1 email_domain_malformed: Not a domain name like mairie-exemple.fr.',
        'Left out  1 not_wanted: of a kind that Maillon has no use for',
        'Rejects   rejects.csv',
        'Time      less than a second',
        'Result    Import 1 is finished. To take it back: maillon import undo 1',
      ].join('\n'),
    );
    expect(JSON.stringify(await records())).not.toContain('Personne');
  });

  it('keeps a line without the value that is wrong in it, and names the value', async () => {
    const path = file([line(1, 'long one'), line(2), line(3, 'long two')]);
    const { report, rejects, text } = await bench.run(domains, path);
    expect(report).toMatchObject({ lines: 3, tally: { new: 3, wrong: 0, leftOut: 0 } });
    expect(report.wrongValues).toEqual(new Map([['too_long', 2]]));
    expect(text).toContain('Lines     3 read, 0 wrong, 0 left out\n');
    expect(text).toContain('Values    2 wrong and left out, of lines that were kept\nValue     2 too_long: ');
    expect(rejects.split('\n').map((row) => row.slice(0, 33))).toEqual([
      'line,kind,column,value,reason,exp',
      '2,value,origin,long one,too_long,',
      '4,value,origin,long two,too_long,',
      '',
    ]);
    expect(JSON.stringify(await records())).not.toContain('long');
  });

  it('of the same file again changes nothing, and says that it was there', async () => {
    const path = file(range(0, 50).map((n) => line(n)));
    await bench.run(domains, path);
    const before = await records();
    const again = await bench.run(domains, path, { batchSize: 7 });
    expect(again.report.tally).toEqual({ new: 0, changed: 0, same: 50, wrong: 0, leftOut: 0 });
    expect(again.text).toContain('This very file was imported before (import 1, 2026-11-22).');
    expect(await records()).toEqual(before);
    expect(existsSync(again.report.rejectsPath ?? 'rejects.csv')).toBe(false);
  });

  it('of the next file counts what changed', async () => {
    await bench.run(domains, file(range(0, 10).map((n) => line(n))));
    const next = file([...range(0, 8).map((n) => line(n)), line(8, 'y'), line(10)], 'domains_2026-12-01.csv');
    const { report } = await bench.run(domains, next, { clock: () => new Date('2026-12-02T08:00:00Z') });
    expect(report.tally).toMatchObject({ new: 1, changed: 1, same: 8 });
  });

  it('counts what one batch says twice in the same words once, and refuses what it says in others', async () => {
    const { report, rejects } = await bench.run(domains, file([line(1), line(1), line(2), line(2, 'other')]));
    expect(report.tally).toMatchObject({ new: 2, same: 1, wrong: 1 });
    expect(rejects).toContain(`4,line,,d2.example/${siret},twice_in_batch`);
  });

  it('of a header alone is finished at once', async () => {
    const { report } = await bench.run(domains, file([]));
    expect(report).toMatchObject({ lines: 0, tally: { new: 0, wrong: 0 } });
    expect(await listImports(bench.db, 9)).toMatchObject([{ state: 'finished', position: 0 }]);
  });

  test.each(['dry run', 'import'])(
    'reads Latin-1, other orders and other separators, and says so (%s)',
    async (kind) => {
      const path = join(folder, 'latin1_2026-11-01.csv');
      writeFileSync(path, Buffer.from(`siret|domain|extra\n${siret}|d1.example|été\n`, 'latin1'));
      const { text, report } = await bench.run(domains, path, { separator: '|', dryRun: kind === 'dry run' });
      expect(report.tally.new).toBe(1);
      expect(text).toContain('CSV, Windows-1252 (Latin-1), separator "|"');
      expect(text).toContain(
        '2 columns; missing, not needed: origin, person; not known, not read: extra; in another order than the register gives',
      );
      expect(text).toContain('The register does not usually write its letters so');
    },
  );

  it('asked for UTF-8, refuses or leaves out what is not, by its column', async () => {
    const path = join(folder, 'mixed_2026-11-01.csv');
    const bad = Buffer.from(`dé.example;${siret};x;y\n`, 'latin1');
    const worse = Buffer.from(`d.example;${siret};é;y\n`, 'latin1');
    writeFileSync(
      path,
      Buffer.concat([Buffer.from(`domain;siret;origin;person\né.example;${siret};x;y\n`), bad, worse]),
    );
    await expect(bench.run(domains, path)).rejects.toMatchObject({ code: 'M-IMPT-005' });
    const { report, rejects } = await bench.run(domains, path, { encoding: 'utf-8' });
    expect(report.tally).toMatchObject({ new: 2, wrong: 1 });
    expect(rejects).toContain('3,line,domain,d\uFFFD.example,not_utf8');
    expect(rejects).toContain('4,value,origin,\uFFFD,not_utf8');
  });
});

describe('a dry run', () => {
  it('counts as the import does, batches apart included, and writes nothing', async () => {
    await bench.run(
      domains,
      file(
        range(0, 30).map((n) => line(n)),
        'before_2026-10-01.csv',
      ),
    );
    const before = await records();
    const path = file([
      ...range(0, 20).map((n) => line(n)),
      ...range(20, 40).map((n) => line(n, 'y')),
      'no;1;x;y',
      line(39, 'y'),
      line(0, 'long'),
    ]);
    const dry = await bench.dryRun(domains, path, { batchSize: 6 });
    expect(dry.text).toContain('Dry run: nothing was written.');
    expect(await records()).toEqual(before);
    expect(await listImports(bench.db, 9)).toHaveLength(1);
    const real = await bench.run(domains, path, { batchSize: 6 });
    expect(dry.report.tally).toEqual(real.report.tally);
    expect(real.report.tally).toEqual({ new: 10, changed: 11, same: 21, wrong: 1, leftOut: 0 });
    expect(dry.report.wrongValues).toEqual(real.report.wrongValues);
    expect(dry.rejects).toBe(real.rejects);
  });
});

it('a dry run that is stopped says that nothing was written', async () => {
  const path = file(range(0, 30).map((n) => line(n)));
  const stopped = bench.dryRun(domains, path, { batchSize: 10, stopRequested: () => true });
  await expect(stopped).rejects.toThrow('M-IMPT-007: It was a dry run: nothing was written.');
  expect(await records()).toEqual([]);
});

describe('an import that is interrupted', () => {
  const lines = [
    ...range(0, 25).map((n) => line(n)),
    'no1;1;x;y',
    ...range(25, 49).map((n) => line(n)),
    line(49, 'long'),
    'no2;1;x;y',
  ];
  /** Asks to stop after so many batches. */
  const after = (batches: number) => {
    let asked = 0;
    return () => ++asked >= batches;
  };

  it('ends after the batch under way, says how to go on, and goes on there', async () => {
    const path = file(lines);
    const told: string[] = [];
    const stop = { batchSize: 10, stopRequested: after(3), tell: (text: string) => void told.push(text) };
    await expect(bench.run(domains, path, stop)).rejects.toMatchObject({ code: 'M-IMPT-007' });
    expect(told).toEqual([
      'Import 1 holds the first 30 lines of domains_2026-11-01.csv. The same command goes on from there; maillon import undo 1 takes them back.',
    ]);
    expect(await listImports(bench.db, 9)).toMatchObject([
      { state: 'running', position: 30, tally: { new: 29, wrong: 1 } },
    ]);
    expect(await records()).toHaveLength(29);

    const rest = await bench.run(domains, path, { batchSize: 7 });
    expect(rest.report).toMatchObject({
      id: 1,
      resumedAfter: 30,
      lines: 52,
      tally: { new: 50, same: 0, wrong: 2 },
    });
    expect(rest.text).toContain('Import 1 was interrupted: this run went on after line 30 of the data.');
    expect(rest.rejects.split('\n').map((text) => text.slice(0, 14))).toEqual([
      'line,kind,colu',
      '27,line,domain',
      '52,value,origi',
      '53,line,domain',
      '',
    ]);
    expect(await listImports(bench.db, 9)).toMatchObject([{ state: 'finished', position: 52 }]);
  });

  it('keeps the batches before a line that is broken beyond reading', async () => {
    const told: string[] = [];
    const path = file([...range(0, 12_000).map((n) => line(n)), '"x;1;x;y', line(2)]);
    const failing = bench.run(domains, path, { batchSize: 1_000, tell: (text) => void told.push(text) });
    await expect(failing).rejects.toThrow(/^M-IMPT-006: .* line 12002 opens/);
    expect(told).toEqual([
      expect.stringMatching(
        /^Import 1 holds the first [1-9 0]+ lines .* To import it once mended: maillon import undo 1/,
      ),
    ]);
  });

  it('is finished or undone before another file', async () => {
    const path = file(lines);
    await bench.run(domains, path, { batchSize: 10, stopRequested: after(1) }).catch(() => undefined);
    const other = file([line(1)], 'other_2026-11-01.csv');
    for (const dryRun of [false, true])
      await expect(bench.run(domains, other, { dryRun })).rejects.toMatchObject({
        code: 'M-IMPT-004',
        detail:
          'Import 1 (email-domains, domains_2026-11-01.csv) stopped after 10 lines. To go on: maillon import email-domains with the same file. To give it up: maillon import undo 1.',
      });
    await expect(bench.run(domains, path, { asOf: '2026-10-01' })).rejects.toThrow(
      'M-IMPT-004: Import 1 reads this file as of 2026-11-01.',
    );
  });

  it('before its first batch leaves nothing behind', async () => {
    const dinum = parseSiret(siret);
    if (dinum === undefined) throw new Error('not a SIRET');
    // The source is none that may speak of establishments: the first batch fails.
    const items = [
      { kind: 'establishment', record: { siret: dinum, state: 'A', headOffice: true } },
    ] as const;
    const failing = bench.run({ ...domains, read: () => ({ items }) }, file(lines));
    await expect(failing).rejects.toMatchObject({ code: 'M-IMPT-009' });
    const { report } = await bench.run(domains, file([line(1)], 'other_2026-11-01.csv'));
    expect(report.tally.new).toBe(1);
    expect(await listImports(bench.db, 9)).toMatchObject([{ id: 2, state: 'finished' }]);
  });
});

describe('nothing is written', () => {
  test.each<[string, Parameters<typeof file>, string]>([
    ['a column that is needed is missing', [['x;y'], 'a_2026-11-01.csv', 'domain;person'], 'M-IMPT-002'],
    ['the separator is another one', [['x,y'], 'b_2026-11-01.csv', 'domain,siret,origin'], 'M-IMPT-002'],
    ['the name of the file lies ahead', [[line(1)], 'c_2062-11-01.csv'], 'M-IMPT-001'],
  ])('when %s', async (_name, given, code) => {
    await expect(bench.run(domains, file(...given))).rejects.toMatchObject({ code });
    expect(await listImports(bench.db, 9)).toEqual([]);
  });

  it('when the rejects file is somebody else’s', async () => {
    const path = file([line(1)]);
    await expect(bench.run(domains, path, { rejectsPath: path })).rejects.toMatchObject({
      code: 'M-IMPT-010',
    });
    expect(await listImports(bench.db, 9)).toEqual([]);
  });

  it('of a column that the importer does not declare: it cannot be read', async () => {
    const nosy: Importer = {
      ...domains,
      read: (row) => ({ leftOut: row.get('person') === '' ? 'not_wanted' : 'natural_person' }),
    };
    await expect(bench.run(nosy, file([line(1)]))).rejects.toThrow(
      'importer email-domains reads the column "person", which it does not declare',
    );
  });
});
