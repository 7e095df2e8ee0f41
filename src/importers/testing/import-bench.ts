import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { newMigratedSettings } from '../../../test/support/migrated-data-dir.ts';
import { openStores } from '../../storage/storage.ts';
import type { Database } from '../../storage/storage.ts';
import type { Importer } from '../importer.ts';
import { reportText } from '../report.ts';
import type { ImportReport } from '../report.ts';
import { runImport } from '../run-import.ts';
import type { RunImportOptions } from '../run-import.ts';

export interface Imported {
  readonly report: ImportReport;
  /** As the operator reads it; time stands still, so that it is the same at each run. */
  readonly text: string;
  /** The rejects file; '' when there is none. */
  readonly rejects: string;
}

/** An empty register, for tests of importers: one a test file, `clear()` between tests. */
export interface ImportBench {
  readonly db: Kysely<Database>;
  readonly run: (importer: Importer, path: string, options?: Partial<RunImportOptions>) => Promise<Imported>;
  readonly dryRun: (
    importer: Importer,
    path: string,
    options?: Partial<RunImportOptions>,
  ) => Promise<Imported>;
  /** Empties all tables of the register. */
  readonly clear: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export const benchTime = new Date('2026-11-22T08:00:00Z');

export async function openImportBench(): Promise<ImportBench> {
  const { DATA_DIR: dataDir, DATABASE_URL: databaseUrl } = await newMigratedSettings();
  const folder = await mkdtemp(join(tmpdir(), 'maillon-rejects-'));
  const stores = await openStores({ databaseUrl, dataDir, clock: () => benchTime });
  const { db } = stores;
  const rejectsPath = join(folder, 'rejects.csv');

  async function run(
    importer: Importer,
    path: string,
    options: Partial<RunImportOptions> = {},
  ): Promise<Imported> {
    const report = await runImport({
      db,
      clock: () => benchTime,
      importer,
      path,
      dryRun: false,
      rejectsPath,
      stopRequested: () => false,
      tell: () => undefined,
      ...options,
    });
    const rejects = await readFile(report.rejectsPath ?? rejectsPath, 'utf8').catch(() => '');
    return { report, text: reportText(report).replaceAll(rejectsPath, 'rejects.csv'), rejects };
  }

  return {
    db,
    run,
    dryRun: (importer, path, options) => run(importer, path, { ...options, dryRun: true }),
    async clear() {
      await sql`truncate organization, establishment, organization_word, register_record, register_import,
        register_change, register_review restart identity cascade`.execute(db);
    },
    async close() {
      await stores.close();
      await rm(dataDir, { recursive: true });
      await rm(folder, { recursive: true });
    },
  };
}
