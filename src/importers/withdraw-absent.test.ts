import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isSiren, parseSiret, readStatements, sirenOf } from '../organizations/organizations.ts';
import type { Source } from '../organizations/organizations.ts';
import { applyEstablishments, applyOrganizations, changesOf, undoImport } from '../register/register.ts';
import { administrations } from './administrations.ts';
import { benchTime, openImportBench } from './testing/import-bench.ts';
import type { ImportBench } from './testing/import-bench.ts';

const folder = mkdtempSync(join(tmpdir(), 'maillon-withdraw-'));
let bench: ImportBench;
beforeAll(async () => {
  bench = await openImportBench();
}, 120_000);
afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => bench.clear());

/** Invented ones: numbers of nine digits that begin with 0000, with the key that makes them right. */
const sirens = Array.from({ length: 300 }, (_, n) => String(n).padStart(9, '0'))
  .filter(isSiren)
  .slice(1, 13);
const [first = '', second = ''] = sirens;
const line = (siren: string, category = '7210') =>
  `${siren},COMMUNE FICTIVE ${siren},${category},True,False,True,True`;

function list(day: string, lines: readonly string[]): string {
  const path = join(folder, `liste_administrations_${day}.csv`);
  writeFileSync(path, `${[administrations.columns.join(','), ...lines].join('\n')}\n`);
  return path;
}
const lines = sirens.map((siren) => line(siren));
const old = () => list('2026-11-01', lines);

const rows = () => bench.db.selectFrom('organization').selectAll().orderBy('id').execute();
const statementOf = async (siren: string) => {
  const row = (await rows()).find(({ id }) => id === siren);
  return row === undefined ? undefined : readStatements(row.statements).administrations;
};
const isPublic = async (siren: string) => (await statementOf(siren))?.facts.publicService?.public;
const applying = (source: Source) => ({ source, asOf: '2026-10-01', now: benchTime });

describe('what a complete list no longer names', () => {
  it('is withdrawn by the newer list, counted by its dry run too, and given back by an undo', async () => {
    await bench.run(administrations, old());
    const before = await rows();
    const next = list('2026-11-08', lines.slice(2));
    const dry = await bench.dryRun(administrations, next);
    expect(dry.report.withdrawal).toEqual({ absent: 2, isRefused: false });
    expect(await rows()).toEqual(before);

    const { report, text } = await bench.run(administrations, next, { batchSize: 3 });
    expect(text).toContain('Withdrawn 2 that are no longer in the file\n');
    expect((await rows()).map(({ id }) => id)).toEqual(sirens.slice(2));
    expect(await changesOf(bench.db, [first], 9)).toMatchObject([
      { importId: report.id, reason: 'not in the complete list as of 2026-11-08', after: undefined },
    ]);
    const again = await bench.run(administrations, next);
    expect(again.report.withdrawal).toEqual({ absent: 0, isRefused: false });

    await undoImport(bench.db, again.report.id ?? 0, benchTime);
    await undoImport(bench.db, report.id ?? 0, benchTime);
    const facts = (all: typeof before) => all.map(({ id, name, statements }) => [id, name, statements]);
    expect(facts(await rows())).toEqual(facts(before));
  });

  it('keeps what others say of it', async () => {
    const siren = sirens.find(isSiren);
    await bench.run(administrations, old());
    const records = [{ siren, facts: { name: 'C', legalCategory: '7210' } }];
    await applyOrganizations(bench.db, records, applying('sirene'));
    await bench.run(administrations, list('2026-11-08', lines.slice(1)));
    expect((await rows())[0]).toMatchObject({ id: first, name: 'C' });
    expect(await statementOf(first)).toBeUndefined();
  });

  it('keeps its name where an establishment or a decision hangs on it, and loses what the list said', async () => {
    await bench.run(administrations, old());
    const siret = parseSiret(`${first}${sites.find((nic) => parseSiret(first + nic) !== undefined) ?? ''}`);
    if (siret === undefined) throw new Error('no SIRET');
    expect(sirenOf(siret)).toBe(first);
    const site = [{ siret, state: 'A', headOffice: true }] as const;
    await applyEstablishments(bench.db, site, applying('sirene'));
    await bench.db
      .updateTable('organization')
      .set({ suspended_at: benchTime })
      .where('id', '=', second)
      .execute();
    const next = list('2026-11-08', lines.slice(2));
    const { report } = await bench.run(administrations, next);
    expect(report.withdrawal?.absent).toBe(2);
    for (const siren of [first, second]) {
      expect((await statementOf(siren))?.facts).toEqual({
        name: `COMMUNE FICTIVE ${siren}`,
        legalCategory: '7210',
      });
    }
    expect((await rows())[1]?.suspended_at).toEqual(benchTime);
    expect((await bench.run(administrations, next)).report.withdrawal?.absent).toBe(0);
    await undoImport(bench.db, report.id ?? 0, benchTime);
    expect([await isPublic(first), await isPublic(second)]).toEqual([true, true]);
  });
});

const sites = Array.from({ length: 10 }, (_, n) => String(n + 1).padStart(5, '0'));

describe('what a list still names', () => {
  it('stays although its line is wrong', async () => {
    await bench.run(administrations, old());
    const wrong = [`${first},,7210,True,False,True,True`, line(second, 'x')];
    const path = list('2026-11-08', [...wrong, ...lines.slice(2)]);
    const { report } = await bench.run(administrations, path);
    expect(report).toMatchObject({ tally: { wrong: 2 }, withdrawal: { absent: 0 } });
  });

  it('stays when the import was interrupted after its line', async () => {
    await bench.run(administrations, old());
    const next = list('2026-11-08', [`${first},,7210,True,False,True,True`, ...lines.slice(1, 11)]);
    const stopped = bench.run(administrations, next, { batchSize: 4, stopRequested: () => true });
    await expect(stopped).rejects.toMatchObject({ code: 'M-IMPT-007' });
    expect(await rows()).toHaveLength(12);
    const { report } = await bench.run(administrations, next);
    expect(report).toMatchObject({ resumedAfter: 4, withdrawal: { absent: 1 } });
    expect((await rows()).map(({ id }) => id)).toEqual(sirens.slice(0, 11));
  });

  it('is not what an older list lacks', async () => {
    await bench.run(administrations, list('2026-11-08', lines));
    const { report } = await bench.run(administrations, list('2026-11-01', lines.slice(1)));
    expect(report.withdrawal).toEqual({ absent: 0, isRefused: false });
  });
});

it('withdraws nothing when more than a fifth would go, unless the operator says so', async () => {
  await bench.run(administrations, old());
  const next = list('2026-11-08', lines.slice(3));
  const { text } = await bench.run(administrations, next);
  expect(text).toContain(
    'Withdrawn 0: 3 are no longer in the file, more than a fifth of what the source holds. Is the file whole? If so: the same command with --withdraw\n',
  );
  expect(await isPublic(first)).toBe(true);
  const { report } = await bench.run(administrations, next, { withdraw: true });
  expect(report.withdrawal).toEqual({ absent: 3, isRefused: false });
  expect(await rows()).toHaveLength(9);
});

it('a dry run forgets each batch at once: what stands in two of them is new in both', async () => {
  const path = list('2026-11-01', [line(first), line(second), line(first)]);
  const dry = await bench.dryRun(administrations, path, { batchSize: 2 });
  expect(dry.report).toMatchObject({ id: undefined, tally: { new: 3, same: 0 } });
  const { report } = await bench.run(administrations, path, { batchSize: 2 });
  expect(report).toMatchObject({ id: 1, tally: { new: 2, same: 1 } });
});
