import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { banatic } from './banatic.ts';
import { communes } from './communes.ts';
import { dpnt } from './dpnt.ts';
import { populations } from './populations.ts';
import { openImportBench } from './testing/import-bench.ts';
import type { ImportBench } from './testing/import-bench.ts';

const samples = join(import.meta.dirname, '../../test/samples/territories');

describe('the sample files', () => {
  let bench: ImportBench;
  let folder: string;
  beforeAll(async () => {
    bench = await openImportBench();
    folder = await mkdtemp(join(tmpdir(), 'maillon-territories-'));
  });
  beforeEach(() => bench.clear());
  afterAll(async () => {
    await bench.close();
    await rm(folder, { recursive: true });
  });

  it.each([
    ['v_commune_2026.csv', communes, undefined],
    ['donnees_communes.csv', populations, '2026-01-01'],
    ['perimetre-epci-2026-01-01.csv', banatic, undefined],
    ['dpnt-quotidien.csv', dpnt, '2026-11-20'],
    ['dpnt-quotidien.json', dpnt, '2026-11-20'],
  ])('%s: the report of a dry run', async (file, importer, asOf) => {
    const { text, rejects } = await bench.dryRun(importer, join(samples, file), { asOf });
    await expect(`${text}\n\n${rejects}`).toMatchFileSnapshot(join(samples, `${file}.report.txt`));
    expect(await bench.db.selectFrom('register_record').selectAll().execute()).toEqual([]);
  });

  it('is read packed with gzip, and imported once only', async () => {
    const path = join(folder, 'dpnt-quotidien.json.gz');
    await writeFile(path, gzipSync(await readFile(join(samples, 'dpnt-quotidien.json'))));
    const first = await bench.run(dpnt, path, { asOf: '2026-11-20' });
    expect(first.report.tally).toMatchObject({ changed: 0, wrong: 3, leftOut: 2 });
    expect(first.report.tally.new).toBeGreaterThan(20);
    const again = await bench.run(dpnt, path, { asOf: '2026-11-20' });
    expect(again.report.tally).toMatchObject({ new: 0, changed: 0 });
    expect(await bench.db.selectFrom('establishment').selectAll().execute()).toEqual([]);
  });
});
