import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import { isSiren, isSiret } from '../organizations/organizations.ts';
import { applyOrganizations } from '../register/register.ts';
import { migrate, openStores } from '../storage/storage.ts';
import type { Stores } from '../storage/storage.ts';
import { withImportLock } from './lock.ts';
import { mendInterrupted } from './mend-interrupted.ts';
import { runImport } from './run-import.ts';
import type { RunImportOptions } from './run-import.ts';
import { sireneEstablishments } from './sirene-establishments.ts';

const now = new Date('2026-11-22T08:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'maillon-later-seats-'));
const path = join(folder, 'StockEtablissement_2026-11-01.csv');
const withKey = (digits: string, isRight: (text: string) => boolean): string =>
  Array.from({ length: 10 }, (_, key) => `${digits}${key}`).find(isRight) ?? '';
const sites = Array.from({ length: 7 }, (_, index) => {
  const siren = withKey(`9000000${index}`, isSiren);
  return { siren, siret: withKey(`${siren}0001`, isSiret), commune: `5600${index + 1}` };
});

function writeFile(): void {
  const { columns } = sireneEstablishments;
  const lines = sites.map(({ siren, siret, commune }) => {
    const cells = new Map([
      ['siren', siren],
      ['nic', siret.slice(9)],
      ['siret', siret],
      ['statutDiffusionEtablissement', 'O'],
      ['etablissementSiege', 'true'],
      ['codeCommuneEtablissement', commune],
      ['etatAdministratifEtablissement', 'A'],
    ]);
    return columns.map((column) => cells.get(column) ?? '').join(',');
  });
  writeFileSync(path, `${[columns.join(','), ...lines].join('\n')}\n`);
}

const postgres = await startPostgres('Communes of legal units, written beside an import');
afterAll(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true });
});

if (postgres !== undefined)
  describe('communes of legal units, written beside the batch after', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await openStores({
        databaseUrl: await postgres.createDatabase(),
        dataDir: 'unused',
        clock: () => now,
      });
      await migrate(stores, join(import.meta.dirname, '../../migrations'));
      const records = sites.flatMap(({ siren }) =>
        isSiren(siren) ? [{ siren, facts: { name: siren, legalCategory: '7210' } }] : [],
      );
      await applyOrganizations(stores.db, records, { source: 'sirene', asOf: '2026-11-01', now });
      writeFile();
    });
    afterAll(() => stores.close());

    const run = (options: Partial<RunImportOptions> = {}) =>
      runImport({
        db: stores.db,
        beside: stores.db,
        clock: () => now,
        importer: sireneEstablishments,
        path,
        dryRun: false,
        rejectsPath: join(folder, 'rejects.csv'),
        batchSize: 2,
        stopRequested: () => false,
        tell: () => undefined,
        ...options,
      });
    const communes = async () =>
      (await stores.db.selectFrom('organization').select('commune_code').orderBy('siren').execute()).map(
        (row) => row.commune_code,
      );
    const all = sites.map(({ commune }) => commune);

    it('are those of a dry run: none', async () => {
      await run({ dryRun: true });
      expect(await communes()).toEqual(sites.map(() => null));
    });

    it('are all there when somebody asked to stop, as far as the lines went', async () => {
      let asked = 0;
      const stopped = run({ stopRequested: () => (asked += 1) === 2 });
      await expect(stopped).rejects.toMatchObject({ code: 'M-IMPT-007' });
      expect(await communes()).toEqual([...all.slice(0, 4), null, null, null]);
    });

    it('are made good where a kill left them out, and nobody goes on with the import', async () => {
      await sql`update organization set commune_code = null where commune_code in ('56003', '56004')`.execute(
        stores.db,
      );
      // Whoever imports does it.
      await withImportLock(stores.db, () => mendInterrupted(stores.db));
      expect(await communes()).toEqual([...all.slice(0, 2), null, null, null, null, null]);
      await mendInterrupted(stores.db);
      expect(await communes()).toEqual([...all.slice(0, 4), null, null, null]);
    });

    it('are made good by the import that goes on, where a kill left them out', async () => {
      await sql`update organization set commune_code = null where commune_code in ('56003', '56004')`.execute(
        stores.db,
      );
      const { tally, resumedAfter } = await run();
      expect(resumedAfter).toBe(4);
      expect(tally).toMatchObject({ new: 7, wrong: 0, leftOut: 0 });
      expect(await communes()).toEqual(all);
    });
  });
